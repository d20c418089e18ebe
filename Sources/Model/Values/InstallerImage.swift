/// A reference to a Talos installer image, taken apart so that only the tag need change.
///
/// Forms (Image Factory documentation, `facts` §2.1): `HOST/NAME/SCHEMATIC:TAG` with NAME one of
/// `installer`, `installer-secureboot`, `PLATFORM-installer`, `PLATFORM-installer-secureboot`; and
/// the generic `ghcr.io/siderolabs/installer:TAG`, which carries no schematic.
package struct InstallerImage: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Registry, with port and path prefix if there is one: `factory.talos.dev`.
    package var host: String
    /// The image's own name: `metal-installer`.
    package var name: String
    /// Nil for the generic installer.
    package var schematic: SchematicID?
    package var tag: String

    package init(host: String, name: String, schematic: SchematicID?, tag: String) {
        self.host = host
        self.name = name
        self.schematic = schematic
        self.tag = tag
    }

    /// Reads a reference; a digest behind the tag is dropped, since a new version needs a new one.
    /// Nil when there is no tag or the last part is not an installer.
    package init?(_ reference: String) {
        let plain = reference.prefix { $0 != "@" }
        guard let colon = plain.lastIndex(of: ":"), !plain[colon...].contains("/") else {
            return nil
        }
        let tag = plain[plain.index(after: colon)...]
        var parts = plain[..<colon].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, !tag.isEmpty else { return nil }
        var schematic: SchematicID?
        if let last = parts.last, let id = SchematicID(last) {
            schematic = id
            parts.removeLast()
        }
        guard let name = parts.popLast(), name.contains("installer"), !parts.isEmpty else {
            return nil
        }
        self.init(
            host: parts.joined(separator: "/"), name: String(name), schematic: schematic,
            tag: String(tag))
    }

    package var description: String {
        let path = schematic.map { "\(host)/\(name)/\($0.text)" } ?? "\(host)/\(name)"
        return "\(path):\(tag)"
    }

    package var isSecureBoot: Bool { name.hasSuffix("-secureboot") }
}
