/// Reading characters out of bytes that need not be valid UTF-8.
enum UTF8Bytes {
    /// The length of a character in the loose sense of HCL's scanner (surrogates and overlong
    /// forms pass), or 0 when the bytes do not form one.
    static func looseLength(in bytes: [UInt8], at index: Int) -> Int {
        let length: Int
        switch bytes[index] {
        case ..<0x80: return 1
        case 0xC0...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF7: length = 4
        default: return 0
        }
        guard index + length <= bytes.count else { return 0 }
        for next in (index + 1)..<(index + length) where bytes[next] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The character at a byte, when it is valid.
    static func scalar(in bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
        let length = looseLength(in: bytes, at: index)
        guard length > 0 else { return nil }
        var decoder = UTF8()
        var iterator = bytes[index..<(index + length)].makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
        return nil
    }

    /// The end of an identifier that starts at `start`, or nil when none does.
    static func identifierEnd(in bytes: [UInt8], at start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let first = bytes[start]
        if isASCIILetter(first) || first == UInt8(ascii: "_") {
            return endOfIdentifier(in: bytes, from: start + 1)
        }
        guard first >= 0x80, let scalar = scalar(in: bytes, at: start),
            scalar.properties.isIDStart
        else { return nil }
        return endOfIdentifier(in: bytes, from: start + UTF8.width(scalar))
    }

    /// The end of the identifier characters that follow.
    static func endOfIdentifier(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                index += 1
            case 0x80...:
                guard let scalar = scalar(in: bytes, at: index), scalar.properties.isIDContinue
                else { return index }
                index += UTF8.width(scalar)
            default: return index
            }
        }
        return index
    }

    /// Without the Unicode white space at both ends.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> ArraySlice<UInt8> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, let length = spaceLength(in: bytes, at: start) { start += length }
        while end > start {
            var last = end - 1
            while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
            guard let length = spaceLength(in: bytes, at: last), last + length == end else { break }
            end = last
        }
        return bytes[start..<max(start, end)]
    }

    /// The length of a white space character, or nil when the byte does not start one.
    static func spaceLength(in bytes: [UInt8], at index: Int) -> Int? {
        switch bytes[index] {
        case 0x09...0x0D, 0x20: return 1
        case ..<0x80: return nil
        default:
            guard let scalar = scalar(in: bytes, at: index), scalar.properties.isWhitespace
            else { return nil }
            return UTF8.width(scalar)
        }
    }

    static func isASCIILetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// A name that can stand unquoted in HCL.
    static func isIdentifier(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return identifierEnd(in: bytes, at: 0) == bytes.count && !bytes.isEmpty
    }
}
