import Foundation
import Testing

extension EndToEnd {
    /// The backup before the first node, and `bump backup`: whatever is wrong with it stops the run
    /// in plain words, and touches no node.
    struct BackupTests {
        private struct Case {
            var fault: String
            var words: [String]
        }

        private static let cases = [
            Case(
                fault: "backup-fails", words: ["ended as Failed", "connection to the bucket was"]),
            Case(
                fault: "backup-partial",
                words: ["ended as PartiallyFailed: a part of it is missing", "2 errors"]),
            Case(
                fault: "backup-hangs",
                words: ["did not end in time", "InProgress, 0 of", "timeouts.backup"]),
            Case(
                fault: "backup-loses-volume",
                words: [
                    "says Completed, but the files of 1 claim are not in it",
                    "shop/data-db-1, mounted by pod db-1", "backup.claim:shop/data-db-1",
                ]),
            Case(
                fault: "location-unavailable",
                words: ["default is not available", "i/o timeout", "get backupstoragelocation"]),
            Case(
                fault: "backup-credentials-wrong",
                words: ["refuses Velero's credentials", "renew the Secret"]),
            Case(
                fault: "node-agent-missing",
                words: ["no node-agent: the files of volumes would not be in the backup"]),
        ]

        @Test func `whatever is wrong with a backup stops the run before the first node`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                try lab.write(".bump.yaml", "timeouts: {backup: 2s}\n")
                for row in Self.cases {
                    let before = try await Traces(repository: lab.root, sandbox: lab.sandbox)
                    let fault = try await lab.bump("lab", "fault", lab.root.path, row.fault)
                    try #require(fault.status == 0, "\(fault)")
                    let run = try await lab.bump("talos", "v1.9.4", "--yes")
                    #expect(run.status == 3, "\(row.fault): \(run)")
                    for word in row.words + ["fix:", "--no-backup"] where !word.isEmpty {
                        #expect(run.flat.contains(word), "\(row.fault): “\(word)”: \(run)")
                    }
                    let after = try await Traces(repository: lab.root, sandbox: lab.sandbox)
                    #expect(after.differences(from: before) == [], "\(row.fault)")
                    try await lab.heal()
                }
                let touched = try await lab.events(
                    "cordoned", "evicted", "installed", "went-down", "config-applied")
                #expect(touched.isEmpty, "\(touched)")

                // Nothing is left of all that.
                try lab.write(".bump.yaml", "check: {allow: [\"backup.claim:shop/data-*\"]}\n")
                try await Self.lose(lab)
                let allowed = try await lab.bump("backup", "with-a-gap", "--yes")
                #expect(allowed.status == 0, "\(allowed)")
            }
        }

        @Test
        func `a backup tells what it holds, and keeps three etcd snapshots for its owner alone`()
            async throws
        {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                try await Self.lose(lab)
                let gap = try await lab.bump("backup", "gap", "--yes")
                #expect(gap.status == 3 && gap.err.contains("shop/data-db-1"), "\(gap)")
                let again = try await lab.bump("backup", "gap", "--yes")
                #expect(again.status == 3 && again.err.contains("a backup gap already"), "\(again)")
                for number in 1...4 {
                    let backup = try await lab.bump("backup", "kept-\(number)", "--yes")
                    try #require(backup.status == 0, "\(backup)")
                    #expect(backup.err.contains("items, 6 volumes"), "\(backup)")
                }
                let runs = lab.path(".bump/runs")
                let files = try FileManager.default.subpathsOfDirectory(atPath: runs)
                let snapshots = files.filter { $0.hasSuffix(".snapshot") }
                #expect(snapshots.count == 3, "\(files)")
                for file in snapshots + files.filter({ $0.contains("rescue/") }) {
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: runs + "/" + file)
                    #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
                }
            }
        }

        @Test func `without Velero a run is refused, unless it is said to go without`() async throws
        {
            try await LabFixture.with(speed: 20, scenario: "no-velero") { lab in
                let run = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(run.status == 3, "\(run)")
                #expect(run.flat.contains("Velero is not installed"), "\(run)")
                #expect(run.flat.contains("--no-backup"), "\(run)")
                let backup = try await lab.bump("backup", "--yes")
                #expect(backup.status == 3 && backup.flat.contains("Velero"), "\(backup)")
                #expect(try await lab.events("cordoned", "installed").isEmpty)
                let plan = try await lab.bump("talos", "v1.9.4", "--plan", "--no-backup")
                #expect(plan.status == 2, "\(plan)")
                try lab.write(".bump.yaml", "backup: none\n")
                let going = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(going.status == 0, "\(going)")
            }
        }

        private static func lose(_ lab: LabFixture) async throws {
            let fault = try await lab.bump(
                "lab", "fault", lab.root.path, "backup-loses-volume")
            try #require(fault.status == 0, "\(fault)")
        }
    }
}
