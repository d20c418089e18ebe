import Crypto
import Foundation
import Model
import Simulation
import Synchronization

/// GitHub's releases of Talos and Kubernetes, and the version markers of dl.k8s.io.
final class ReleaseFeeds: Sendable {
    private let used = Mutex(0)

    /// Nil for a path that is no feed's.
    func answer(_ request: WebRequest, isLimited: Bool = false) -> WebAnswer? {
        let parts = request.parts
        switch (parts.first, parts.count) {
        case ("repos", 4...): return gitHub(request, parts, isLimited: isLimited)
        case ("rate_limit", 1):
            return .json(200, ["resources": ["core": limits(isLimited)]])
        case ("release", 2):
            return WebAnswer(
                302, "text/plain", "", headers: ["location": "/cdn/release/\(parts[1])"])
        case ("cdn", 3): return marker(parts[2])
        default: return nil
        }
    }

    // MARK: GitHub

    private func gitHub(
        _ request: WebRequest, _ parts: [String], isLimited: Bool
    ) -> WebAnswer {
        guard request.headers["user-agent"] != nil else {
            return .text(403, "Request forbidden by administrative rules.")
        }
        let reset = String(Int(Date().timeIntervalSince1970) + 1800)
        let spent = used.withLock { used in
            used += 1
            return min(used, 59)
        }
        var headers = [
            "x-ratelimit-limit": "60", "x-ratelimit-used": String(isLimited ? 60 : spent),
            "x-ratelimit-remaining": String(isLimited ? 0 : 60 - spent),
            "x-ratelimit-reset": reset, "x-ratelimit-resource": "core",
        ]
        if isLimited {
            return .json(
                403,
                [
                    "message": "API rate limit exceeded for 127.0.0.1.",
                    "documentation_url":
                        "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
                ], headers: headers)
        }
        guard let releases = releases(of: parts[1] + "/" + parts[2]), parts[3] == "releases",
            let answer = body(parts, releases, request, &headers)
        else {
            return .json(404, ["message": "Not Found", "status": "404"], headers: headers)
        }
        let text = String(decoding: JSONText.bytes(answer), as: UTF8.self)
        let digest = SHA256.hash(data: Array(text.utf8))
            .map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        let tag = "W/\"\(digest)\""
        headers["etag"] = tag
        if request.headers["if-none-match"] == tag {
            return WebAnswer(304, "application/json; charset=utf-8", "", headers: headers)
        }
        return WebAnswer(200, "application/json; charset=utf-8", text, headers: headers)
    }

    private func body(
        _ parts: [String], _ releases: [Release], _ request: WebRequest,
        _ headers: inout [String: String]
    ) -> JSONValue? {
        switch parts.count {
        case 4:
            let size = max(1, min(100, Int(request.query["per_page"] ?? "") ?? 30))
            let page = max(1, min(10_000, Int(request.query["page"] ?? "") ?? 1))
            let last = max(1, (releases.count + size - 1) / size)
            if page < last {
                let host = request.headers["host"] ?? "localhost"
                let base = "<http://\(host)\(request.path)?per_page=\(size)&page="
                headers["link"] =
                    "\(base)\(page + 1)>; rel=\"next\", \(base)\(last)>; rel=\"last\""
            }
            return .array(releases.dropFirst((page - 1) * size).prefix(size).map(\.json))
        case 5 where parts[4] == "latest":
            return releases.filter { $0.version.prerelease.isEmpty }.first?.json
        case 6 where parts[4] == "tags":
            return releases.first { $0.version.tag == parts[5] }?.json
        default: return nil
        }
    }

