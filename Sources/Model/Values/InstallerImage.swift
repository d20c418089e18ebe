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
        var reference = reference
        guard let image = reference.withUTF8({ Self.read($0[...]) }) else { return nil }
        self = image
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private static func read(_ bytes: Bytes) -> InstallerImage? {
        let slash = UInt8(ascii: "/")
        let plain = bytes[..<(bytes.firstIndex(of: UInt8(ascii: "@")) ?? bytes.endIndex)]
        guard let colon = plain.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let tag = plain[(colon + 1)...]
        var path = plain[..<colon]
        guard !tag.isEmpty, !tag.contains(slash), let last = path.lastIndex(of: slash) else {
            return nil
        }
        let schematic = SchematicID(text(path[(last + 1)...]))
        if schematic != nil { path = path[..<last] }
        guard let end = path.lastIndex(of: slash), end > path.startIndex else { return nil }
        let name = path[(end + 1)...]
        guard name.indices.contains(where: { name[$0...].starts(with: "installer".utf8) }) else {
            return nil
        }
        return InstallerImage(
            host: text(path[..<end]), name: text(name), schematic: schematic, tag: text(tag))
    }

    private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    package var description: String {
        let path = schematic.map { "\(host)/\(name)/\($0.text)" } ?? "\(host)/\(name)"
        return "\(path):\(tag)"
    }

    package var isSecureBoot: Bool { name.hasSuffix("-secureboot") }
}
