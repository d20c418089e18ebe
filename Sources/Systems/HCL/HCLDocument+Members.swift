/// Adding what is not there yet.
extension HCLDocument {
    /// Adds what a path leads to: an element in front of the one that now has that index (or
    /// behind the last one), a key behind the last one of its object, an argument at the end of
    /// the file. Throws when the key or the argument is there already.
    package func inserting(
        _ expression: String, at path: HCLPath
    ) throws(HCLError) -> HCLDocument {
        guard let last = path.steps.last else {
            return try appending(path.name, expression: expression)
        }
        let parent = HCLPath(name: path.name, steps: path.steps.dropLast())
        let node = try node(at: parent)
        switch (last, tree.nodes[node].kind) {
        case (.key(let key), .object):
            return try inserting(expression, as: key, intoObject: node)
        case (.index(let index), .object):
            return try inserting(expression, as: String(index), intoObject: node)
        case (.index(let index), _):
            return try inserting(expression, intoListAt: parent, at: index)
        case (.key, let kind):
            throw failure(
                "Not an object", "\(parent) is \(HCLDocument.kindName(kind)).", at: node)
        }
    }

    /// A member at the end of an object, in the style it is written in.
    func inserting(
        _ expression: String, as key: String, intoObject node: Int
    ) throws(HCLError) -> HCLDocument {
        let members = members(of: node)
        for member in members {
            guard let known = self.key(at: member.key) else {
                throw failure(
                    "Not a plain value",
                    "The key \(source(of: member.key)) has to be evaluated to know whether it is "
                        + "\"\(key)\".", at: member.key)
            }
            if known == key {
                throw failure("Set already", "The key \"\(key)\" is set already.", at: member.key)
            }
        }
        let value = try checkedExpression(expression)
        let last = members.last
        let addition = keyText(key) + sign(like: last) + value
        guard let last else { return try applying([insertion(of: addition, intoEmpty: node)]) }
        let range = tree.nodes[last.key].start..<tree.nodes[last.value].end
        return try applying(insertion(of: addition, after: range, in: node))
    }

    private func keyText(_ key: String) -> [UInt8] {
        let isBare =
            syntax != .json && UTF8Bytes.isIdentifier(key)
            && !["for", "null", "true", "false"].contains(key)
        return isBare ? Array(key.utf8) : quoted(key)
    }

    /// What stands between key and value; in JSON as in the member before.
    private func sign(like member: MemberNodes?) -> [UInt8] {
        guard syntax == .json else { return Array(" = ".utf8) }
        guard let member else { return Array(": ".utf8) }
        return Array(bytes[tree.nodes[member.key].end..<tree.nodes[member.value].start])
    }
}
