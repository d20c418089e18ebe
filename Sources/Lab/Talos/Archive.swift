import Foundation

/// The least of tar and gzip: one file, stored without compression.
enum Archive {
    /// A ustar archive with one regular file, mode 0600 (POSIX.1-2001, pax interchange format).
    static func tar(name: String, contents: Data) -> Data {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.prefix(100).enumerated() {
                header[offset + index] = byte
            }
        }
        put(name, at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(contents.count), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(String(octal(sum).suffix(6)), at: 148)
        header[154] = 0
        var bytes = Data(header)
        bytes.append(contents)
        bytes.append(Data(count: (512 - contents.count % 512) % 512 + 1024))
        return bytes
    }

    /// RFC 1952 around stored blocks of RFC 1951.
    static func gzip(_ data: Data) -> Data {
        var bytes = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
        let plain = [UInt8](data)
        var start = 0
        repeat {
            let end = min(start + 65_535, plain.count)
            let length = UInt16(end - start)
            bytes.append(end == plain.count ? 1 : 0)
            append(length, to: &bytes)
            append(~length, to: &bytes)
            bytes.append(contentsOf: plain[start..<end])
            start = end
        } while start < plain.count
        append(crc32(plain), to: &bytes)
        append(UInt32(truncatingIfNeeded: plain.count), to: &bytes)
        return bytes
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout Data) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func octal(_ number: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, 11 - digits.count)) + digits
    }
}
