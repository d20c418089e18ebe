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
