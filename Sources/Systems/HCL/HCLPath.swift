/// Where a value is within a file: `talos_version`, `talos_image.version`,
/// `nodes["cp-1"].update`, `extensions[0]`.
package struct HCLPath: Hashable, Sendable, CustomStringConvertible {
    /// One step into a value.
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    /// The name of the attribute or variable at the top.
    package let name: String
    /// The steps from there into its value.
    package let steps: [Step]

    /// A path made of its parts.
    package init(name: String, steps: [Step] = []) {
        self.name = name
        self.steps = steps
    }

    /// Reads a path as it is typed. The error's place is a place in the path.
    package init(_ text: String) throws(HCLError) {
        let bytes = Array(text.utf8)
        do throws(SyntaxError) {
            var reader = PathReader(bytes: bytes)
            name = try reader.readName()
            var steps: [Step] = []
            while let step = try reader.readStep() { steps.append(step) }
            self.steps = steps
        } catch {
            throw error.located(in: bytes)
        }
    }

    /// The path in the shortest form that reads back as itself.
    package var description: String {
        steps.reduce(into: name) { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where UTF8Bytes.isIdentifier(key): text += ".\(key)"
            case .key(let key):
                text += "[\(String(decoding: StringText.quoted(key), as: UTF8.self))]"
            }
        }
    }
}

/// Reads a path from left to right.
private struct PathReader {
    let bytes: [UInt8]
    var position = 0

    private static let title = "Invalid path"
    private static let mostSteps = 100

    private var stepCount = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readName() throws(SyntaxError) -> String {
        guard let end = UTF8Bytes.identifierEnd(in: bytes, at: position) else {
            throw failure("A path is a name, such as talos_version or nodes[\"cp-1\"].update.")
        }
        defer { position = end }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    mutating func readStep() throws(SyntaxError) -> HCLPath.Step? {
        guard position < bytes.count else { return nil }
        stepCount += 1
        guard stepCount <= PathReader.mostSteps else {
            throw failure("A path has at most \(PathReader.mostSteps) steps.")
        }
        switch bytes[position] {
        case UInt8(ascii: "."):
            position += 1
            if let index = try readNumber() { return .index(index) }
            return .key(try readKey())
        case UInt8(ascii: "["):
            position += 1
            let step = try readBracketed()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "]") else {
                throw failure("A closing bracket is missing.")
            }
            position += 1
            return step
        default: throw failure("A dot or an opening bracket is expected here.")
        }
    }

    private mutating func readKey() throws(SyntaxError) -> String {
        guard UTF8Bytes.identifierEnd(in: bytes, at: position) != nil else {
            throw failure("A name is expected after the dot.")
        }
        return try readName()
    }

    private mutating func readBracketed() throws(SyntaxError) -> HCLPath.Step {
        if let index = try readNumber() { return .index(index) }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw failure("A number or a quoted key is expected in the brackets.")
        }
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { throw failure("The closing quote is missing.") }
        let key = try StringText.decode(bytes, (position + 1)..<end)
        position = end + 1
        return .key(String(decoding: key, as: UTF8.self))
    }

    private mutating func readNumber() throws(SyntaxError) -> Int? {
        let digits = bytes[position...].prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        guard !digits.isEmpty else { return nil }
        guard let index = Int(String(decoding: digits, as: UTF8.self)) else {
            throw failure("The index is too large.")
        }
        position += digits.count
        return index
    }

    private func failure(_ detail: String) -> SyntaxError {
        SyntaxError(PathReader.title, detail, at: position)
    }
}
