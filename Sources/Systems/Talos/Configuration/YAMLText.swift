import Yams

/// Finds the bytes of what a YAML parser has understood, by its marks.
struct YAMLText {
    let bytes: [UInt8]
    /// Offset of each line, by the line breaks that libyaml knows.
    private let lines: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let start = MachineConfigDocuments.start(of: bytes)
        var lines = [start]
        var index = start
        while index < bytes.count {
            let length = Self.lineBreak(in: bytes, at: index)
            index += max(length, 1)
            if length > 0 { lines.append(index) }
        }
        self.lines = lines
    }

    /// The offset of a mark, nil when the text is shorter.
    func offset(of mark: Mark?) -> Int? {
        guard let mark, mark.line >= 1, mark.line <= lines.count else { return nil }
        var index = lines[mark.line - 1]
        for _ in 1..<max(mark.column, 1) {
            guard index < bytes.count else { return nil }
            index += 1
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
        }
        return index <= bytes.count ? index : nil
    }

    /// The offset behind the colon of a key.
    func end(ofKey key: Node) -> Int? {
        guard let start = offset(of: key.mark), let name = key.string else { return nil }
        var index = skipProperties(from: start)
        guard let first = byte(index) else { return nil }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard let inner = quoted(at: index) else { return nil }
            index = inner.upperBound + 1
        } else if bytes[index...].starts(with: name.utf8) {
            index += name.utf8.count
        } else {
            return nil
        }
        index = skipGap(from: index)
        return byte(index) == UInt8(ascii: ":") ? index + 1 : nil
    }

    /// The bytes to replace in order to give the value behind a key's colon another text: what is
    /// between its quotes, the word itself, or the whole alias.
    func range(ofScalar value: String, behind colon: Int) -> Range<Int>? {
        let start = skipProperties(from: colon)
        guard let first = byte(start) else { return nil }
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return quoted(at: start)
        case UInt8(ascii: "*"):
            return start..<wordEnd(from: start)
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            let text = Array(value.utf8)
            return text.isEmpty ? nil : bytes[start...].firstRange(of: text)
        default:
            guard !value.isEmpty, bytes[start...].starts(with: value.utf8) else { return nil }
            return start..<start + value.utf8.count
        }
    }

    /// Whether a collection that starts at a mark is written in braces; gives the offset behind
    /// the brace.
    func insideBraces(of mapping: Node) -> Int? {
        guard let mark = offset(of: mapping.mark) else { return nil }
        let start = skipProperties(from: mark)
        return byte(start) == UInt8(ascii: "{") ? start + 1 : nil
    }

    /// The start of the line after the one at `offset`, and whether a line break had to be
    /// missed because the text ends there.
    func nextLine(after offset: Int) -> (offset: Int, isAtEnd: Bool) {
        if let next = lines.first(where: { $0 > offset }) { return (next, false) }
        return (bytes.count, true)
    }

    /// The line break in use around `offset`: CRLF where the file has it.
    var lineBreak: String {
        let isWindows = lines.count > 1 && lines[1] >= 2 && bytes[lines[1] - 2] == 0x0D
        return isWindows ? "\r\n" : "\n"
    }

    func isOnOneLine(_ from: Int, _ to: Int) -> Bool {
        from <= to && !lines.contains { $0 > from && $0 <= to }
    }

    private func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

    /// Behind white space, line breaks and comments.
    private func skipGap(from start: Int) -> Int {
        var index = start
        while let byte = byte(index) {
            if byte == UInt8(ascii: "#") {
                while index < bytes.count, Self.lineBreak(in: bytes, at: index) == 0 { index += 1 }
            } else if byte == 0x20 || byte == 0x09 {
                index += 1
            } else {
                let length = Self.lineBreak(in: bytes, at: index)
                if length == 0 { return index }
                index += length
            }
        }
        return index
    }

    /// Behind a gap and the anchors and tags in it.
    private func skipProperties(from start: Int) -> Int {
        var index = skipGap(from: start)
        while let first = byte(index), first == UInt8(ascii: "&") || first == UInt8(ascii: "!") {
            index = skipGap(from: wordEnd(from: index))
        }
        return index
    }

    /// The end of an anchor, alias or tag.
    private func wordEnd(from start: Int) -> Int {
        var index = start
        while let byte = byte(index), byte > 0x20, !",[]{}".utf8.contains(byte) { index += 1 }
        return index
    }

    /// What is between the quotes at `start`.
    private func quoted(at start: Int) -> Range<Int>? {
        guard let quote = byte(start) else { return nil }
        var index = start + 1
        while let byte = byte(index) {
            if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
                index += 2
            } else if byte == quote {
                let isDoubled = quote == UInt8(ascii: "'") && self.byte(index + 1) == quote
                if !isDoubled { return start + 1..<index }
                index += 2
            } else {
                index += 1
            }
        }
        return nil
    }

    /// Length of the line break at `index`, 0 when there is none. libyaml follows YAML 1.1, which
    /// knows NEL, LS and PS besides CR and LF.
    private static func lineBreak(in bytes: [UInt8], at index: Int) -> Int {
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
        case 0xC2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
        case 0xE2:
            let rest = bytes[(index + 1)...].prefix(2)
            return rest.elementsEqual([0x80, 0xA8]) || rest.elementsEqual([0x80, 0xA9]) ? 3 : 0
        default: return 0
        }
    }
}
