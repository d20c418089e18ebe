/// The text of a heredoc that has no interpolation.
enum HeredocText {
    /// The value of `<<NAME` … `NAME`, given the bytes from the opener to the end marker.
    static func value(of range: Range<Int>, in bytes: [UInt8]) -> String {
        var lines: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where bytes[index] == UInt8(ascii: "\n") {
            lines.append(start..<(index + 1))
            start = index + 1
        }
        guard !lines.isEmpty else { return "" }
        let opener = lines.removeFirst()
        let isFlush = opener.count > 2 && bytes[opener.lowerBound + 2] == UInt8(ascii: "-")
        if isFlush { lines = unindented(lines, bytes) }
        let text = lines.flatMap { StringText.decodeHeredoc(bytes, $0) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Without the smallest indentation of all lines that are not blank.
    private static func unindented(_ lines: [Range<Int>], _ bytes: [UInt8]) -> [Range<Int>] {
        let indentations = lines.map { indentation(of: $0, bytes) }
        let smallest = indentations.compactMap(\.self).map(\.count).min() ?? 0
        return zip(lines, indentations).map { line, indentation in
            guard let indentation, smallest > 0 else { return line }
            return indentation[smallest - 1]..<line.upperBound
        }
    }

    /// Where each white space character in front of a line ends; nil for a blank line.
    private static func indentation(of line: Range<Int>, _ bytes: [UInt8]) -> [Int]? {
        var ends: [Int] = []
        var index = line.lowerBound
        while index < line.upperBound, let length = UTF8Bytes.spaceLength(in: bytes, at: index) {
            index += length
            ends.append(index)
        }
        return index < line.upperBound ? ends : nil
    }
}
