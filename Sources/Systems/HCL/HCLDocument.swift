/// A file of values, held as its own bytes together with what they mean.
///
/// A document is immutable. An edit gives a new one, in which only the bytes of the edited value
/// (and the padding of aligned comments next to it) differ.
package struct HCLDocument: Sendable {
    /// What kind of file this is.
    package enum Syntax: Sendable {
        /// `*.tfvars`: attributes with values that need no evaluation.
        case variables
        /// `*.tf`: blocks. Paths lead to the defaults of `variable` blocks.
        case module
        /// `*.tfvars.json`.
        case json

        /// What a file of that name holds.
        package init(ofFile name: String) {
            if name.hasSuffix(".json") {
                self = .json
            } else if name.hasSuffix(".tf") || name.hasSuffix(".tofu") {
                self = .module
            } else {
                self = .variables
            }
        }
    }

    /// The file, byte for byte as it was parsed.
    package let bytes: [UInt8]
    package let syntax: Syntax
    let tree: SyntaxTree

    /// Parses a file. Throws what Terraform would complain about first: a syntax error, or in a
    /// variables file a block, a reference or a function call.
    package init(parsing bytes: [UInt8], as syntax: Syntax = .variables) throws(HCLError) {
        self.bytes = bytes
        self.syntax = syntax
        do throws(SyntaxError) {
            switch syntax {
            case .json: tree = try JSONParser.parse(bytes)
            case .module: tree = try Parser.parse(bytes)
            case .variables:
                tree = try Parser.parse(bytes)
                try HCLDocument.checkVariables(tree, bytes)
            }
        } catch {
            throw error.located(in: bytes)
        }
    }

    /// A document whose tree is known.
    init(_ bytes: [UInt8], _ tree: SyntaxTree, _ syntax: Syntax) {
        self.bytes = bytes
        self.tree = tree
        self.syntax = syntax
    }

    /// The attributes at the top of the file (of a module: its variables with a default), in
    /// file order.
    package var attributes: [HCLAttribute] {
        var places = SourcePlaces(bytes)
        return tops.map { top in
            HCLAttribute(
                name: name(of: top.name), nameRange: top.name,
                value: located(top.value, places.next(tree.nodes[top.value].start)))
        }
    }

    /// The value at a path, or nil when the file has none there.
    package func value(at path: HCLPath) -> HCLLocatedValue? {
        guard let node = try? node(at: path) else { return nil }
        return located(node)
    }

    /// The value at a path. Throws an error that names what is missing.
    package func requiredValue(at path: HCLPath) throws(HCLError) -> HCLLocatedValue {
        located(try node(at: path))
    }

    // MARK: Lookup

    private struct Top {
        let name: Range<Int>
        let value: Int
    }

    private var tops: [Top] {
        tree.attributes.compactMap { attribute in
            guard let block = attribute.block else {
                return syntax == .module ? nil : Top(name: attribute.name, value: attribute.value)
            }
            guard syntax == .module, isDefault(attribute, of: tree.blocks[block]) else {
                return nil
            }
            return Top(name: tree.blocks[block].labels[0], value: attribute.value)
        }
    }

    private func isDefault(_ attribute: AttributeRecord, of block: BlockRecord) -> Bool {
        block.parent == nil && block.labels.count == 1
            && bytes[block.type].elementsEqual("variable".utf8)
            && bytes[attribute.name].elementsEqual("default".utf8)
    }

    /// A name as written, or the text of a quoted one.
    func name(of range: Range<Int>) -> String {
        guard let first = bytes[range].first, first == UInt8(ascii: "\"") else {
            return String(decoding: bytes[range], as: UTF8.self)
        }
        return text(ofString: range)
    }

    private func topNode(named name: String) -> Int? {
        if syntax == .variables {
            let name = ArraySlice(name.utf8)
            let hash = AttributeIndex.hash(name, block: nil)
            return tree.index.find(name, block: nil, hash: hash, in: tree.attributes, bytes)
                .map { tree.attributes[$0].value }
        }
        return tops.first { self.name(of: $0.name).utf8.elementsEqual(name.utf8) }?.value
    }

    /// The node at a path.
    func node(at path: HCLPath) throws(HCLError) -> Int {
        guard var node = topNode(named: path.name) else {
            let what = syntax == .module ? "variable with a default" : "value"
            throw HCLError(
                "No such value", "There is no \(what) named \"\(path.name)\" in this file.", at: 0,
                in: bytes)
        }
        var known = HCLPath(name: path.name)
        for step in path.steps {
            node = try child(of: node, step, at: known)
            known = HCLPath(name: path.name, steps: known.steps + [step])
        }
        return node
    }

    private func child(
        of node: Int, _ step: HCLPath.Step, at path: HCLPath
    ) throws(HCLError) -> Int {
        switch (tree.nodes[node].kind, step) {
        case (.object, .key(let key)):
            return try member(of: node, key, at: path)
        case (.list, .index(let index)):
            let elements = elements(of: node)
            guard index < elements.count else {
                throw failure(
                    "No such value",
                    "\(path) has \(elements.count) elements; there is no "
                        + "element \(index).", at: node)
            }
            return elements[index]
        case (.object, .index(let index)):
            // Terraform converts: `nodes[1]` finds the key "1".
            return try child(of: node, .key(String(index)), at: path)
        case (.expression, _):
            throw failure(
                "Not a plain value",
                "\(path) is an expression, so nothing in it can be looked up.", at: node)
        case (let kind, _):
            throw failure(
                "No such value",
                "\(path) is \(HCLDocument.kindName(kind)), so nothing in it can be looked up.",
                at: node)
        }
    }

    /// The last member with a key, which is the one that counts.
    private func member(
        of node: Int, _ key: String, at path: HCLPath
    ) throws(HCLError) -> Int {
        for member in members(of: node).reversed() {
            guard let known = self.key(at: member.key) else {
                throw failure(
                    "Not a plain value",
                    "\(path) has the key \(source(of: member.key)), which has to be evaluated to "
                        + "know whether it is \"\(key)\".", at: member.key)
            }
            if known == key { return member.value }
        }
        throw failure("No such value", "\(path) has no key \"\(key)\".", at: node)
    }

    func failure(_ summary: String, _ detail: String, at node: Int) -> HCLError {
        HCLError(summary, detail, at: tree.nodes[node].start, in: bytes)
    }

    static func kindName(_ kind: Node.Kind) -> String {
        switch kind {
        case .string: "a string"
        case .heredoc: "a heredoc"
        case .number: "a number"
        case .bool: "a bool"
        case .null: "null"
        case .list: "a list"
        case .object: "an object"
        case .name: "a name"
        case .expression: "an expression"
        }
    }

    // MARK: Checks

    /// What parses, but may not stand in a variables file.
    private static func checkVariables(
        _ tree: SyntaxTree, _ bytes: [UInt8]
    ) throws(SyntaxError) {
        let isVariable = { (block: BlockRecord) in
            block.parent == nil && block.labels.count == 1
                && bytes[block.type].elementsEqual("variable".utf8)
        }
        if let block = tree.blocks.first(where: isVariable) {
            throw SyntaxError(
                "Variable declaration in .tfvars file",
                "A .tfvars file is used to assign values to variables that have already been "
                    + "declared in .tf files, not to declare new variables.",
                at: block.type.lowerBound)
        }
        // Terraform looks at no value of a file with blocks in it.
        if let block = tree.blocks.first {
            let type = String(decoding: bytes[block.type], as: UTF8.self)
            throw SyntaxError(
                "Unexpected \"\(type)\" block", "Blocks are not allowed here.",
                at: block.type.lowerBound)
        }
        if let error = tree.evaluationError { throw error }
    }
}
