import Foundation
import Testing

extension EndToEnd {
    /// `bump talos v1.9.4`, judged by git, by the lab's events and by Terraform.
    struct RollTests {
        struct Topology: Sendable, CustomTestStringConvertible {
            var controlPlanes: Int
            var workers: Int
            var testDescription: String { "\(controlPlanes)+\(workers)" }
        }

        @Test(arguments: [
            Topology(controlPlanes: 1, workers: 2), Topology(controlPlanes: 3, workers: 4),
            Topology(controlPlanes: 1, workers: 0), Topology(controlPlanes: 3, workers: 0),
        ])
        func `every node is upgraded, one at a time, and nothing of the user's is touched`(
            _ topology: Topology
        ) async throws {
            try await LabFixture.with(
                controlPlanes: topology.controlPlanes, workers: topology.workers
            ) { lab in
                try await leaveWorkOfTheUser(in: lab)
                let before = try await Repository(lab)
                let status = try await lab.status()
                let run = try await lab.bump("talos", "v1.9.4", "--yes")
                try #require(run.status == 0, "\(run)")
                try await judgeCluster(lab, topology, before: status)
                try await judgeOrder(lab, topology, before: status)
                try await judgeRepository(lab, before: before)
                try judgeSecrets(lab, run)
            }
        }

        private func leaveWorkOfTheUser(in lab: LabFixture) async throws {
            try lab.write("staged.txt", "staged\n")
            try await lab.git("add", "staged.txt")
            try lab.write("staged.txt", "staged, and then changed\n")
            try lab.write("README.md", try lab.text("README.md") + "dirty\n")
            try lab.write("untracked.txt", "untracked\n")
        }

        /// What git says of the repository, apart from history.
        struct Repository: Equatable {
            var head: String
            var state: [String]
            var tfvars: Data

            init(_ lab: LabFixture) async throws {
                head = try await lab.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
                state = [
                    try await lab.git("status", "--porcelain"), try await lab.git("diff"),
                    try await lab.git("diff", "--cached"),
                ]
                tfvars = try lab.read(LabFixture.tfvarsPath)
            }
        }

        // MARK: Judges

        private func judgeCluster(
            _ lab: LabFixture, _ topology: Topology, before: StatusDocument
        ) async throws {
            #expect(try await lab.trueVersions() == ["v1.9.4"])
            let after = try await lab.status()
            #expect(after.nodes.count == topology.controlPlanes + topology.workers)
            #expect(Set(after.nodes.map(\.talosVersion)) == ["v1.9.4"])
            #expect(after.nodes.allSatisfy { $0.ready == true && $0.cordoned == false })
            let broken = try await lab.events("etcd-quorum-lost", "pdb-broken", "rolled-back")
            #expect(broken.map(\.description) == [])
            let backups = try await lab.events("backup")
            #expect(backups.count == 1 && backups[0].detail?.hasSuffix("Completed") == true)
            let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
            #expect(plan.status == 0, "Terraform would change something: \(plan)")
        }

        private func judgeOrder(
            _ lab: LabFixture, _ topology: Topology, before: StatusDocument
        ) async throws {
            let events = try await lab.events()
            let down = events.filter { $0.kind == "went-down" }.compactMap(\.node)
            #expect(Set(down) == Set(before.nodes.map(\.name)) && down.count == Set(down).count)
            let roles = down.map { before.role(of: $0) }
            #expect(
                roles == Array(repeating: "worker", count: topology.workers)
                    + Array(repeating: "control-plane", count: topology.controlPlanes))
            #expect(down.last == before.etcdLeader, "the leader before is the last: \(down)")
            var away: Set<String> = []
            for event in events {
                guard let node = event.node else { continue }
                if event.kind == "went-down" {
                    #expect(away.isEmpty, "\(node) goes down while \(away) is away")
                    away.insert(node)
                } else if event.kind == "ready" {
                    away.remove(node)
                }
            }
            #expect(away == [])
            let pulled = events.lastIndex { $0.kind == "image-pulled" } ?? events.endIndex
            let disturbed = events.firstIndex { $0.kind == "cordoned" || $0.kind == "went-down" }
            #expect(pulled < disturbed ?? 0, "images are pulled before anything is disturbed")
            #expect(events.filter { $0.kind == "image-pulled" }.count == before.nodes.count)
            #expect(events.filter { $0.kind == "installed" }.count == before.nodes.count)
        }

