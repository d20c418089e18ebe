import Foundation
import Testing

extension EndToEnd {
    /// Which version a rebuild goes back to, by runs and by git.
    @Suite struct KnownGoodTests {
        @Test func `a copy without the history of runs goes by git`() async throws {
            try await LabFixture.with(speed: 20) { lab in
                let backup = try await lab.bump("backup", "kept", "--yes")
                try #require(backup.status == 0, "\(backup)")
                let talos = { () async throws -> String in
                    let plan = try await lab.bump("rebuild", "--plan", "--backup", "kept")
                    #expect(plan.status == 2, "\(plan)")
                    return plan.flat
                }
                #expect(try await talos().contains("rebuild --talos v1.9.2"))

                _ = try await lab.bump(
                    "lab", "fault", ".", "boots-old", "--node", "demo-worker-1")
                let stopped = try await lab.bump("talos", "v1.9.4", "--yes", "--no-backup")
                try #require(stopped.status == 1, "\(stopped)")
                let open = try await talos()
                #expect(open.contains("rebuild --talos v1.9.2"), "\(open)")
                #expect(open.contains("v1.9.4 → v1.9.2"), "\(open)")

                // Another clone has the commit of the run, and nothing else of it.
                try FileManager.default.removeItem(atPath: lab.path(".bump"))
                let elsewhere = try await talos()
                #expect(elsewhere.contains("rebuild --talos v1.9.2"), "\(elsewhere)")

                // A commit of the user's is the user's word.
                try lab.write(
                    "terraform/terraform.tfvars",
                    try lab.text("terraform/terraform.tfvars").replacing("v1.9.4", with: "v1.9.3"))
                try await lab.git("commit", "--quiet", "--all", "--message", "by hand")
                #expect(try await talos().contains("rebuild --talos v1.9.3"))
            }
        }
    }
}
