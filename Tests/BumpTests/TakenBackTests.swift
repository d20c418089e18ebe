import Foundation
import Testing

extension EndToEnd {
    /// What a run has edited and committed is taken back while it is stopped.
    struct TakenBackTests {
        @Test func `resume goes on only where the file and HEAD are as the run left them`()
            async throws
        {
            try await LabFixture.with(workers: 1, speed: 20) { lab in
                try await lab.git("branch", "--move", "work")
                let run = try lab.startBump("talos", "v1.9.4", "--yes")
                let isReached = try await eventually(
                    within: .seconds(90), every: .milliseconds(5)
                ) {
                    try lab.journals.contains("worker-1\\/upgrade\"")
                }
                run.crash()
                _ = try await run.end(within: .seconds(20))
                try #require(isReached)
                let told = lab.recordCount

                try await lab.git("checkout", "--quiet", "-b", "other", "HEAD~1")
                let elsewhere = try await lab.bump("resume", "--yes")
                #expect(elsewhere.status == 3, "\(elsewhere)")
                #expect(elsewhere.flat.contains("talos_version is v1.9.2"), "\(elsewhere)")
                #expect(elsewhere.flat.contains("git checkout work"), "\(elsewhere)")
                #expect(elsewhere.flat.contains("HEAD says"), "\(elsewhere)")
                try await lab.git("checkout", "--quiet", "work")

                try await lab.git("reset", "--quiet", "--soft", "HEAD~1")
                let uncommitted = try await lab.bump("resume", "--yes")
                #expect(uncommitted.status == 3, "\(uncommitted)")
                #expect(uncommitted.flat.contains("git commit -m"), "\(uncommitted)")
                try await lab.git("reset", "--quiet", "--hard", "ORIG_HEAD")

                try await lab.replace("v1.9.4", with: "v1.9.5")
                let third = try await lab.bump("resume", "--yes")
                #expect(third.status == 3, "\(third)")
                #expect(third.flat.contains("bump tfvars set"), "\(third)")
                #expect(!third.flat.contains("bump abort"), "\(third)")
                #expect(lab.recordCount == told, "something was begun")

                try await lab.replace("v1.9.5", with: "v1.9.4")
                let done = try await lab.bump("resume", "--yes")
                #expect(done.status == 0, "\(done)")
                #expect(try await lab.trueVersions() == ["v1.9.4"])
            }
        }
    }
}

extension LabFixture {
    /// The journals of all runs as text.
    fileprivate var journals: String {
        get throws {
            let runs = path(".bump/runs")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
            return names.map { (try? text(".bump/runs/\($0)/journal")) ?? "" }.joined()
        }
    }
}
