/// A fact about the world: known, or unknown with the reason beside it.
///
/// A snapshot is partial and old; the planner has to say what it does without a fact.
///
/// Public only to be specialized in the targets that use it.
public indirect enum Observed<Value: Sendable>: Sendable {
    case known(Value)
    case unknown(String)

    /// The value, nil when it is not known.
    @inlinable public var value: Value? {
        if case .known(let value) = self { return value }
        return nil
    }

    /// Why it is not known, nil when it is.
    @inlinable public var reason: String? {
        if case .unknown(let reason) = self { return reason }
        return nil
    }

    @inlinable public func map<Other>(_ transform: (Value) -> Other) -> Observed<Other> {
        switch self {
        case .known(let value): .known(transform(value))
        case .unknown(let reason): .unknown(reason)
        }
    }
}

extension Observed: Equatable where Value: Equatable {}
extension Observed: Hashable where Value: Hashable {}

/// Coded as `{"value": …}` or `{"unknown": "why"}`.
extension Observed: Codable where Value: Codable {
    private enum CodingKeys: String, CodingKey { case value, unknown }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let reason = try container.decodeIfPresent(String.self, forKey: .unknown) {
            self = .unknown(reason)
        } else {
            self = .known(try container.decode(Value.self, forKey: .value))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .known(let value): try container.encode(value, forKey: .value)
        case .unknown(let reason): try container.encode(reason, forKey: .unknown)
        }
    }
}
