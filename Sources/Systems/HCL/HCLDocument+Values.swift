/// What the nodes of the tree stand for.
extension HCLDocument {
    func located(_ node: Int) -> HCLLocatedValue {
        var places = SourcePlaces(bytes)
        return located(node, places.next(tree.nodes[node].start))
    }

    func located(_ node: Int, _ place: (line: Int, column: Int)) -> HCLLocatedValue {
        let kind = tree.nodes[node].kind
        return HCLLocatedValue(
            value: value(of: node), byteRange: tree.nodes[node].range, line: place.line,
            column: place.column,
            isExpression: kind == .expression || kind == .heredoc)
    }

    /// Nodes lie parents first, so going backwards each finds its children done. No recursion.
    func value(of root: Int) -> HCLValue {
        let end = tree.nodes[root].next
        var values = [HCLValue](repeating: .null, count: max(1, end - root))
        for node in (root..<max(end, root + 1)).reversed() {
            values[node - root] =
                switch tree.nodes[node].kind {
                case .list: .list(elements(of: node).map { values[$0 - root] })
                case .object: .object(distinctMembers(of: node) { values[$0 - root] })
                default: scalar(at: node)
                }
            // The children's copies are not needed any more.
            var child = node + 1
            while child < tree.nodes[node].next {
                values[child - root] = .null
                child = tree.nodes[child].next
            }
        }
        return values[0]
    }

    private func distinctMembers(of node: Int, value: (Int) -> HCLValue) -> [HCLMember] {
        var result: [HCLMember] = []
        var positions: [String: Int] = [:]
        for member in members(of: node) {
            let key = key(at: member.key)
            let entry = HCLMember(
                key: key ?? source(of: member.key), value: value(member.value))
            if let key, let known = positions[key] {
                result[known] = entry
            } else {
                if let key { positions[key] = result.count }
                result.append(entry)
            }
        }
        return result
    }

    private func scalar(at node: Int) -> HCLValue {
        let record = tree.nodes[node]
        switch record.kind {
        case .string: return .string(text(ofString: record.range))
        case .heredoc: return .string(HeredocText.value(of: record.range, in: bytes))
        case .number: return .number(source(of: node))
        case .bool: return .bool(bytes[record.start] == UInt8(ascii: "t"))
        case .null: return .null
        case .list: return .list([])
        case .object: return .object([])
        case .name, .expression: return .expression(source(of: node))
        }
    }

    func source(of node: Int) -> String {
        String(decoding: bytes[tree.nodes[node].range], as: UTF8.self)
    }

    /// The text of a quoted string, quotes included in the range.
    func text(ofString range: Range<Int>) -> String {
        guard range.count >= 2 else { return "" }
        let inner = (range.lowerBound + 1)..<(range.upperBound - 1)
        if syntax == .json { return JSONText.decode(bytes, inner) ?? "" }
        let decoded = try? StringText.decode(bytes, inner)
        return String(decoding: decoded ?? Array(bytes[inner]), as: UTF8.self)
    }

    /// The key that a key node stands for, or nil when that has to be evaluated.
    func key(at node: Int) -> String? {
        let record = tree.nodes[node]
        switch record.kind {
        case .name: return source(of: node)
        case .string: return text(ofString: record.range)
        case .heredoc: return HeredocText.value(of: record.range, in: bytes)
        case .number: return NumberText.canonical(bytes[record.range])
        case .bool: return source(of: node)
        default: return nil
        }
    }

    struct MemberNodes {
        let key: Int
        let value: Int
    }

    func members(of node: Int) -> [MemberNodes] {
        var result: [MemberNodes] = []
        var child = node + 1
        let end = tree.nodes[node].next
        while child < end {
            let value = tree.nodes[child].next
            guard value < end else { break }
            result.append(MemberNodes(key: child, value: value))
            child = tree.nodes[value].next
        }
        return result
    }

    func elements(of node: Int) -> [Int] {
        var result: [Int] = []
        var child = node + 1
        while child < tree.nodes[node].next {
            result.append(child)
            child = tree.nodes[child].next
        }
        return result
    }
}