    /// Newest first; nil for a repository that is not known.
    private func releases(of repository: String) -> [Release]? {
        let versions: [Version]
        switch repository {
        case "siderolabs/talos":
            versions = ReleaseTable.series.flatMap { row in
                (0...row.lastPatch).map { Version(1, row.minor, $0) }
            }.filter { ReleaseTable.exists($0) }
        case "kubernetes/kubernetes":
            versions = KubernetesReleases.series.flatMap { row in
                (0...row.lastPatch).map { Version(1, row.minor, $0) }
            }
        default: return nil
        }
        let isTalos = repository == "siderolabs/talos"
        return versions.compactMap { version in
            let day = isTalos ? ReleaseDays.talos(version) : ReleaseDays.kubernetes(version)
            return day.map { Release(repository: repository, version: version, day: $0) }
        }.sorted { ($0.day, $0.version) > ($1.day, $1.version) }
    }

    private func limits(_ isLimited: Bool) -> JSONValue {
        let spent = isLimited ? 60 : used.withLock { min($0, 59) }
        return [
            "limit": 60, "used": .whole(spent), "remaining": .whole(60 - spent),
            "reset": .whole(Int(Date().timeIntervalSince1970) + 1800),
        ]
    }

    // MARK: dl.k8s.io

    private func marker(_ file: String) -> WebAnswer {
        let newest: (Int?) -> String? = { minor in
            let rows = KubernetesReleases.series
            let row = minor.map { wanted in rows.first { $0.minor == wanted } } ?? rows.last
            return row.map { Version(1, $0.minor, $0.lastPatch).tag }
        }
        for word in ["stable", "latest"] where file.hasPrefix(word) && file.hasSuffix(".txt") {
            let rest = file.dropFirst(word.count).dropLast(4)
            let found =
                ["", "-1"].contains(rest)
                ? newest(nil)
                : rest.hasPrefix("-1.") ? Int(rest.dropFirst(3)).flatMap { newest($0) } : nil
            if let found { return WebAnswer(200, "text/plain", found) }
        }
        return WebAnswer(404, "application/xml", "<Error><Code>NoSuchKey</Code></Error>")
    }
}

/// One release as GitHub shows it.
private struct Release {
    var repository: String
    var version: Version
    var day: String

    var json: JSONValue {
        let page = "https://github.com/\(repository)/releases/tag/\(version.tag)"
        return [
            "tag_name": .string(version.tag), "name": .string(version.tag), "draft": false,
            "prerelease": .bool(!version.prerelease.isEmpty),
            "created_at": .string("\(day)T10:00:00Z"),
            "published_at": .string("\(day)T12:00:00Z"), "html_url": .string(page),
            "body": .string(notes), "assets": [],
        ]
    }

    private var notes: String {
        guard repository == "siderolabs/talos" else {
            return "See the CHANGELOG for more details.\n"
        }
        var text = "## [Talos \(version.number)](\(version.tag)) (\(day))\n\n"
        if version.patch == 0, let breaking = Self.breaking[version.minor] {
            text += "### Breaking changes\n\n" + breaking.map { "* \($0)\n" }.joined() + "\n"
        }
        return text + "### Component Updates\n\n* etcd: \(ReleaseTable.etcd(of: version).number)\n"
    }

    /// Source: release notes of siderolabs/talos, in other words.
    private static let breaking: [Int: [String]] = [
        9: [
            "The i915 and amdgpu drivers are no longer in the base image: add the extensions.",
            "eudev was replaced by systemd-udevd: names of network interfaces may change.",
        ],
        10: [
            "cgroups v1 were removed.",
            "`.machine.install.extensions` has no effect: use a schematic.",
        ],
        11: ["etcd 3.6 is the default: go through Talos 1.10.9 first."],
        12: ["The etcd image comes from `registry.k8s.io/etcd` now: look at your mirrors."],
        13: [
            "Bootstrap manifests are applied by server-side apply and pruned.",
            "NVIDIA moves to CDI: remove the device plugin first.",
        ],
        14: [
            "`ghcr.io/siderolabs/installer` is not published any more.",
            "etcd and the API server need TLS 1.3.",
        ],
    ]
}
