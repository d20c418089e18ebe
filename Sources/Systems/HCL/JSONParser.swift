/// Reads `*.tfvars.json` into the same tree as the native syntax: strict JSON, one object at the
/// root, no key twice in one object.
struct JSONParser: ~Copyable {
    private struct Open {
        let node: Int
        let isObject: Bool
        let start: Int
        var keys: Set<String> = []
        var key: Range<Int>?
    }

    private let bytes: [UInt8]
    private var position = 0
    private var open: [Open] = []
    private var tree = SyntaxTree()

    static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> SyntaxTree {
        guard bytes.count <= Parser.largestFile else {
            throw SyntaxError(
                "File too large", "The file has more than \(Parser.largestFile >> 20) MiB.", at: 0)
        }
        var parser = JSONParser(bytes: bytes)
        try parser.parseRoot()
        return parser.tree
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func parseRoot() throws(SyntaxError) {
        skipSpace()
        let start = position
        try parseValue()
        while !open.isEmpty {
            if let index = open.indices.last, open[index].isObject {
                try parseMember(index)
            } else {
                try parseElement()
            }
        }
        skipSpace()
        if position < bytes.count {
            throw failure(
                "Extraneous data after value", "Extra characters appear after the JSON value.")
        }
        guard let root = tree.nodes.first, root.kind == .object else {
            throw SyntaxError(
                "Root value must be object", "The root of a variables file must be an object.",
                at: start)
        }
        tree.tokens.append(Token(.endOfFile, bytes.count, bytes.count))
    }

    // MARK: Structure

    private mutating func parseValue() throws(SyntaxError) {
        skipSpace()
        let start = position
        guard start < bytes.count else {
            throw failure("Missing value", "The JSON data ends prematurely.")
        }
        let what =
            "A JSON value must start with a brace, a bracket, a number, a string, or a keyword."
        switch bytes[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isObject = bytes[start] == UInt8(ascii: "{")
            guard open.count < Parser.deepestNesting else {
                throw failure(
                    "Nested too deeply",
                    "Values nested in more than \(Parser.deepestNesting) levels are not read.")
            }
            open.append(Open(node: tree.nodes.count, isObject: isObject, start: start))
            tree.nodes.append(Node(isObject ? .object : .list, start, 0, next: 0))
            take(isObject ? .openBrace : .openBracket, to: start + 1)
            skipSpace()
            if peek() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { close() }
        case UInt8(ascii: "\""):
            let range = try parseString()
            append(.string, range)
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            try parseNumber()
        case UInt8(ascii: "}"): throw failure("Missing JSON value", what)
        case UInt8(ascii: "]"): throw failure("Missing array element value", what)
        case let byte where UTF8Bytes.isASCIILetter(byte): try parseKeyword()
        default: throw failure("Invalid start of value", what)
        }
    }

    /// Reads `"key": value` and what follows it, or only what follows.
    private mutating func parseMember(_ index: Int) throws(SyntaxError) {
        skipSpace()
        if open[index].key != nil {
            open[index].key = nil
            switch peek() {
            case UInt8(ascii: "}"): return close()
            case UInt8(ascii: ","):
                take(.comma, to: position + 1)
                skipSpace()
                guard peek() != UInt8(ascii: "}") else {
                    throw SyntaxError(
                        "Trailing comma in object",
                        "JSON does not permit a trailing comma after the final property in an "
                            + "object.", at: position - 1)
                }
            case nil:
                throw SyntaxError(
                    "Unclosed object", "No closing brace was found for this JSON object.",
                    at: open[index].start)
            case UInt8(ascii: "]"):
                throw failure(
                    "Mismatched braces", "A JSON object must be closed with a brace, not a bracket."
                )
            default:
                throw failure(
                    "Missing attribute seperator comma",
                    "A comma must appear between each property definition in an object.")
            }
        }
        try parseKey(index)
        try parseValue()
    }

    private mutating func parseKey(_ index: Int) throws(SyntaxError) {
        skipSpace()
        guard peek() == UInt8(ascii: "\"") else {
            guard peek() != nil else {
                throw failure("Missing value", "The JSON data ends prematurely.")
            }
            throw failure(
                "Invalid object property name", "A JSON object property name must be a string")
        }
        let range = try parseString()
        append(.string, range)
        open[index].key = range
        skipSpace()
        guard peek() == UInt8(ascii: ":") else {
            let isMissing = peek() == UInt8(ascii: "}") || peek() == UInt8(ascii: ",")
            throw isMissing
                ? failure(
                    "Missing object value",
                    "A JSON object attribute must have a value, introduced by a colon.")
                : failure(
                    "Missing property value colon",
                    "A colon must appear between an object property's name and its value.")
        }
        take(.colon, to: position + 1)
        let name =
            JSONText.decode(bytes, (range.lowerBound + 1)..<(range.upperBound - 1)) ?? ""
        let isRoot = index == 0
        guard open[index].keys.insert(name).inserted || (isRoot && name == "//") else {
            throw SyntaxError(
                isRoot ? "Duplicate attribute definition" : "Duplicate object attribute",
                "\"\(name)\" was already defined.", at: range.lowerBound)
        }
        if isRoot, name != "//" {
            tree.attributes.append(
                AttributeRecord(name: range, value: tree.nodes.count, block: nil))
        }
    }

    private mutating func parseElement() throws(SyntaxError) {
        guard let index = open.indices.last else { return }
        if tree.nodes.count == open[index].node + 1 { return try parseValue() }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "]"): close()
        case UInt8(ascii: ","):
            take(.comma, to: position + 1)
            skipSpace()
            guard peek() != UInt8(ascii: "]") else {
                throw SyntaxError(
                    "Trailing comma in array",
                    "JSON does not permit a trailing comma after the final value in an array.",
                    at: position - 1)
            }
            try parseValue()
        case nil:
            throw SyntaxError(
                "Unclosed object", "No closing bracket was found for this JSON array.",
                at: open[index].start)
        case UInt8(ascii: "}"):
            throw failure(
                "Mismatched brackets", "A JSON array must be closed with a bracket, not a brace.")
        case UInt8(ascii: ":"):
            throw failure(
                "Invalid array value", "A colon is not used to introduce values in a JSON array.")
        default:
            throw failure(
                "Missing attribute seperator comma",
                "A comma must appear between each value in an array.")
        }
    }

    private mutating func close() {
        guard let last = open.popLast() else { return }
        take(last.isObject ? .closeBrace : .closeBracket, to: position + 1)
        tree.nodes[last.node].end = position
        tree.nodes[last.node].next = tree.nodes.count
    }

    // MARK: Leaves

    private mutating func append(_ kind: Node.Kind, _ range: Range<Int>) {
        tree.nodes.append(
            Node(kind, range.lowerBound, range.upperBound, next: tree.nodes.count + 1))
    }

    private mutating func parseString() throws(SyntaxError) -> Range<Int> {
        let start = position
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] >= 0x20 {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\""),
            JSONText.decode(bytes, (start + 1)..<index) != nil
        else {
            throw failure(
                "Invalid JSON string", "There is a syntax error in the given JSON string.")
        }
        take(.quotedText, to: index + 1)
        return start..<position
    }

    private mutating func parseNumber() throws(SyntaxError) {
        let start = position
        var index = start
        while index < bytes.count, isNumberByte(bytes[index]) { index += 1 }
        guard JSONText.isNumber(bytes[start..<index]) else {
            throw failure(
                "Invalid JSON number", "There is a syntax error in the given JSON number.")
        }
        take(.number, to: index)
        append(.number, start..<index)
    }

    private func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func parseKeyword() throws(SyntaxError) {
        let start = position
        var index = start
        while index < bytes.count,
            UTF8Bytes.isASCIILetter(bytes[index]) || bytes[index] == UInt8(ascii: "_")
        {
            index += 1
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        let kind: Node.Kind
        switch word {
        case "true", "false": kind = .bool
        case "null": kind = .null
        default:
            throw failure("Invalid JSON keyword", "\"\(word)\" is not a valid JSON keyword.")
        }
        take(.identifier, to: index)
        append(kind, start..<index)
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ kind: Token.Kind, to end: Int) {
        tree.tokens.append(Token(kind, position, end))
        position = end
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position += 1
            default: return
            }
        }
    }

    private func failure(_ summary: String, _ detail: String) -> SyntaxError {
        SyntaxError(summary, detail, at: position)
    }
}
