/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the
/// same seed gives the same numbers on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Equatable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text in the shape of a random UUID, version 4: `0b2a…-4…`.
    package mutating func uuid() -> String {
        let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { bytes in
            var position = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    bytes[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = digit < 16 ? high : low
                let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - (digit & 15) * 4)) & 15
                bytes[position] = nibble < 10 ? 48 + nibble : 87 + nibble
                position += 1
            }
            return position
        }
    }

    /// As Kubernetes appends to generated names: no vowels, no look-alikes
    /// (k8s.io/apimachinery `util/rand`).
    package mutating func suffix(length: Int) -> String {
        let alphabet: StaticString = "bcdfghjklmnpqrstvwxz2456789"
        var word = next()
        return alphabet.withUTF8Buffer { letters in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(length)
            for _ in 0..<min(length, 12) {
                bytes.append(letters[Int(word % 27)])
                word /= 27
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
