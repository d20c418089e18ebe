import Foundation
import Testing

extension EndToEnd {
    /// `kill -9`, again and again, at points that the journal's growth decides.
    struct CrashTests {
        @Test(arguments: [Generation.legacy, .lifecycle])
        func `killed again and again, a roll, its rollback and an abort end as if never killed`(
            _ generation: Generation
        ) async throws {
            try await LabFixture.with(workers: 2, speed: 50, generation: generation) { lab in
                let before = try await commits(lab)
                let kills = try await carryOut(["talos", generation.to, "--yes"], lab)
                #expect(kills >= 10, "killed \(kills) times only")
                try await expectGoodEnd(lab, at: generation.to, "roll")
                #expect(try await commits(lab) == before + 1)

                #expect(try await carryOut(["rollback", "--yes"], lab) >= 5)
                try await expectGoodEnd(lab, at: generation.from, "rollback")
                #expect(try await commits(lab) == before + 2)

                // Half-way, so that some nodes have gone and one is in the middle.
                let begun = try await lab.bumpKilled(after: 30, ["talos", generation.to, "--yes"])
                #expect(begun == nil, "\(String(describing: begun))")
                #expect(try await carryOut(["abort", "--yes"], lab) >= 2)
                try await expectGoodEnd(lab, at: generation.from, "abort")
                #expect(try await commits(lab) == before + 4)
                let history = try await lab.bump("history")
                #expect(!history.out.contains("open") && history.out.contains("aborted"))
            }
        }

        /// Starts the command and kills it whenever the journal has grown a bit, until it ends by
        /// itself. What was begun is taken up again; an abort is asked for in the same words.
        private func carryOut(_ command: [String], _ lab: LabFixture) async throws -> Int {
            let again = command[0] == "abort" ? command : ["resume", "--yes"]
            for kills in 0..<60 {
                // Never so soon that the same call is cut off twice running: a node on which two
                // installs in a row came to nothing counts as one that fell back.
                let end = try await lab.bumpKilled(
                    after: 3 + kills % 4, kills == 0 ? command : again)
                guard let end else { continue }
                try #require(end.status == 0, "\(end)")
                return kills
            }
            Issue.record("no end after 60 kills")
            return 0
        }

        private func commits(_ lab: LabFixture) async throws -> Int {
            let count = try await lab.git("rev-list", "--count", "HEAD")
            return Int(count.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
    }
}
