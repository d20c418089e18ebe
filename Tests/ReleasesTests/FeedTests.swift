import Foundation
import Model
import Releases
import Testing

struct FeedTests {
    private static let bundled = KnownReleases(
        talos: ReleaseList(
            .talos,
            [
                Release(Version(1, 8, 4), publishedAt: 1), Release(Version(1, 9, 0)),
                Release(Version(1, 9, 1), isWithdrawn: true), Release(Version(1, 11, 0)),
            ], origin: .bundled(asOf: 5)),
        kubernetes: ReleaseList(
            .kubernetes, [Release(Version(1, 32, 0))], origin: .bundled(asOf: 5))
    )

    private static let list = """
        [{"tag_name": "v1.10.0", "published_at": "2025-04-30T10:00:00Z", "body": null},
         {"tag_name": "v1.11.0-beta.0", "prerelease": true, "published_at": null},
         {"tag_name": "v1.9.1", "published_at": "2024-12-26T00:00:00Z"},
         {"tag_name": "v1.12.0", "draft": true}, {"tag_name": "pkg/machinery/v1.9.9"}]
        """

    private func feeds(
        _ url: String, cache: String? = nil, at time: Double = 1000, limit: Duration = .seconds(10)
    ) throws -> ReleaseFeeds {
        ReleaseFeeds(
            try ServiceAddress(url, setting: "releases.url"), web: WebClient(), cache: cache,
            bundled: Self.bundled, limit: limit, now: { time })
    }

