import Crypto
import Foundation
import Model
import Simulation

/// The HTTP API of an Image Factory, as far as a client of schematics and versions needs it.
///
/// Source: image-factory v1.5.0, `internal/frontend/http`.
struct FactoryRoutes: Sendable {
    let shelf: SchematicShelf

    /// Nil for a path that is not the factory's.
    func answer(_ request: WebRequest) -> WebAnswer? {
        let parts = request.parts
        switch (request.method, parts.first, parts.count) {
        case ("POST", "schematics", 1): return post(request)
        case ("GET", "schematics", 2): return schematic(parts[1])
        case ("GET", "versions", 1): return versions(request)
        case ("GET", "version", 4) where parts[3] == "official": return catalogue(parts)
        case ("GET", "healthz", 1), ("GET", "readyz", 1), ("GET", "v2", 1):
            return WebAnswer(200, "text/plain; charset=utf-8", "")
        case ("GET", "v2", 5...), ("HEAD", "v2", 5...): return manifest(parts)
        default: return nil
        }
    }

    private func post(_ request: WebRequest) -> WebAnswer {
        do {
            let document = try SchematicDocument(
                posted: String(decoding: request.body, as: UTF8.self))
            shelf.keep(document)
            return .json(
                201,
                ["id": .string(document.id?.text ?? ""), "schematic": .string(document.text)])
        } catch {
            return .text(400, error.message)
        }
    }

    private func schematic(_ id: String) -> WebAnswer {
        _ = shelf.all()
        guard let id = SchematicID(id), let text = shelf.text(id) else {
            return .text(404, "schematic not found")
        }
        return WebAnswer(200, "application/yaml", text)
    }

    private func versions(_ request: WebRequest) -> WebAnswer {
        let withdrawn = ReleaseTable.withdrawn
        let all = ReleaseTable.series.flatMap { row in
            (0...row.lastPatch).map { Version(1, row.minor, $0) }
        }
        let listed =
            request.query["broken"] == "true" ? withdrawn : all.filter { !withdrawn.contains($0) }
        // No content type of its own: the server takes it for text.
        return .json(
            200, .array(listed.map { .string($0.tag) }), type: "text/plain; charset=utf-8")
    }

    private func catalogue(_ parts: [String]) -> WebAnswer {
        guard let version = Version(parts[1]) else { return .text(500, "internal server error") }
        guard ReleaseTable.exists(version), let names = ExtensionCatalog.names(talos: version)
        else { return .text(404, "version \(version.number) is not available") }
        let type = "text/plain; charset=utf-8"
        switch parts[2] {
        case "overlays": return .json(200, [], type: type)
        case "extensions":
            return .json(
                200, .array(names.map { Self.row($0, talos: version) }), type: type)
        default: return .text(404, "not found")
        }
    }

    private static func row(_ name: String, talos: Version) -> JSONValue {
        let tag = ReleaseTable.extensionVersion(name, talos: talos)
        let digest = SHA256.hash(data: Array("\(name) \(tag)".utf8))
            .map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        return [
            "name": .string("siderolabs/\(name)"),
            "ref": .string("ghcr.io/siderolabs/\(name):\(tag)"),
            "digest": .string("sha256:\(digest)"), "author": "Sidero Labs",
            "description": .string("[core] System extension \(name)."),
        ]
    }

    /// `/v2/NAME/SCHEMATIC/manifests/TAG`: whether such an installer can be made.
    private func manifest(_ parts: [String]) -> WebAnswer {
        guard parts[3] == "manifests", parts[1].contains("installer") else {
            return .text(400, "invalid image: \(parts[1])")
        }
        guard let id = SchematicID(parts[2]), let names = shelf.all()[id] else {
            return .text(404, "schematic not found")
        }
        guard let version = Version(parts[4]), ReleaseTable.exists(version) else {
            return .text(404, "version \(parts[4]) is not available")
        }
        if let missing = names.first(where: {
            ExtensionCatalog.resolved($0, talos: version) == nil
        }) {
            return .text(
                400,
                "error enhancing profile from schematic: official extension "
                    + "\"siderolabs/\(missing)\" is not available for Talos version \(version.tag)")
        }
        return .json(
            200, ["schemaVersion": 2, "manifests": []],
            type: "application/vnd.oci.image.index.v1+json")
    }
}
