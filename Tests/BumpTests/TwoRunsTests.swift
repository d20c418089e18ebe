import Foundation
import Testing

extension EndToEnd {
    /// Two runs on one cluster: the second is refused, and names the first.
    struct TwoRunsTests {
        @Test func `a second run in the same repository names the first`() async throws {
            try await LabFixture.with { lab in
                let first = try await startFirst(in: lab)
                let second = try await lab.bump("talos", "v1.9.4", "--yes")
                try await judge(second, first, lab)
            }
        }

        /// As from a colleague's machine: only the cluster itself knows of the first run.
        @Test func `a second run from another clone names the first`() async throws {
            try await LabFixture.with { lab in
                let clone = try await lab.clone()
                let first = try await startFirst(in: lab)
                let second = try await lab.bump("talos", "v1.9.4", "--yes", in: clone)
                try await judge(second, first, lab)
                #expect(
                    try await lab.git("log", "--oneline", in: clone).split(separator: "\n").count
                        == 1)
                #expect(try await lab.git("status", "--porcelain", in: clone) == "")
            }
        }

        @Test(arguments: [false, true])
        func `of two that start at once, one does all and the other nothing`(
            _ areApart: Bool
        ) async throws {
            try await LabFixture.with { lab in
                let place = areApart ? try await lab.clone() : lab.root
                let one = try lab.startBump("talos", "v1.9.4", "--yes")
                let two = try lab.startBump("talos", "v1.9.4", "--yes", in: place)
                let ends = [
                    try await one.end(within: .seconds(60)),
                    try await two.end(within: .seconds(60)),
                ]
                #expect(ends.map(\.status).sorted() == [0, 3], "\(ends)")
                let loser = try #require(ends.first { $0.status == 3 })
                let winner = try #require(ends.first { $0.status == 0 })
                let run = try #require(winner.err.firstMatch(of: Self.runID))
                #expect(loser.err.contains(run.output), "\(loser)")
                #expect(try await lab.events("installed").count == 2)
                #expect(try await lab.trueVersions() == ["v1.9.4"])
            }
        }

        nonisolated(unsafe) private static let runID = /\d{8}-\d{6}-[0-9a-f]{4}/

        /// A run that is in the middle of its work.
        private func startFirst(in lab: LabFixture) async throws -> Program {
            let first = try lab.startBump("talos", "v1.9.4", "--yes")
            let works = try await eventually(within: .seconds(30), every: .milliseconds(100)) {
                try await !lab.events("cordoned").isEmpty
            }
            try #require(works)
            return first
        }

        private func judge(
            _ second: Outcome, _ first: Program, _ lab: LabFixture
        ) async throws {
            let runs = try FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs"))
            let run = try #require(runs.first)
            #expect(runs.count == 1)
            #expect(second.status == 3, "\(second)")
            #expect(second.err.contains(run), "the first is named: \(second)")
            let end = try await first.end(within: .seconds(60))
            #expect(end.status == 0, "\(end)")
            #expect(try await lab.events("installed").count == 2)
            #expect(try await lab.trueVersions() == ["v1.9.4"])
        }
    }
}
