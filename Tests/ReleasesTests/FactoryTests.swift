import Model
import Releases
import Testing

struct FactoryTests {
    private static let schematic = ImageSchematic(extensions: ["siderolabs/iscsi-tools"])
    private static let talos = Version(1, 9, 4)

    private func client(
        _ url: String, limit: Duration = .seconds(10), bundled: ExtensionCatalog? = nil
    ) throws -> FactoryClient {
        FactoryClient(
            try ServiceAddress(url, setting: "factory.url"), web: WebClient(), limit: limit,
            bundled: { _ in bundled })
    }

    /// One question to a server that answers everything alike.
    private func asking<Answer: Sendable>(
        _ answer: String?, limit: Duration = .seconds(10), bundled: ExtensionCatalog? = nil,
        _ question: (FactoryClient) async throws -> Answer
    ) async throws -> Answer {
        let server = try await WebServer { _ in answer }
        let client = try client(server.url, limit: limit, bundled: bundled)
        do {
            let result = try await question(client)
            await server.close()
            return result
        } catch {
            await server.close()
            throw error
        }
    }

    @Test func `a schematic is registered and its id compared`() async throws {
        let id = Self.schematic.id
        let server = try await WebServer { _ in WebServer.answer(201, "{\"id\":\"\(id)\"}") }
        let answer = try await client(server.url).register(Self.schematic)
        #expect(answer.isAsPredicted && answer.id == id && answer.remark == nil)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /schematics HTTP/1.1\r\n"))
        #expect(request.hasSuffix("\r\n\r\n" + Self.schematic.canonicalText()))
        await server.close()
    }

    @Test func `another spelling of the same recipe is accepted with a word`() async throws {
        let odd = ImageSchematic(extraKernelArguments: ["yes"])
        let theirs = odd.id(.v4rc6)
        let known = try await asking(WebServer.answer(201, "{\"id\":\"\(theirs)\"}")) {
            try await $0.register(odd)
        }
        #expect(known.id == theirs && known.remark != nil)
        // A factory newer than this bump, whose text proves it.
        let text = Self.schematic.canonicalText().replacing("    ", with: "  ")
        let newer = SchematicID(digestOf: text)
        let json = text.replacing("\n", with: "\\n")
        let proven = try await asking(
            WebServer.answer(201, "{\"id\":\"\(newer)\",\"schematic\":\"\(json)\"}")
        ) { try await $0.register(Self.schematic) }
        #expect(proven.id == newer && !proven.isAsPredicted)
    }

