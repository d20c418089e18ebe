/// A secret that gets into what systems say, in each of the shapes that secrets have (invariant
/// I10).
enum SimulatedSecret {
    /// In every shape: where it is found, a secret came out.
    private static let marker = "marker4096"

    private static let shapes = [
        "client-key-data: LS0tLS1CRUdJTi\(marker)LS0tCg==",
        "-----BEGIN EC PRIVATE KEY-----\n\(marker)\n-----END EC PRIVATE KEY-----",
        "https://admin:\(marker)@10.0.0.1:6443/api",
        "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.\(marker).c2lnbmF0dXJl",
        "{\"token\":\"\(marker)\"}", "secretboxEncryptionSecret: \(marker)",
        "join with abc123.\(marker)abcdef",
    ]

    /// The text, with a secret in it; `number` picks its shape.
    static func telling(_ text: String, _ number: Int) -> String {
        "\(text) (\(shapes[number % shapes.count]))"
    }

    static func isTold(by text: String) -> Bool {
        var rest = text.utf8[...]
        while let first = rest.firstIndex(of: UInt8(ascii: "m")) {
            if rest[first...].starts(with: marker.utf8) { return true }
            rest = rest[rest.index(after: first)...]
        }
        return false
    }
}
