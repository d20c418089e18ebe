import Crypto
package import Model

/// An Image Factory schematic that holds nothing but official extensions.
package struct Schematic: Sendable, Equatable {
    /// Short names, sorted, each once: `qemu-guest-agent`.
    package let extensions: [String]

    /// Names may be short or full (`siderolabs/…`).
    package init(extensions: [String]) {
        let names = extensions.map { name in
            name.hasPrefix(Self.prefix) ? String(name.dropFirst(Self.prefix.count)) : name
        }
        self.extensions = Array(Set(names)).sorted()
    }

    /// The canonical text: what the factory hashes (image-factory, `pkg/schematic`).
    package var yaml: String {
        if extensions.isEmpty { return "customization: {}\n" }
        return "customization:\n    systemExtensions:\n        officialExtensions:\n"
            + extensions.map { "            - \(Self.prefix)\($0)\n" }.joined()
    }

    /// sha256 of the canonical text.
    package var id: SchematicID? {
        let digest = SHA256.hash(data: Array(yaml.utf8))
        return SchematicID(digest.map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined())
    }

    private static let prefix = "siderolabs/"
}
