import Foundation
import Testing

extension EndToEnd {
    /// `bump outdated` where there is neither a cluster nor a network.
    struct OutdatedTests {
        @Test func `offline, what is declared is judged by the bundled releases`() async throws {
            try await Self.inRepository(talos: "v1.9.2", kubernetes: "1.32.0") { sandbox, root in
                let run = try await sandbox.run([Sandbox.binary, "outdated", "--json"], in: root)
                #expect(run.status == 2, "\(run)")
                let document = try JSONSerialization.jsonObject(with: Data(run.out.utf8))
                let report = try #require(document as? [String: Any])
                #expect(report["due"] as? Bool == true)
                let items = try #require(report["items"] as? [[String: Any]])
                #expect(items.first?["to"] as? String == "v1.9.6")
                let sources = try #require(report["sources"] as? [[String: Any]])
                #expect(sources.map { $0["origin"] as? String } == ["bundled", "bundled"])
                #expect(run.out.contains("cannot be reached"), "\(run)")
            }
        }

        @Test func `nothing newer, or nothing that the cadence asks for yet, exits 0`() async throws
        {
            try await Self.inRepository(talos: "v1.14.2", kubernetes: "1.37.1") { sandbox, root in
                let run = try await sandbox.run([Sandbox.binary, "outdated", "--notes"], in: root)
                #expect(run.status == 0, "\(run)")
                #expect(run.out.contains("Nothing newer is known."), "\(run)")
            }
            let patient = "cadence: {minor: .99, kubernetes: .99}\n"
            try await Self.inRepository(
                talos: "v1.13.11", kubernetes: "1.36.5", settings: patient
            ) { sandbox, root in
                let run = try await sandbox.run([Sandbox.binary, "outdated"], in: root)
                #expect(run.status == 0, "\(run)")
                #expect(run.out.contains("waits for v1.14.99"), "\(run)")
            }
        }

        /// With a lab's feeds, all of whose answers are as bad as they get.
        @Test func `feeds and factory in trouble are named, and nothing is done on a guess`()
            async throws
        {
            try await LabFixture.with(workers: 1, speed: 50) { lab in
                let cache = lab.sandbox.home.appending(path: ".cache/bump/releases")
                func fault(_ name: String) async throws {
                    let run = try await lab.bump("lab", "fault", lab.root.path, name)
                    try #require(run.status == 0, "\(run)")
                    try? FileManager.default.removeItem(at: cache)
                }
                for (name, words) in [
                    ("feeds-rate-limited", "wants fewer requests"),
                    ("feeds-down", "trouble of its own"),
                    ("feeds-garbage", "not a list of releases"),
                ] {
                    try await fault(name)
                    let run = try await lab.bump("outdated")
                    #expect(run.status == 2 && run.flat.contains(words), "\(run)")
                    #expect(
                        name == "feeds-rate-limited" || run.flat.contains("as of 2026-08-21"),
                        "the bundled releases have their date: \(run)")
                    let latest = try await lab.bump("talos", "latest-patch", "--plan")
                    #expect(latest.status == 2, "\(latest)")
                    #expect(
                        latest.flat.contains("latest-patch is Talos v1.9.6 by"), "\(latest)")
                    #expect(latest.flat.contains(words), "\(latest)")
                    try await fault("heal")
                }
                let before = try lab.text(LabFixture.tfvarsPath)
                for (name, words) in [
                    ("factory-down", "trouble of its own"),
                    ("factory-garbage", "is not a schematic"),
                ] {
                    try await fault(name)
                    let run = try await lab.bump("extensions", "add", "zfs", "--yes")
                    #expect(run.status == 4 && run.flat.contains(words), "\(run)")
                    try await fault("heal")
                }
                try await fault("feeds-slow")
                try await fault("factory-slow")
                async let slow = lab.bump("outdated")
                async let change = lab.bump("extensions", "add", "zfs", "--yes")
                let (outdated, extensions) = try await (slow, change)
                #expect(
                    outdated.status == 2 && outdated.flat.contains("did not answer within"),
                    "\(outdated)")
                #expect(
                    extensions.status == 4 && extensions.flat.contains("did not answer within"),
                    "\(extensions)")
                try await fault("heal")
                #expect(try lab.text(LabFixture.tfvarsPath) == before)
                #expect(try await lab.events("installed", "cordoned").isEmpty)

                let fresh = try await lab.bump("outdated")
                #expect(fresh.status == 2 && !fresh.flat.contains("as of"), "\(fresh)")
                let kept = try FileManager.default.contentsOfDirectory(atPath: cache.path)
                #expect(!kept.isEmpty, "the answers are kept")
                for name in kept {
                    try Data("[{\u{0}".utf8).write(to: cache.appending(path: name))
                }
                let damaged = try await lab.bump("outdated")
                #expect(damaged.out == fresh.out, "\(damaged)")
            }
        }

        @Test(
            arguments: [
                ("cadence: {patch: soon}\n", ".bump.yaml:1:18"),
                ("cadence: {minor: .2-.1}\n", ".bump.yaml:1:18"),
                ("cadence: {major: .1}\n", "unknown setting major"),
                ("factory: {url: factory.talos.dev}\n", "factory.url is not an address."),
            ])
        func `a setting that is none is refused with its place`(
            _ settings: String, _ words: String
        ) async throws {
            try await Self.inRepository(
                talos: "v1.9.2", kubernetes: "1.32.0", settings: settings, isOffline: false
            ) { sandbox, root in
                let run = try await sandbox.run([Sandbox.binary, "outdated"], in: root)
                #expect(run.status == 3, "\(run)")
                #expect(run.err.contains(words), "\(run)")
            }
        }

        /// A committed repository that declares versions and has no cluster.
        private static func inRepository(
            talos: String, kubernetes: String, settings: String = "", isOffline: Bool = true,
            _ body: (Sandbox, URL) async throws -> Void
        ) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let root = sandbox.home.appending(path: "repo")
            try FileManager.default.createDirectory(
                at: root.appending(path: "terraform"), withIntermediateDirectories: true)
            let closed = "url: http://127.0.0.1:9"
            let files = [
                "terraform/main.tf":
                    "variable \"talos_version\" {}\nvariable \"kubernetes_version\" {}\n",
                "terraform/terraform.tfvars":
                    "talos_version = \"\(talos)\"\nkubernetes_version = \"\(kubernetes)\"\n",
                ".bump.yaml": settings
                    + (isOffline ? "factory: {\(closed)}\nreleases: {\(closed)}\n" : ""),
            ]
            for (name, text) in files {
                try Data(text.utf8).write(to: root.appending(path: name))
            }
            for command in [
                ["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "first"],
            ] { try await sandbox.run(["git"] + command, in: root) }
            try await body(sandbox, root)
        }
    }
}