        private func judgeRepository(_ lab: LabFixture, before: Repository) async throws {
            let after = try await Repository(lab)
            #expect(after.state == before.state)
            let old = String(decoding: before.tfvars, as: UTF8.self)
            #expect(
                String(decoding: after.tfvars, as: UTF8.self)
                    == old.replacing("\"v1.9.2\"", with: "\"v1.9.4\"", maxReplacements: 1))
            let commits = try await lab.git("rev-list", before.head + "..HEAD")
            #expect(commits.split(separator: "\n").count == 1)
            let numbers = try await lab.git("show", "--numstat", "--format=", "HEAD")
            #expect(numbers == "1\t1\t\(LabFixture.tfvarsPath)\n")
            let stat = try await lab.git("show", "--stat", "--format=", "HEAD")
            #expect(stat.contains("1 file changed, 1 insertion(+), 1 deletion(-)"))
            let author = try await lab.git("log", "-1", "--format=%an <%ae> %cn <%ce>")
            #expect(
                author == "Ann Example <ann@example.com> Ann Example <ann@example.com>\n")
            let subject = try await lab.git("log", "-1", "--format=%s")
            #expect(subject.contains("v1.9.2") && subject.contains("v1.9.4"))
            let trailer = try await lab.git(
                "log", "-1", "--format=%(trailers:key=Bump-Run,valueonly)")
            let runs = try FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs"))
            #expect(runs == [trailer.trimmingCharacters(in: .whitespacesAndNewlines)])
        }

        /// No key of the cluster is where others could read it. The etcd snapshot holds the
        /// cluster's data by its nature, so that its mode alone is judged.
        private func judgeSecrets(_ lab: LabFixture, _ run: Outcome) throws {
            let keys = try Self.keys(of: lab)
            #expect(keys.count >= 4)
            for key in keys { #expect(!run.said.contains(key), "a key was printed") }
            #expect(!run.said.contains("PRIVATE KEY"))
            #expect(try Self.mode(lab.path(".bump")) == 0o700)
            let files = try FileManager.default.subpathsOfDirectory(atPath: lab.path(".bump"))
            let snapshots = files.filter { $0.hasSuffix(".snapshot") }
            #expect(snapshots.count == 1)
            for name in files where name != ".gitignore" {
                let mode = try Self.mode(lab.path(".bump/\(name)"))
                #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
                guard let bytes = try? lab.read(".bump/\(name)"), !name.hasSuffix(".snapshot")
                else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(!text.contains("PRIVATE KEY"), "\(name) holds a key")
                for key in keys { #expect(!text.contains(key), "\(name) holds a key") }
            }
            for name in snapshots {
                #expect(try Self.mode(lab.path(".bump/\(name)")) == 0o600)
            }
        }

        private static func mode(_ path: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return try #require(attributes[.posixPermissions] as? Int)
        }

        /// The keys of talosconfig and kubeconfig, as base64 and as the PEM text inside.
        private static func keys(of lab: LabFixture) throws -> [String] {
            var found: [String] = []
            for name in ["generated/talosconfig", "generated/kubeconfig"] {
                for line in try lab.text(name).split(separator: "\n") {
                    let parts = line.split(separator: ":").map {
                        $0.trimmingCharacters(in: .whitespaces)
                    }
                    guard parts.count == 2, ["key", "client-key-data"].contains(parts[0]),
                        let pem = Data(base64Encoded: parts[1])
                    else { continue }
                    found.append(parts[1])
                    let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n")
                    found += lines.filter { !$0.hasPrefix("-") }.map(String.init)
                }
            }
            return found
        }
    }
}
