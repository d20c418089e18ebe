/// Takes out of a text what looks like a secret, whoever wrote it there: an error of a library, a
/// line of a program, an answer of a server.
///
/// Known shapes: PEM blocks, also in base64 (the keys of talosconfig and kubeconfig), JSON Web
/// Tokens, bootstrap tokens of Talos and Kubernetes, passwords in URLs, and what stands behind the
/// name of a secret (`token: …`, `password=…`).
package enum Redaction {
    package static let mark = "<secret>"

    /// The text without secrets; the same text when it has none.
    package static func clean(_ text: String) -> String {
        var text = text
        let found = text.withUTF8 { secrets(in: $0) }
        guard !found.isEmpty else { return text }
        var clean: [UInt8] = []
        let bytes = Array(text.utf8)
        var position = 0
        for range in found where range.lowerBound >= position {
            clean += bytes[position..<range.lowerBound] + Array(mark.utf8)
            position = range.upperBound
        }
        return String(decoding: clean + bytes[position...], as: UTF8.self)
    }

    /// Where secrets are, in order. One pass: a byte that may belong to one makes it look closer.
    private static func secrets(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let range: Range<Int>? =
                switch bytes[index] {
                case UInt8(ascii: "-"): pem(bytes, index)
                case UInt8(ascii: "L"): run(bytes, index, after: "LS0tLS1CRUdJTi", isBase64)
                case UInt8(ascii: "e"): run(bytes, index, after: "eyJ", isToken, atLeast: 30)
                case UInt8(ascii: "."): bootstrapToken(bytes, index)
                case UInt8(ascii: "@"): password(bytes, index)
                case UInt8(ascii: ":"), UInt8(ascii: "="): value(bytes, index)
                default: nil
                }
            if let range { found.append(range) }
            index = max(index + 1, range?.upperBound ?? 0)
        }
        return found
    }

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private static func pem(_ bytes: Bytes, _ start: Int) -> Range<Int>? {
        guard matches(bytes, start, "-----BEGIN ") else { return nil }
        var index = start + 11
        while index < bytes.count, !matches(bytes, index, "-----END ") { index += 1 }
        guard index < bytes.count else { return start..<bytes.count }
        index += 9
        while index < bytes.count, !matches(bytes, index, "-----") { index += 1 }
        return start..<min(index + 5, bytes.count)
    }

    private static func run(
        _ bytes: Bytes, _ start: Int, after prefix: StaticString, _ belongs: (UInt8) -> Bool,
        atLeast length: Int = 0
    ) -> Range<Int>? {
        guard matches(bytes, start, prefix) else { return nil }
        var end = start
        while end < bytes.count, belongs(bytes[end]) { end += 1 }
        return end - start >= length ? start..<end : nil
    }

    /// Six letters or digits, a dot, and sixteen.
    private static func bootstrapToken(_ bytes: Bytes, _ dot: Int) -> Range<Int>? {
        let range = dot - 6..<dot + 17
        guard range.lowerBound >= 0, range.upperBound <= bytes.count,
            range.allSatisfy({ $0 == dot || isSmall(bytes[$0]) }),
            range.lowerBound == 0 || !isWord(bytes[range.lowerBound - 1]),
            range.upperBound == bytes.count || !isWord(bytes[range.upperBound])
        else { return nil }
        return range
    }

    /// `https://NAME:PASSWORD@HOST`.
    private static func password(_ bytes: Bytes, _ at: Int) -> Range<Int>? {
        var start = at
        while start > 0, bytes[start - 1] > 32, !matches(bytes, start - 1, "/") { start -= 1 }
        guard start >= 3, matches(bytes, start - 3, "://"),
            let colon = (start..<at).first(where: { bytes[$0] == UInt8(ascii: ":") })
        else { return nil }
        return colon + 1..<at
    }

    private static func value(_ bytes: Bytes, _ sign: Int) -> Range<Int>? {
        var end = sign
        while end > 0, bytes[end - 1] == 32 || bytes[end - 1] == UInt8(ascii: "\"") { end -= 1 }
        guard names.contains(where: { ends(bytes, end, $0) }) else { return nil }
        var start = sign + 1
        while start < bytes.count, bytes[start] == 32 || bytes[start] == UInt8(ascii: "\"") {
            start += 1
        }
        if matches(bytes, start, "Bearer ") { start += 7 }
        var close = start
        while close < bytes.count, bytes[close] > 32, bytes[close] != UInt8(ascii: "\""),
            bytes[close] != UInt8(ascii: ","), bytes[close] != UInt8(ascii: "}")
        {
            close += 1
        }
        return close > start ? start..<close : nil
    }

    /// What secrets are called, at the end of the name, in small letters.
    private static let names: [StaticString] = [
        "token", "secret", "password", "passphrase", "key-data", "private_key", "private-key",
        "authorization",
    ]

    private static func matches(_ bytes: Bytes, _ start: Int, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard start + length <= bytes.count else { return false }
        return (0..<length).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
    }

    private static func ends(_ bytes: Bytes, _ end: Int, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard end >= length else { return false }
        return (0..<length).allSatisfy {
            bytes[end - length + $0] | 0x20 == text.utf8Start[$0] | 0x20
        }
    }

    private static func isSmall(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isSmall(byte) || (65...90).contains(byte) || byte == UInt8(ascii: ".")
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isSmall(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
