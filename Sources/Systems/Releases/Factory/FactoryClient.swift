import Foundation
package import Model

/// The client of one Image Factory.
///
/// Source: siderolabs/image-factory, `internal/frontend/http`.
package struct FactoryClient: ImageCatalogReading, ImageCatalogChanging {
    package let address: ServiceAddress
    private let web: WebClient
    private let limit: Duration
    private let bundled: @Sendable (Version) -> ExtensionCatalog?

    /// - Parameters:
    ///   - limit: for each call but `offers`, which has its own.
    ///   - bundled: the extensions to fall back on when the factory does not answer.
    package init(
        _ address: ServiceAddress, web: WebClient, limit: Duration = .seconds(15),
        bundled: @escaping @Sendable (Version) -> ExtensionCatalog? = { _ in nil }
    ) {
        self.address = address
        self.web = web
        self.limit = limit
        self.bundled = bundled
    }

    /// The official instance.
    package static let official = "https://factory.talos.dev"

    package func versions() async throws -> [Version] {
        let request = ask("/versions", "list Talos versions")
        let answer = try await success(request)
        let versions = (try? JSONDecoder().decode([String].self, from: answer.body))?
            .compactMap { Version($0) }.sorted()
        guard let versions, !versions.isEmpty else {
            throw WebAnswer.nonsense(request, expected: "a list of versions")
        }
        return versions
    }

    package func extensions(for talos: Version) async throws -> ExtensionCatalog {
        let request = ask(
            "/version/\(talos.tag)/extensions/official", "list the extensions of Talos \(talos)")
        do {
            let answer = try await success(request)
            guard let names = Self.names(answer.body) else {
                throw WebAnswer.nonsense(request, expected: "a list of extensions")
            }
            return ExtensionCatalog(
                talos: talos, names: names, origin: .factory(address.description))
        } catch let problem as Problem where problem.kind == .unreachable {
            guard var catalog = bundled(talos) else { throw problem }
            catalog.remark = problem.summary
            return catalog
        }
    }

    package func schematic(_ id: SchematicID) async throws -> ImageSchematic? {
        let request = ask("/schematics/\(id)", "read schematic \(id.short)")
        let answer = try await web.answer(request)
        if answer.code == 404 { return nil }
        guard answer.isSuccess else { throw answer.problem(request) }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard let schematic = try? ImageSchematic(yaml: text, source: "schematic \(id.short)")
        else {
            throw WebAnswer.nonsense(request, expected: "a schematic")
        }
        return schematic
    }

    package func register(_ schematic: ImageSchematic) async throws -> RegisteredSchematic {
        var request = ask("/schematics", "register a schematic")
        request.method = .post
        request.headers.append(("Content-Type", "application/yaml"))
        request.body = schematic.requestText
        let answer = try await success(request)
        guard let given = try? JSONDecoder().decode(Registration.self, from: answer.body),
            let id = SchematicID(given.id)
        else { throw WebAnswer.nonsense(request, expected: "the id of a schematic") }
        let predicted = schematic.id
        if id == predicted { return RegisteredSchematic(id: id, predicted: predicted) }
        guard try await isSame(schematic, as: id, text: given.schematic) else {
            throw Problem(
                .refused, "The factory's id for this schematic belongs to something else.",
                details: [
                    "computed here: \(predicted)", "\(address.authority): \(id)",
                ], fix: "check that \(address) is an Image Factory you trust")
        }
        return RegisteredSchematic(
            id: id, predicted: predicted,
            remark: "\(address.authority) writes this schematic in another way: its id is "
                + "\(id.short), not \(predicted.short).")
    }

    /// Whether an unexpected id is still one of this recipe: by what factories of another age
    /// would compute, else by the text the factory hashed, else by asking for it.
    private func isSame(
        _ schematic: ImageSchematic, as id: SchematicID, text: String?
    ) async throws -> Bool {
        if schematic.candidateIDs.contains(id) { return true }
        if let text {
            let read = try? ImageSchematic(yaml: text, source: "the factory's answer")
            return SchematicID(digestOf: text) == id && read == schematic
        }
        return try await self.schematic(id) == schematic
    }

    package func offers(_ image: InstallerImage, within limit: Duration) async throws -> Bool {
        let (service, folder) = try registry(of: image)
        let repository = folder + (image.schematic.map { "\(image.name)/\($0)" } ?? image.name)
        var request = WebRequest(
            service: service, path: "/v2/\(repository)/manifests/\(image.tag)", limit: limit,
            purpose: "build \(image.name) \(image.tag)")
        request.method = .head
        request.keepsRedirects = true
        request.headers = [
            (
                "Accept",
                "application/vnd.oci.image.index.v1+json, "
                    + "application/vnd.docker.distribution.manifest.list.v2+json, "
                    + "application/vnd.oci.image.manifest.v1+json"
            )
        ]
        let answer = try await web.answer(request)
        if answer.isSuccess || [302, 307, 308].contains(answer.code) { return true }
        if answer.code == 404 { return false }
        guard answer.code == 400 else { throw answer.problem(request) }
        // A HEAD has no words; the same question with GET tells why.
        request.method = .get
        throw try await web.answer(request).problem(request)
    }

    /// The registry in an image's name: its address, and the folder in front of the name.
    private func registry(of image: InstallerImage) throws -> (ServiceAddress, String) {
        if image.host.lowercased() == address.registry.lowercased() {
            let folder = address.prefix.dropFirst()
            return (
                ServiceAddress(bare: address), folder.isEmpty ? "" : folder + "/"
            )
        }
        let authority = image.host.prefix { $0 != "/" }
        let folder = image.host.dropFirst(authority.count).drop { $0 == "/" }
        guard let service = ServiceAddress("https://\(authority)") else {
            throw Problem(.refused, "\(image.host) is not a registry.", at: image.description)
        }
        return (service, folder.isEmpty ? "" : folder + "/")
    }

    private func ask(_ path: String, _ purpose: String) -> WebRequest {
        WebRequest(service: address, path: path, limit: limit, largest: 4 << 20, purpose: purpose)
    }

    private func success(_ request: WebRequest) async throws -> WebAnswer {
        let answer = try await web.answer(request)
        guard answer.isSuccess else { throw answer.problem(request) }
        return answer
    }

    /// Nil unless it is a list of at least one extension, every name of which is a name.
    private static func names(_ body: Data) -> [String]? {
        struct Entry: Decodable { var name: String }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: body), !entries.isEmpty,
            entries.count <= 5000, entries.allSatisfy({ isName($0.name) })
        else { return nil }
        return entries.map(\.name)
    }

    private static func isName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0)
                    || "-_./:".utf8.contains($0)
            }
    }

    private struct Registration: Decodable {
        var id: String
        /// Since Image Factory v1.3.0.
        var schematic: String?
    }
}

extension ServiceAddress {
    /// The same host without what is in front of its paths.
    init(bare address: ServiceAddress) {
        self = address
        prefix = ""
    }
}
