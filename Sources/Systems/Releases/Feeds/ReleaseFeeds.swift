import Foundation
package import Model

/// The release feeds: GitHub's API, or something that answers like it.
///
/// Source: docs.github.com, “REST API endpoints for releases” and “Rate limits”.
package struct ReleaseFeeds: ReleaseReading {
    private let address: ServiceAddress
    private let web: WebClient
    private let cache: AnswerCache<[Release]>
    private let bundled: KnownReleases
    private let factory: FactoryClient?
    private let markers: ServiceAddress?
    private let now: @Sendable () -> Double
    private let limit: Duration

    /// - Parameters:
    ///   - address: what stands in front of `/repos/OWNER/NAME/releases`.
    ///   - cache: the folder for earlier answers; nil keeps none.
    ///   - bundled: what to fall back on.
    ///   - factory: asked for Talos versions when the feed does not answer.
    ///   - markers: asked for Kubernetes versions then: what stands in front of
    ///     `/release/stable.txt`.
    ///   - now: seconds since 1970, UTC.
    package init(
        _ address: ServiceAddress, web: WebClient, cache: String?, bundled: KnownReleases,
        factory: FactoryClient? = nil, markers: ServiceAddress? = nil,
        limit: Duration = .seconds(20),
        now: @escaping @Sendable () -> Double
    ) {
        self.address = address
        self.web = web
        self.cache = AnswerCache(folder: cache)
        self.bundled = bundled
        self.factory = factory
        self.markers = markers
        self.limit = limit
        self.now = now
    }

    /// GitHub.
    package static let official = "https://api.github.com"
    /// Where Kubernetes is downloaded.
    package static let officialMarkers = "https://dl.k8s.io"

    /// Both products, asked at the same time.
    package func all() async -> KnownReleases {
        async let talos = releases(of: .talos)
        async let kubernetes = releases(of: .kubernetes)
        return KnownReleases(talos: await talos, kubernetes: await kubernetes)
    }

    package func releases(of product: Product) async -> ReleaseList {
        let request = listRequest(product)
        let url = request.service.description + request.path
        let earlier = cache.read(url, as: product.rawValue)
        let time = now()
        if let earlier, (0..<Self.freshness).contains(time - earlier.fetchedAt) {
            return merged(product, earlier.value, .feed(address.description))
        }
        do {
            let releases = try await fetch(request, product, earlier)
            return merged(product, releases, .feed(address.description))
        } catch {
            let why = Problem(error)
            if let earlier {
                return merged(
                    product, earlier.value,
                    .cache(address.description, asOf: earlier.fetchedAt), remark: why.summary)
            }
            return await substitute(product, why)
        }
    }

    package func notes(of product: Product, _ version: Version) async throws -> ReleaseNotes {
        try await notes(of: product, version, within: limit)
    }

    /// - Parameter limit: how long to wait.
    package func notes(
        of product: Product, _ version: Version, within limit: Duration
    ) async throws -> ReleaseNotes {
        let path = "/repos/\(product.repository)/releases/tags/\(version.tag)"
        let request = WebRequest(
            service: address, path: path, headers: Self.headers, limit: limit,
            largest: 4 << 20,
            purpose: "read the notes of \(product.title) \(product.spelling(version))")
        let answer = try await web.answer(request)
        guard answer.isSuccess else { throw answer.problem(request) }
        guard let release = try? JSONDecoder().decode(FeedRelease.self, from: answer.body),
            Version(release.tagName) == version
        else { throw WebAnswer.nonsense(request, expected: "a release") }
        let page = release.page.flatMap { $0.hasPrefix("https://") ? $0 : nil }
        return NotesReader.notes(
            version, release.body ?? "",
            page: page ?? "https://github.com/\(product.repository)/releases/tag/\(version.tag)")
    }

    private func listRequest(_ product: Product) -> WebRequest {
        WebRequest(
            service: address, path: "/repos/\(product.repository)/releases?per_page=100",
            headers: Self.headers, limit: limit, largest: 48 << 20,
            purpose: "list the releases of \(product.title)")
    }

    private func fetch(
        _ request: WebRequest, _ product: Product, _ earlier: AnswerCache<[Release]>.Entry?
    ) async throws -> [Release] {
        var request = request
        if let etag = earlier?.etag { request.headers.append(("If-None-Match", etag)) }
        let answer = try await web.answer(request)
        let url = request.service.description + request.path
        if answer.code == 304, let earlier {
            cache.write(
                earlier.value, url: url, etag: earlier.etag, at: now(), as: product.rawValue)
            return earlier.value
        }
        guard answer.isSuccess else { throw answer.problem(request) }
        let listed = (try? JSONDecoder().decode([FeedRelease].self, from: answer.body))?
            .compactMap(\.release)
        guard let listed, listed.contains(where: { $0.version.prerelease.isEmpty }) else {
            throw WebAnswer.nonsense(request, expected: "a list of releases")
        }
        cache.write(listed, url: url, etag: answer.etag, at: now(), as: product.rawValue)
        return listed
    }

    /// The feed decides what is newest; the bundled table adds what is older than its first page.
    private func merged(
        _ product: Product, _ releases: [Release], _ origin: ReleaseList.Origin,
        remark: String? = nil
    ) -> ReleaseList {
        let feed = ReleaseList(product, releases, origin: origin, remark: remark)
        guard let newest = feed.newest?.version else { return bundled[product] }
        var older = bundled[product]
        older.releases.removeAll { $0.version > newest }
        return older.merging(feed)
    }

    /// What is known without the feed.
    private func substitute(_ product: Product, _ why: Problem) async -> ReleaseList {
        if product == .talos, let factory, let versions = try? await factory.versions() {
            return merged(
                product, versions.map { Release($0) }, .feed(factory.address.description),
                remark: why.summary)
        }
        if product == .kubernetes, let markers, let versions = await stable(markers) {
            return merged(
                product, versions.map { Release($0) }, .feed(markers.description),
                remark: why.summary)
        }
        var list = bundled[product]
        list.remark = why.summary
        return list
    }

    /// The newest Kubernetes, and the newest patch of the minors before it. Nil without an answer.
    ///
    /// Source: the version markers of dl.k8s.io, `stable.txt` and `stable-1.N.txt`.
    private func stable(_ markers: ServiceAddress) async -> [Version]? {
        guard let newest = await marker("stable", markers) else { return nil }
        let minors = (1...5).map { newest.minor - $0 }.filter { $0 >= 0 }
        return await withTaskGroup(of: Version?.self) { group in
            for minor in minors {
                group.addTask { await marker("stable-\(newest.major).\(minor)", markers) }
            }
            return await group.reduce(into: [newest]) { all, version in
                if let version { all.append(version) }
            }
        }
    }

    private func marker(_ name: String, _ markers: ServiceAddress) async -> Version? {
        let request = WebRequest(
            service: markers, path: "/release/\(name).txt", limit: min(limit, .seconds(5)),
            largest: 4096,
            purpose: "read \(name).txt")
        guard let answer = try? await web.answer(request), answer.isSuccess else { return nil }
        let text = String(decoding: answer.body, as: UTF8.self)
        return Version(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// GitHub allows 60 questions an hour, and counts those that a cached answer suffices for.
    private static let freshness = 3600.0

    private static let headers: [(name: String, value: String)] = [
        ("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"),
    ]
}

/// A release as GitHub writes it.
private struct FeedRelease: Decodable {
    var tagName: String
    var isDraft: Bool?
    var publishedAt: String?
    var page: String?
    var body: String?

    private enum CodingKeys: String, CodingKey {
        case tagName = "tag_name"
        case isDraft = "draft"
        case publishedAt = "published_at"
        case page = "html_url"
        case body
    }

    /// Nil for drafts and for tags that are no versions.
    var release: Release? {
        guard isDraft != true, tagName.hasPrefix("v"), let version = Version(tagName) else {
            return nil
        }
        return Release(version, publishedAt: publishedAt.flatMap { ISOTime.seconds($0) })
    }
}
