/// Line, column and text of one byte of a text.
struct SourcePlace {
    let line: Int
    let column: Int
    let text: String

    /// The longest line that is kept for an error message, in bytes.
    private static let longestLine = 4096

    init(of offset: Int, in bytes: [UInt8]) {
        let offset = min(max(0, offset), bytes.count)
        var places = SourcePlaces(bytes)
        (line, column) = places.next(offset)
        let start = places.lineStart
        var end = max(start, offset)
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"),
            end - start < SourcePlace.longestLine
        {
            end += 1
        }
        if end > start, end <= bytes.count, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        text = String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// The first byte after a byte order mark.
    static func firstByte(of bytes: [UInt8]) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The number of characters between two bytes of a text.
    static func width(of bytes: [UInt8], from start: Int, to end: Int) -> Int {
        guard start < end else { return 0 }
        let part = bytes[start..<end]
        if part.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\r") }) { return part.count }
        return String(decoding: part, as: UTF8.self).count
    }
}

/// Lines and columns of many bytes of a text, asked for from front to back.
struct SourcePlaces {
    private let bytes: [UInt8]
    private var line = 1
    private var column = 1
    private var position: Int
    /// Where the line of the last answer begins.
    private(set) var lineStart: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lineStart = SourcePlace.firstByte(of: bytes)
        position = lineStart
    }

    /// The place of a byte that is not in front of the last one asked for.
    mutating func next(_ offset: Int) -> (line: Int, column: Int) {
        var known = position
        while position < min(offset, bytes.count) {
            position += 1
            if bytes[position - 1] == UInt8(ascii: "\n") {
                line += 1
                column = 1
                lineStart = position
                known = position
            }
        }
        column += SourcePlace.width(of: bytes, from: known, to: position)
        return (line, column)
    }
}
