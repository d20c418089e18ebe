/// `name = value` somewhere in a file.
struct AttributeRecord {
    private var nameStart: UInt32
    private var nameEnd: UInt32
    private let valueNode: UInt32
    private let blockIndex: UInt32
    fileprivate let hash: UInt32

    init(name: Range<Int>, value: Int, block: Int?, hash: UInt32 = 0) {
        nameStart = UInt32(truncatingIfNeeded: name.lowerBound)
        nameEnd = UInt32(truncatingIfNeeded: name.upperBound)
        valueNode = UInt32(truncatingIfNeeded: value)
        blockIndex = block.map { UInt32(truncatingIfNeeded: $0) } ?? .max
        self.hash = hash
    }

    /// Follows the bytes when some in front of it have changed in number.
    mutating func move(by distance: Int, behind offset: Int) {
        guard name.lowerBound > offset else { return }
        nameStart = UInt32(truncatingIfNeeded: Int(nameStart) + distance)
        nameEnd = UInt32(truncatingIfNeeded: Int(nameEnd) + distance)
    }

    mutating func move(by shift: Shift) {
        let moved = shift.moved(name)
        nameStart = UInt32(truncatingIfNeeded: moved.lowerBound)
        nameEnd = UInt32(truncatingIfNeeded: moved.upperBound)
    }

    /// The bytes of the name.
    var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    /// Index of the value's node.
    var value: Int { Int(valueNode) }
    /// Index of the block it stands in, or nil at the top of the file.
    var block: Int? { blockIndex == .max ? nil : Int(blockIndex) }
}

/// A hash table from block and name to attribute. It holds no copies of the names, which a
/// dictionary would. Names are compared byte by byte: Terraform does not normalise them.
struct AttributeIndex {
    /// Indices of attributes, -1 where free. The count is a power of two.
    private var slots: [Int32] = []
    private var used = 0

    static func hash(_ name: ArraySlice<UInt8>, block: Int?) -> UInt32 {
        var hash: UInt64 = seed ^ UInt64(truncatingIfNeeded: (block ?? -1) &* 0x9E37_79B9)
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    func find(
        _ name: ArraySlice<UInt8>, block: Int?, hash: UInt32,
        in attributes: [AttributeRecord], _ bytes: [UInt8]
    ) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let known = attributes[Int(slots[slot])]
            if known.hash == hash, known.block == block, bytes[known.name].elementsEqual(name) {
                return Int(slots[slot])
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds the last of the attributes.
    mutating func insertLast(of attributes: [AttributeRecord]) {
        used += 1
        if used * 2 > slots.count {
            slots = [Int32](repeating: -1, count: max(16, slots.count * 4))
            for index in attributes.indices { place(index, hash: attributes[index].hash) }
        } else if let last = attributes.last {
            place(attributes.count - 1, hash: last.hash)
        }
    }

    private mutating func place(_ index: Int, hash: UInt32) {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(truncatingIfNeeded: index)
    }

    /// Different in every run, so that no file can be made to be slow.
    private static let seed = UInt64.random(in: .min ... .max)
}
