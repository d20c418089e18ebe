/// FNV-1a with 64 bits: the same on every machine and in every process, and quick for short texts.
/// Not to be trusted with what somebody chose to collide.
/// Source: RFC 9923 (the FNV non-cryptographic hash algorithm).
package enum StableHash {
    package static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
