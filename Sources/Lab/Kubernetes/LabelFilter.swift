import Model

/// A selector on labels, as in `?labelSelector=` and in the `spec.selector` of objects.
struct LabelFilter: Sendable, Hashable {
    enum Requirement: Sendable, Hashable {
        case isOneOf(String, [String])
        case isNoneOf(String, [String])
        case exists(String)
        case isAbsent(String)
    }

    var requirements: [Requirement]

    /// Selects everything.
    static let all = LabelFilter(requirements: [])

    init(requirements: [Requirement]) { self.requirements = requirements }

    /// Reads `a=b,c!=d,e in (x,y),f notin (z),g,!h`.
    init(text: String) throws(APIFailure) {
        requirements = []
        for part in Self.split(text) {
            requirements.append(try Self.requirement(part))
        }
    }

    /// Reads `matchLabels` and `matchExpressions`.
    init(object: JSONValue?) {
        requirements = (object?["matchLabels"]?.object ?? [:]).map { key, value in
            .isOneOf(key, [value.string ?? ""])
        }
        for expression in object?["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            switch expression["operator"]?.string {
            case "In": requirements.append(.isOneOf(key, values))
            case "NotIn": requirements.append(.isNoneOf(key, values))
            case "DoesNotExist": requirements.append(.isAbsent(key))
            default: requirements.append(.exists(key))
            }
        }
    }

    func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isOneOf(let key, let values): labels[key].map(values.contains) ?? false
            case .isNoneOf(let key, let values): !(labels[key].map(values.contains) ?? false)
            case .exists(let key): labels[key] != nil
            case .isAbsent(let key): labels[key] == nil
            }
        }
    }

    func matches(_ object: JSONValue) -> Bool {
        requirements.isEmpty || matches(object.labels)
    }

    /// The text form, keys in order, for `status.selector` of a Scale and for tables.
    var text: String {
        requirements.map { requirement in
            switch requirement {
            case .isOneOf(let key, let values):
                values.count == 1
                    ? "\(key)=\(values.joined())" : "\(key) in (\(values.joined(separator: ",")))"
            case .isNoneOf(let key, let values): "\(key) notin (\(values.joined(separator: ",")))"
            case .exists(let key): key
            case .isAbsent(let key): "!\(key)"
            }
        }.sorted().joined(separator: ",")
    }

    private static let setWords = [
        (" notin ", false), (" notin(", false), (" in ", true), (" in(", true),
    ]

    private static func split(_ text: String) -> [String] {
        var parts: [String] = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth <= 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map { $0.trimmed }.filter { !$0.isEmpty }
    }

    private static func requirement(_ part: String) throws(APIFailure) -> Requirement {
        if part.hasPrefix("!") { return .isAbsent(String(part.dropFirst()).trimmed) }
        for (word, isIn) in setWords {
            guard let range = part.firstRange(of: word) else { continue }
            let values = part[range.upperBound...].filter { !"()".contains($0) }
                .split(separator: ",", omittingEmptySubsequences: false)
                .map { String($0).trimmed }
            let key = String(part[..<range.lowerBound]).trimmed
            return isIn ? .isOneOf(key, values) : .isNoneOf(key, values)
        }
        for (mark, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = part.firstRange(of: mark) else { continue }
            let key = String(part[..<range.lowerBound]).trimmed
            let value = String(part[range.upperBound...]).trimmed
            return isEqual ? .isOneOf(key, [value]) : .isNoneOf(key, [value])
        }
        guard !part.contains(" ") else {
            throw APIFailure(.badRequest, "unable to parse requirement: \(part)")
        }
        return .exists(part)
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
