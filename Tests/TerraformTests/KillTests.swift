import Foundation
import Model
import Terraform
import Testing

/// Terraform ends in the middle of an apply, and what the next run makes of it.
struct KillTests {
    /// One resource that is there, and three that are made one after the other when `grows`.
    static let files = [
        "main.tf": """
        variable "talos_version" { default = "v1.9.2" }
        variable "grows" { default = false }
        resource "terraform_data" "base" { input = "base" }
        \(step("a", after: "base"))
        \(step("b", after: "a"))
        \(step("c", after: "b"))
        output "controlplane_ips" { value = ["10.0.0.1"] }

        """
    ]

    static func step(_ name: String, after other: String) -> String {
        """
        resource "terraform_data" "\(name)" {
          count      = var.grows ? 1 : 0
          input      = "\(name)"
          depends_on = [terraform_data.\(other)]
          provisioner "local-exec" {
            command = "echo $PPID >\(name).new && mv \(name).new \(name).pid && \(wait(name))"
          }
        }
        """
    }

    /// Until the test says so, at most for a while.
    private static func wait(_ name: String) -> String {
        "for i in $(seq 100); do test -e \(name).go && exit 0; sleep 0.1; done"
    }

    @Test(arguments: [["a"], ["a", "b"], ["a", "b", "c"]])
    func `killed at any step, the state is whole and the next run says what happened`(
        _ steps: [String]
    ) async throws {
        let box = try Sandbox(Self.files)
        let project = try box.project()
        _ = try await project.apply(directory: ".", within: .seconds(60)) { _ in }
        try box.write("g.auto.tfvars", "grows = true\n")
        async let ended = Result.catching {
            try await project.apply(directory: ".", within: .seconds(60)) { _ in }
        }
        for (index, step) in steps.enumerated() {
            let pid = try await Self.pid(step, in: box)
            // What Terraform says may be secret: were we killed now, nothing of it would stay.
            let names = try FileManager.default.contentsOfDirectory(atPath: box.privateFolder)
            #expect(names.allSatisfy { !$0.hasPrefix("terraform-") }, "\(names)")
            if index < steps.count - 1 {
                try box.write(step + ".go", "")
            } else {
                kill(pid, SIGKILL)
            }
        }
        guard case .failure(let error) = await ended else {
            Issue.record("the apply was not killed")
            return
        }
        let problem = Problem(error)
        #expect(problem.kind == .stopped)
        #expect(problem.summary.contains("was killed by signal 9"), "\(problem)")
        let state = try JSONDecoder().decode(
            JSONValue.self, from: Data(box.read("terraform.tfstate").utf8))
        let names = state["resources"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(names) == Set(["base"] + steps.dropLast()))

        for step in ["a", "b", "c"] { try box.write(step + ".go", "") }
        let lines = Lines()
        let word = try await project.review(
            directory: ".", strict: true, within: .seconds(60), report: lines.report)
        #expect(word.hasPrefix("\(4 - steps.count) to add"), "\(word)")
        let told = await lines.all()
        #expect(told.contains { $0.hasPrefix("an earlier apply by ") }, "\(told)")
        _ = try await project.apply(directory: ".", within: .seconds(60)) { _ in }
        let quiet = Lines()
        #expect(
            try await project.review(
                directory: ".", strict: true, within: .seconds(60), report: quiet.report)
                == "no changes")
        #expect(await !quiet.all().contains { $0.contains("was killed") })
    }

    @Test(arguments: ["", "{\"version\": 4, \"resour"])
    func `a state that was broken by a kill is put back from its copy`(_ rest: String) async throws
    {
        let box = try Sandbox(Self.files)
        let project = try box.project()
        _ = try await project.apply(directory: ".", within: .seconds(60)) { _ in }
        let whole = try box.read("terraform.tfstate")
        try box.write("terraform.tfstate.backup", whole)
        try box.write("terraform.tfstate", rest)
        if rest.isEmpty {
            let empty = await #expect(throws: Problem.self) { try await project.applied() }
            #expect(empty?.summary.contains("state is broken") == true, "\(empty as Any)")
        }
        let broken = await #expect(throws: Problem.self) {
            try await project.review(directory: ".", strict: true, within: .seconds(60)) { _ in }
        }
        let fix = try #require(broken?.fix)
        #expect(fix == "cp terraform.tfstate.backup terraform.tfstate")
        _ = try box.run(["sh", "-c", "cd '\(box.root)' && \(fix)"], input: "")
        #expect(
            try await project.review(directory: ".", strict: true, within: .seconds(60)) { _ in }
                == "no changes")
    }

    @Test func `a state that could not be stored comes first`() async throws {
        let box = try Sandbox(Self.files)
        let project = try box.project()
        _ = try await project.apply(directory: ".", within: .seconds(60)) { _ in }
        let state = try box.read("terraform.tfstate")
        try box.write("errored.tfstate", state.replacing("\"serial\": 1", with: "\"serial\": 9"))
        let problem = await #expect(throws: Problem.self) {
            try await project.review(directory: ".", strict: true, within: .seconds(60)) { _ in }
        }
        let fix = try #require(problem?.fix)
        #expect(fix == "terraform state push errored.tfstate && rm errored.tfstate")
        #expect(try project.stateLocation().remarks.first?.hasPrefix("errored.tfstate") == true)
        _ = try box.run(["sh", "-c", "cd '\(box.root)' && \(fix)"], input: "")
        #expect(
            try await project.review(directory: ".", strict: true, within: .seconds(60)) { _ in }
                == "no changes")
    }

    private static func pid(_ step: String, in box: Sandbox) async throws -> Int32 {
        for _ in 0..<600 {
            if let text = try? box.read(step + ".pid"),
                let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                return pid
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Problem(.stopped, "step \(step) was not reached")
    }
}