    @Test(
        arguments: [
            "{\"id\":\"\(SchematicID.empty)\"}",
            "{\"id\":\"\(SchematicID.empty)\",\"schematic\":\"customization: {}\\n\"}",
        ])
    func `an id of something else is refused`(_ body: String) async throws {
        let server = try await WebServer { request in
            request.hasPrefix("POST")
                ? WebServer.answer(201, body) : WebServer.answer(200, "customization: {}\n")
        }
        let problem = await #expect(throws: Problem.self) {
            try await client(server.url).register(Self.schematic)
        }
        #expect(problem?.kind == .refused)
        #expect(problem?.summary.contains("belongs to something else") ?? false)
        await server.close()
    }

    @Test func `a refusal carries the factory's words`() async throws {
        let problem = await #expect(throws: Problem.self) {
            try await asking(WebServer.answer(400, "yaml: construct errors:\n  line 1: no\n")) {
                try await $0.register(Self.schematic)
            }
        }
        #expect(problem?.kind == .refused)
        #expect(problem?.details == ["yaml: construct errors: line 1: no"])
    }

    @Test func `versions and extensions are read in the factory's order`() async throws {
        let versions = try await asking(
            WebServer.answer(200, "[\"v1.9.4\",\"v1.10.0-beta.0\",\"x\"]")
        ) {
            try await $0.versions()
        }
        #expect(versions == [Version(1, 9, 4), Version(1, 10, 0, prerelease: "beta.0")])
        let body =
            "[{\"name\":\"siderolabs/zfs\",\"ref\":\"x\"},{\"name\":\"siderolabs/amd-ucode\"}]"
        let catalog = try await asking(WebServer.answer(200, body)) {
            try await $0.extensions(for: Self.talos)
        }
        #expect(catalog.names == ["siderolabs/zfs", "siderolabs/amd-ucode"])
        #expect(catalog.remark == nil)
    }

    static let useless: [(answer: String?, words: String)] = [
        (WebServer.answer(200, "<html>welcome</html>"), "not a list of versions"),
        (WebServer.answer(200, "[]"), "not a list of versions"),
        (WebServer.answer(200, "[1,2]"), "not a list of versions"),
        (WebServer.answer(429, "slow down", headers: "Retry-After: 7\r\n"), "fewer requests"),
        (WebServer.answer(403, "", headers: "x-ratelimit-remaining: 0\r\n"), "fewer requests"),
        (WebServer.answer(500, "internal server error\n"), "trouble of its own"),
        (WebServer.answer(503), "trouble of its own"),
        (WebServer.answer(302, "", headers: "Location: /versions\r\n"), "redirects without end"),
        (nil, "did not answer within 1 s"),
        (WebServer.answer(200, String(repeating: "x", count: 5 << 20)), "larger than"),
        ("HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\n[\"v1", "did not answer within 1 s"),
    ]

    @Test(arguments: useless.indices)
    func `a factory that is of no use gives a clear problem`(_ index: Int) async throws {
        let useless = Self.useless[index]
        let limit: Duration = useless.words.contains("1 s") ? .seconds(1) : .seconds(20)
        let problem = await #expect(throws: Problem.self) {
            try await asking(useless.answer, limit: limit) { try await $0.versions() }
        }
        #expect(problem?.kind == .unreachable)
        #expect(problem?.summary.contains(useless.words) ?? false, "\(problem?.summary ?? "")")
        #expect(problem?.fix != nil)
    }

    @Test func `nobody there gives a clear problem, and the bundled extensions`() async throws {
        let url = try await ClosedPort.url()
        let problem = await #expect(throws: Problem.self) { try await client(url).versions() }
        #expect(problem?.kind == .unreachable)
        #expect(problem?.causes.first == "connection refused")
        let bundle = ExtensionCatalog(
            talos: Self.talos, names: ["siderolabs/zfs"], origin: .bundled(asOf: 0))
        let catalog = try await client(url, bundled: bundle).extensions(for: Self.talos)
        #expect(catalog.names == ["siderolabs/zfs"] && catalog.remark?.contains("reached") ?? false)
    }

    @Test func `a version the factory does not know is refused, not replaced by the bundle`()
        async throws
    {
        let bundle = ExtensionCatalog(
            talos: Self.talos, names: ["siderolabs/zfs"], origin: .bundled(asOf: 0))
        let problem = await #expect(throws: Problem.self) {
            try await asking(
                WebServer.answer(404, "version 1.9.99 is not available\n"), bundled: bundle
            ) { try await $0.extensions(for: Version(1, 9, 99)) }
        }
        #expect(problem?.kind == .refused)
    }

    @Test(arguments: [(200, true), (307, true), (302, true), (404, false)])
    func `an installer is asked for by its manifest`(_ code: Int, _ there: Bool) async throws {
        let server = try await WebServer { _ in
            WebServer.answer(code, headers: "Location: https://ghcr.io/x\r\n")
        }
        let client = try client(server.url + "/factory/")
        let image = InstallerImage(
            host: "127.0.0.1:\(server.port)/factory", name: "metal-installer", schematic: .empty,
            tag: "v1.10.1")
        #expect(try await client.offers(image, within: .seconds(10)) == there)
        let path = "/v2/factory/metal-installer/\(SchematicID.empty)/manifests/v1.10.1"
        #expect(server.requests.first?.hasPrefix("HEAD \(path) HTTP/1.1") ?? false)
        await server.close()
    }

    @Test func `an extension missing for that version is told in the factory's words`()
        async throws
    {
        let server = try await WebServer { request in
            request.hasPrefix("HEAD")
                ? "HTTP/1.1 400 X\r\nConnection: close\r\n\r\n"
                : WebServer.answer(400, "official extension \"siderolabs/x\" is not available\n")
        }
        let image = InstallerImage(
            host: "127.0.0.1:\(server.port)", name: "metal-installer", schematic: .empty,
            tag: "v1.10.1")
        let problem = await #expect(throws: Problem.self) {
            try await client(server.url).offers(image, within: .seconds(10))
        }
        #expect(problem?.details.first?.contains("siderolabs/x") ?? false)
        await server.close()
    }

    @Test(
        arguments: [
            "ftp://x", "https://", "https://user@host", "https://h:0", "https://h:70000",
            "https://a b", "https://h/?q", "factory.talos.dev", "https://[::1", "https://é",
        ])
    func `an address must be one`(_ text: String) {
        #expect(throws: Problem.self) { try ServiceAddress(text, setting: "factory.url") }
    }

    @Test func `an address may have a port and a path`() throws {
        let address = try ServiceAddress("http://[::1]:8080/factory/", setting: "factory.url")
        #expect(address.description == "http://[::1]:8080/factory")
        #expect(address.registry == "[::1]:8080/factory")
    }
}
