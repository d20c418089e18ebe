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
        let plain = Array(reference.utf8).prefix { $0 != UInt8(ascii: "@") }
        let slash = UInt8(ascii: "/")
        guard let colon = plain.lastIndex(of: UInt8(ascii: ":")),
            !plain[colon...].contains(slash)
        else { return nil }
        let tag = plain[(colon + 1)...]
        var path = plain[..<colon]
        guard !tag.isEmpty, let last = path.lastIndex(of: slash) else { return nil }
        schematic = SchematicID(String(decoding: path[(last + 1)...], as: UTF8.self))
        if schematic != nil { path = path[..<last] }
        guard let end = path.lastIndex(of: slash), end > path.startIndex else { return nil }
        name = String(decoding: path[(end + 1)...], as: UTF8.self)
        guard Self.namesInstaller(path[end...]) else { return nil }
        host = String(decoding: path[..<end], as: UTF8.self)
        self.tag = String(decoding: tag, as: UTF8.self)
    }

    private static func namesInstaller(_ name: ArraySlice<UInt8>) -> Bool {
        var rest = name
        while !rest.isEmpty {
            if rest.starts(with: "installer".utf8) { return true }
            rest.removeFirst()
        }
        return false
    }

    package var description: String {
        let path = schematic.map { "\(host)/\(name)/\($0.text)" } ?? "\(host)/\(name)"
        return "\(path):\(tag)"
    }

    package var isSecureBoot: Bool { name.hasSuffix("-secureboot") }
}