    private func folder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "bump-feeds-\(UUID())").path
    }

    @Test func `the feed is read, and the table adds what is older`() async throws {
        let server = try await WebServer { _ in WebServer.answer(200, Self.list) }
        let list = try await feeds(server.url).releases(of: .talos)
        await server.close()
        #expect(list.origin == .feed(server.url) && list.remark == nil)
        #expect(list.usable.map(\.version.tag) == ["v1.8.4", "v1.9.0", "v1.10.0"])
        #expect(list[Version(1, 9, 1)]?.isWithdrawn ?? false)
        #expect(list[Version(1, 10, 0)]?.publishedAt == 1_746_007_200)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("GET /repos/siderolabs/talos/releases?per_page=100 "))
        #expect(request.contains("User-Agent: bump"))
    }

    @Test func `an answer is kept, private, and used again within the hour`() async throws {
        let cache = folder()
        let server = try await WebServer { _ in
            WebServer.answer(200, Self.list, headers: "ETag: \"abc\"\r\n")
        }
        _ = try await feeds(server.url, cache: cache).releases(of: .talos)
        _ = try await feeds(server.url, cache: cache, at: 4599).releases(of: .talos)
        #expect(server.requests.count == 1)
        _ = try await feeds(server.url, cache: cache, at: 4600).releases(of: .talos)
        #expect(server.requests.last?.contains("If-None-Match: \"abc\"") ?? false)
        await server.close()
        let offline = try await feeds(server.url, cache: cache, at: 99_999).releases(of: .talos)
        #expect(offline.origin == .cache(server.url, asOf: 4600))
        #expect(offline.newest?.version == Version(1, 10, 0) && offline.remark != nil)
        let path = cache + "/talos.json"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == ["talos.json"])
        try FileManager.default.removeItem(atPath: cache)
    }

    @Test func `an unchanged feed costs no body`() async throws {
        let cache = folder()
        let server = try await WebServer { request in
            request.contains("If-None-Match")
                ? WebServer.answer(304)
                : WebServer.answer(200, Self.list, headers: "ETag: \"abc\"\r\n")
        }
        _ = try await feeds(server.url, cache: cache).releases(of: .talos)
        let again = try await feeds(server.url, cache: cache, at: 9000).releases(of: .talos)
        #expect(again.origin == .feed(server.url) && again.newest?.version == Version(1, 10, 0))
        await server.close()
        try FileManager.default.removeItem(atPath: cache)
    }

    @Test(arguments: ["", "{", "null", "{\"format\":1,\"url\":\"http://other\"}", "\u{0}\u{1}"])
    func `a damaged cache is ignored`(_ text: String) async throws {
        let cache = folder()
        try FileManager.default.createDirectory(
            atPath: cache, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: cache + "/talos.json"))
        let server = try await WebServer { _ in WebServer.answer(200, Self.list) }
        let list = try await feeds(server.url, cache: cache).releases(of: .talos)
        await server.close()
        #expect(list.origin == .feed(server.url))
        try FileManager.default.removeItem(atPath: cache)
    }

    @Test func `a cache that cannot be written is no reason to fail`() async throws {
        let server = try await WebServer { _ in WebServer.answer(200, Self.list) }
        let list = try await feeds(server.url, cache: "/dev/null/x").releases(of: .talos)
        await server.close()
        #expect(list.newest?.version == Version(1, 10, 0))
    }

    static let useless: [(answer: String?, words: String)] = [
        (WebServer.answer(403, "{}", headers: "x-ratelimit-remaining: 0\r\n"), "fewer requests"),
        (WebServer.answer(429), "fewer requests"), (WebServer.answer(200, "{}"), "not a list"),
        (WebServer.answer(200, "[{\"tag_name\":\"latest\"}]"), "not a list"),
        (WebServer.answer(404), "refused"), (WebServer.answer(502), "trouble of its own"),
        (nil, "did not answer"),
        (WebServer.answer(302, "", headers: "Location: ftp://x/\r\n"), "redirects"),
    ]

    @Test(arguments: useless.indices)
    func `a feed that is of no use gives the bundled releases and says why`(_ index: Int)
        async throws
    {
        let useless = Self.useless[index]
        let server = try await WebServer { _ in useless.answer }
        let feeds = try feeds(
            server.url, limit: useless.answer == nil ? .seconds(1) : .seconds(20))
        let list = await feeds.releases(of: .talos)
        await server.close()
        #expect(list.origin == .bundled(asOf: 5) && list.newest?.version == Version(1, 11, 0))
        #expect(list.remark?.contains(useless.words) ?? false, "\(list.remark ?? "")")
    }

    @Test func `without the feed the factory tells the Talos versions`() async throws {
        let server = try await WebServer { request in
            request.hasPrefix("GET /versions ")
                ? WebServer.answer(200, "[\"v1.9.0\",\"v1.9.7\"]") : WebServer.answer(403)
        }
        let address = try ServiceAddress(server.url, setting: "x")
        let web = WebClient()
        let feeds = ReleaseFeeds(
            address, web: web, cache: nil, bundled: Self.bundled,
            factory: FactoryClient(address, web: web), now: { 0 })
        let known = await feeds.all()
        await server.close()
        #expect(known.talos.newest?.version == Version(1, 9, 7) && known.talos.remark != nil)
        #expect(known.kubernetes.origin == .bundled(asOf: 5))
    }

    @Test func `without the feed the markers tell the Kubernetes versions`() async throws {
        let markers = ["stable": "v1.34.1\n", "stable-1.33": "v1.33.5", "stable-1.32": "garbage"]
        let server = try await WebServer { request in
            let name = markers.keys.first { request.hasPrefix("GET /release/\($0).txt ") }
            return name.flatMap { markers[$0] }.map { WebServer.answer(200, $0) }
                ?? WebServer.answer(403)
        }
        let address = try ServiceAddress(server.url, setting: "x")
        let feeds = ReleaseFeeds(
            address, web: WebClient(), cache: nil, bundled: Self.bundled, markers: address,
            now: { 0 })
        let list = await feeds.releases(of: .kubernetes)
        await server.close()
        #expect(list.usable.map(\.version.number) == ["1.32.0", "1.33.5", "1.34.1"])
        #expect(list.origin == .feed(server.url) && list.remark != nil)
    }

    @Test func `notes are cut to what an upgrader reads`() async throws {
        let body = """
            ## [Talos 1.10.0](https://x) (2025-04-30)\\n\\nWelcome!\\n\\n### cgroups v1\\n\\n\
            cgroups v1 is no longer supported.\\u001b[31m\\n\\n### Kernel\\n\\n6.12\\n\\n\
            ### Contributors\\n\\n* somebody\\n\\n### Changes\\n<details><summary>\\n\
            # not a title\\n</details>\\n
            """
        let json = "{\"tag_name\":\"v1.10.0\",\"html_url\":\"javascript:x\",\"body\":\"\(body)\"}"
        let server = try await WebServer { _ in WebServer.answer(200, json) }
        let notes = try await feeds(server.url).notes(of: .talos, Version(1, 10, 0))
        await server.close()
        #expect(notes.page == "https://github.com/siderolabs/talos/releases/tag/v1.10.0")
        #expect(notes.sections.map(\.title).suffix(2) == ["cgroups v1", "Kernel"])
        #expect(notes.sections.map(\.isBreaking) == [false, true, false])
        #expect(notes.sections[1].lines == ["cgroups v1 is no longer supported.[31m"])
    }
}
