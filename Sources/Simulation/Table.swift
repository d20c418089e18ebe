import Model

/// Values found by key, side by side in memory: a dictionary whose values can be read and changed in
/// their place. A dictionary hands out copies, which is slow where a value has as many parts as a
/// machine has. No order is promised.
///
/// Public only to be specialized in the targets that use it.
public struct Table<Key: TableKey, Value: Sendable & Codable>: Sendable {
    public private(set) var keys: [Key] = []
    public private(set) var values: [Value] = []
    /// The keys' tags, looked through while there are few.
    @usableFromInline var tags: [UInt64] = []
    /// Filled once there are more.
    @usableFromInline var positions: [Key: Int] = [:]

    public init() {}

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }
    public func contains(_ key: Key) -> Bool { position(of: key) != nil }

    /// A copy of the value, or nil; setting nil takes it out.
    public subscript(key: Key) -> Value? {
        @inlinable get {
            guard let position = position(of: key) else { return nil }
            return values[position]
        }
        set {
            guard let newValue else {
                remove(key)
                return
            }
            if let position = position(of: key) {
                values[position] = newValue
            } else {
                append(newValue, for: key)
            }
        }
    }

    /// One property of a value; nil when the key is not there.
    public subscript<Property>(key: Key, property: KeyPath<Value, Property>) -> Property? {
        @inlinable @inline(__always) get {
            guard let position = position(of: key) else { return nil }
            return values.withUnsafeBufferPointer { $0[position][keyPath: property] }
        }
    }

    /// Where in `values` its value lies, until another one is added or taken out; there its parts
    /// can be read one by one.
    @inlinable
    public func position(of key: Key) -> Int? {
        if tags.count > Self.mostScanned { return positions[key] }
        let tag = key.tag
        for position in tags.indices where tags[position] == tag && keys[position] == key {
            return position
        }
        return nil
    }

    /// Writes one property of a value in its place; nothing when the key is not there.
    @inline(__always)
    mutating func set<Property>(
        _ property: WritableKeyPath<Value, Property>, of key: Key, to new: Property
    ) {
        guard let position = position(of: key) else { return }
        values[position][keyPath: property] = new
    }

    /// Changes a value in its place; nil when the key is not there.
    @inline(__always) @discardableResult
    mutating func update<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
        guard let position = position(of: key) else { return nil }
        return change(&values[position])
    }

    @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let position = position(of: key) else { return nil }
        positions[key] = nil
        let (last, tag) = (keys.removeLast(), tags.removeLast())
        var value = values.removeLast()
        if position < keys.count {
            keys[position] = last
            tags[position] = tag
            swap(&values[position], &value)
            if !positions.isEmpty { positions[last] = position }
        }
        if keys.count <= Self.mostScanned { positions = [:] }
        return value
    }

    private mutating func append(_ value: Value, for key: Key) {
        keys.append(key)
        tags.append(key.tag)
        values.append(value)
        if positions.isEmpty, keys.count > Self.mostScanned {
            for position in keys.indices { positions[keys[position]] = position }
        } else if !positions.isEmpty {
            positions[key] = keys.count - 1
        }
    }

    @inlinable static var mostScanned: Int { 16 }
}

/// What a table is looked through by.
public protocol TableKey: Hashable, Sendable, Codable {
    /// The same for equal keys, and seldom for others.
    var tag: UInt64 { get }
}

extension NodeName: TableKey {
    package var tag: UInt64 { hash }
}

extension ObjectUID: TableKey {
    package var tag: UInt64 { beginning }
}

extension Table: Sequence {
    public func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> {
        zip(keys, values).lazy.map { (key: $0, value: $1) }.makeIterator()
    }
}

extension Table: Codable {
    public init(from decoder: any Decoder) throws {
        for (key, value) in try [Key: Value](from: decoder) { self[key] = value }
    }

    public func encode(to encoder: any Encoder) throws {
        try Dictionary(uniqueKeysWithValues: zip(keys, values)).encode(to: encoder)
    }
}
