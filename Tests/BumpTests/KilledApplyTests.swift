import Foundation
import Testing

extension EndToEnd {
    /// Terraform, and then `bump` itself, ended with SIGKILL in the middle of an apply.
    struct KilledApplyTests {
        /// Two resources that another version makes, slowly, one after the other.
        private static func slow(_ name: String, after other: String?) -> String {
            """
            resource "terraform_data" "\(name)" {
              for_each   = toset(var.talos_version == "v1.9.2" ? [] : [var.talos_version])
              input      = each.key
              depends_on = [\(other.map { "terraform_data." + $0 } ?? "")]
              provisioner "local-exec" {
                command = "echo $PPID >../.lab/\(name).new && mv ../.lab/\(name).new ../.lab/\(name) && sleep 4"
              }
            }

            """
        }

        @Test func `the state stays whole and the next run goes on`() async throws {
            try await LabFixture.with(workers: 1, speed: 20) { lab in
                try lab.write(
                    "terraform/slow.tf",
                    Self.slow("first", after: nil)
                        + Self.slow("second", after: "first"))
                try lab.write(".bump.yaml", "terraform: {apply: before}\n")
                try await lab.git("add", "terraform/slow.tf", ".bump.yaml")
                try await lab.git("commit", "--quiet", "--message", "slow")

                let run = try lab.startBump("talos", "v1.9.4", "--yes")
                let terraform = try await Self.process("first", lab)
                kill(terraform, SIGKILL)
                let stopped = try await run.end(within: .seconds(120))
                #expect(stopped.status == 1, "\(stopped)")
                #expect(stopped.flat.contains("was killed by signal 9"), "\(stopped)")
                try Self.checkState(lab)

                try? FileManager.default.removeItem(atPath: lab.path(".lab/first"))
                let again = try lab.startBump("resume", "--yes")
                let survivor = try await Self.process("first", lab)
                await again.kill()
                try Self.checkState(lab)
                // Terraform goes on without its parent, and finishes what it began.
                let isOver = try await eventually(within: .seconds(60)) {
                    kill(survivor, 0) != 0
                }
                #expect(isOver)
                try Self.checkState(lab)
                let done = try await lab.bump("resume", "--yes")
                #expect(done.status == 0, "\(done)")
                let plan = try await lab.terraform("plan", "-detailed-exitcode", "-no-color")
                #expect(plan.status == 0, "\(plan)")
            }
        }

        private static func checkState(_ lab: LabFixture) throws {
            let state = try JSONSerialization.jsonObject(
                with: lab.read("terraform/terraform.tfstate"))
            let resources = (state as? [String: Any])?["resources"] as? [Any]
            #expect((resources?.count ?? 0) > 1)
        }

        private static func process(_ name: String, _ lab: LabFixture) async throws -> pid_t {
            var found: pid_t?
            _ = try await eventually(within: .seconds(90)) {
                let text = try? lab.text(".lab/" + name)
                found = text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
                return found != nil
            }
            return try #require(found, "\(name) was not reached")
        }
    }
}
