import Foundation
import Testing

extension EndToEnd {
    /// Plans that are shown, saved and executed, and runs that have nothing to do.
    struct PlanTests {
        @Test func `a cluster at the target is left alone`() async throws {
            try await LabFixture.with { lab in
                let before = try await Traces(lab)
                for arguments in [["--yes"], ["--plan"], ["--yes", "--json"], []] {
                    let run = try await lab.sandbox.run(
                        [Sandbox.binary, "talos", "v1.9.2"] + arguments, in: lab.root)
                    #expect(run.status == 0, "\(run)")
                    #expect(run.flat.localizedCaseInsensitiveContains("nothing to do"), "\(run)")
                }
                #expect(try await Traces(lab).differences(from: before) == [])
                #expect(!FileManager.default.fileExists(atPath: lab.path(".bump/runs")))
            }
        }

        @Test func `a plan touches nothing, and when saved is executed as it is, once`()
            async throws
        {
            try await LabFixture.with { lab in
                let file = lab.sandbox.home.appending(path: "plan.json")
                let before = try await Traces(lab)
                let shown = try await lab.bump("talos", "v1.9.4", "--plan", "--out", file.path)
                #expect(shown.status == 2, "\(shown)")
                for node in ["demo-cp-1", "demo-worker-1"] { #expect(shown.out.contains(node)) }
                #expect(shown.out.contains("v1.9.2 → v1.9.4"), "\(shown)")
                #expect(try await Traces(lab).differences(from: before) == [])
                let plan = try JSONDecoder().decode(
                    PlanDocument.self, from: Data(contentsOf: file))
                #expect(shown.out.contains(plan.id), "the plan that is saved is the one shown")

                let applied = try await lab.bump("apply", file.path, "--yes")
                #expect(applied.status == 0, "\(applied)")
                #expect(try await lab.trueVersions() == ["v1.9.4"])
                let settled = try settledSteps(of: plan.id, in: lab)
                #expect(settled.sorted() == plan.steps.sorted())
                let saved = try JSONDecoder().decode(
                    PlanDocument.self, from: lab.read(".bump/runs/\(plan.id)/plan.json"))
                #expect(saved.steps == plan.steps)

                let after = try await Traces(lab)
                let again = try await lab.bump("apply", file.path, "--yes")
                #expect(again.status == 3, "\(again)")
                #expect(try await Traces(lab).differences(from: after) == [])
            }
        }

        /// Each step once, whether done or skipped.
        private func settledSteps(of run: String, in lab: LabFixture) throws -> [String] {
            struct Line: Decodable {
                var kind: String
                var step: String?
            }
            return try lab.text(".bump/runs/\(run)/events.jsonl").split(separator: "\n")
                .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
                .filter { ["step-done", "step-skipped"].contains($0.kind) }.compactMap(\.step)
        }

        @Test func `the plan as JSON is the plan that is saved`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                let file = lab.sandbox.home.appending(path: "plan.json")
                let shown = try await lab.bump(
                    "talos", "v1.9.4", "--plan", "--json", "--out", file.path)
                #expect(shown.status == 2, "\(shown)")
                let printed = try JSONSerialization.jsonObject(with: Data(shown.out.utf8))
                let saved = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
                #expect((printed as? NSDictionary) == (saved as? NSDictionary))
            }
        }

        @Test(arguments: ["a commit", "the version", "the schematic"])
        func `a saved plan is refused when the world has moved`(_ change: String) async throws {
            try await LabFixture.with(workers: 0) { lab in
                let file = lab.sandbox.home.appending(path: "plan.json")
                let shown = try await lab.bump("talos", "v1.9.4", "--plan", "--out", file.path)
                #expect(shown.status == 2, "\(shown)")
                switch change {
                case "a commit":
                    try await lab.git("commit", "--quiet", "--allow-empty", "--message", "moved")
                case "the version":
                    let other = try await lab.bump("talos", "v1.9.3", "--yes", "--no-backup")
                    #expect(other.status == 0, "\(other)")
                default:
                    try await lab.replace(
                        "[\"qemu-guest-agent\"]", with: "[\"iscsi-tools\", \"qemu-guest-agent\"]",
                        commits: false)
                    let applied = try await lab.terraform("apply", "-auto-approve")
                    #expect(applied.status == 0, "\(applied)")
                    try await lab.git("restore", ".")
                }
                let before = try await Traces(lab)
                let applied = try await lab.bump("apply", file.path, "--yes")
                #expect(applied.status == 3, "\(applied)")
                #expect(applied.flat.contains("moved since this plan was made"), "\(applied)")
                #expect(applied.err.contains("bump talos v1.9.4 --plan --out"), "\(applied)")
                #expect(try await Traces(lab).differences(from: before) == [])
            }
        }

        @Test(arguments: ["", "{}", "{\"version\": 99}", "not a plan"])
        func `what is no plan is not executed`(_ text: String) async throws {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let file = sandbox.home.appending(path: "plan.json")
            try Data(text.utf8).write(to: file)
            let run = try await sandbox.run([Sandbox.binary, "apply", file.path, "--yes"])
            #expect(run.status == 3, "\(run)")
            #expect(run.err.contains("plan") && run.err.contains("fix:"), "\(run)")
        }

        @Test func `without somebody to ask, and without --yes, nothing happens`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                let before = try await Traces(lab)
                let run = try await lab.bump("talos", "v1.9.4")
                #expect(run.status == 3, "\(run)")
                #expect(run.err.contains("--yes"), "\(run)")
                #expect(try await Traces(lab).differences(from: before) == [])
            }
        }
    }
}
