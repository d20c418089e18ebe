import Foundation
import Model
import Testing

@testable import Terraform

struct ApplyTests {
    @Test func `outputs are read after an apply, secrets apart`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        let before = await #expect(throws: Problem.self) { try await project.applied() }
        #expect(before?.kind == .refused)
        #expect(before?.fix == "terraform -chdir=terraform apply")
        let lines = Lines()
        let word = try await project.apply(
            directory: "terraform", within: .seconds(60), report: lines.report)
        #expect(word.contains("2 added"))
        #expect(await lines.all().contains { $0.contains("Creation complete") })
        let applied = try await project.applied()
        #expect(applied.clusterName == "demo")
        #expect(applied.schematic.value == .empty)
        #expect(applied.nodes.map(\.address.text) == ["10.0.0.1", "10.0.0.11", "10.0.0.12"])
        #expect(applied.nodes.map(\.role) == [.controlPlane, .worker, .worker])
        #expect(try await project.outputs().talosconfig?.text == "context: demo")
        #expect(try FileManager.default.contentsOfDirectory(atPath: box.privateFolder) == [])
    }

    @Test func `an update is reviewed, kept private, and applied as reviewed`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        try box.write(Sandbox.path, "talos_version = \"v1.9.4\"\n")
        let word = try await project.review(
            directory: "terraform", strict: true, within: .seconds(60)
        ) { _ in }
        #expect(word.contains("1 to change"))
        let plan = box.privateFolder + "/terraform.tfplan"
        for file in [plan, plan + ".inputs"] {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
        let done = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        #expect(done.contains("1 changed"))
        #expect(!FileManager.default.fileExists(atPath: plan))
    }

    @Test func `a plan of other files is made anew before it is applied`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        _ = try await project.review(
            directory: "terraform", strict: true, within: .seconds(60)
        ) { _ in }
        try box.write(Sandbox.path, "talos_version = \"v1.9.4\"\n")
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        #expect(try box.read("terraform/terraform.tfstate").contains("v1.9.4"))
        #expect(try !box.read("terraform/terraform.tfstate").contains("v1.9.2"))
    }

    @Test(arguments: [true, false])
    func `what nobody reviewed is not applied, by a plan that is made anew or a kept one`(
        _ isKept: Bool
    ) async throws {
        let box = try Sandbox()
        let project = try box.project()
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        try box.write(Sandbox.path, "talos_version = \"v1.9.4\"\n")
        _ = try await project.review(
            directory: "terraform", strict: true, within: .seconds(60)
        ) { _ in }
        let reviewed = box.privateFolder + "/terraform.tfplan.reviewed"
        let mode = try FileManager.default.attributesOfItem(atPath: reviewed)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let kept = try Data(contentsOf: URL(fileURLWithPath: reviewed))
        #expect(!String(decoding: kept, as: UTF8.self).contains("v1.9"))
        let extra = "terraform/extra.tf"
        try box.write(
            extra,
            """
            resource "terraform_data" "extra" {}
            output "free" { value = "an output is no resource" }

            """)
        if isKept {
            // A plan that another process made and did not come to compare.
            _ = try await project.review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
            try kept.write(to: URL(fileURLWithPath: reviewed))
        }
        let before = try box.read("terraform/terraform.tfstate")
        for _ in 0..<2 {
            let problem = await #expect(throws: Problem.self) {
                try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
            }
            #expect(problem?.kind == .stopped)
            #expect(
                problem?.details.first == "  terraform_data.extra would be created",
                "\(problem as Any)")
            #expect(problem?.fix?.contains("git diff -- terraform") == true)
        }
        #expect(try box.read("terraform/terraform.tfstate") == before)
        try box.write(extra, "output \"free\" { value = \"an output is no resource\" }\n")
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        #expect(try box.read("terraform/terraform.tfstate").contains("v1.9.4"))
        // The way back goes without a review of its own.
        try box.write(Sandbox.path, "talos_version = \"v1.9.2\"\n")
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
    }

    @Test func `what is left of a review, and its way back, go not beyond it`() {
        let reviewed = ReviewedChanges(
            directory: ".",
            actions: [
                "a": ["create"], "b": ["update"], "c": ["delete", "create"], "d": ["delete"],
            ])
        func beyond(_ actions: [String: Set<String>]) -> [String] {
            ReviewedChanges(directory: ".", actions: actions).beyond(reviewed)
        }
        #expect(beyond(["b": ["update"], "c": ["create"]]) == [])
        #expect(beyond(["a": ["delete"], "d": ["create"]]) == [])
        #expect(beyond([:]) == [])
        #expect(
            beyond(["a": ["update"], "b": ["delete"], "e": ["create"], "f": ["forget"]]) == [
                "a would be changed", "b would be destroyed", "e would be created",
                "f would be forgotten",
            ])
    }

    @Test func `a stale plan is made anew`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        _ = try await project.review(
            directory: "terraform", strict: true, within: .seconds(60)
        ) { _ in }
        let kept = box.privateFolder + "-kept"
        try FileManager.default.copyItem(atPath: box.privateFolder, toPath: kept)
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        try FileManager.default.removeItem(atPath: box.privateFolder)
        try FileManager.default.moveItem(atPath: kept, toPath: box.privateFolder)
        let lines = Lines()
        _ = try await project.apply(
            directory: "terraform", within: .seconds(60), report: lines.report)
        #expect(await lines.all().contains { $0.contains("stale") })
    }

    @Test func `a replacement is refused by address when strict, else reported`() async throws {
        let box = try Sandbox()
        let project = try box.project()
        _ = try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        try box.write("terraform/e.auto.tfvars", "talos_extensions = [\"iscsi-tools\"]\n")
        let problem = await #expect(throws: Problem.self) {
            try await project.review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(problem?.kind == .refused)
        #expect(
            problem?.details == [
                "  terraform_data.image would be replaced, because of triggers_replace"
            ])
        let lines = Lines()
        _ = try await project.review(
            directory: "terraform", strict: false, within: .seconds(60), report: lines.report)
        #expect(
            await lines.all().contains(
                "  terraform_data.image would be replaced, because of triggers_replace"))
        // The plan that was only reported on is not applied.
        await #expect(throws: Problem.self) {
            try await project.apply(directory: "terraform", within: .seconds(60)) { _ in }
        }
    }

    @Test func `a mistake in the configuration is shown with its place`() async throws {
        let box = try Sandbox()
        try box.write("terraform/bad.tf", "output \"x\" {\n  value = var.nothing\n}\n")
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) {
            try await project.review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(problem?.location == "terraform/bad.tf:2:11", "\(problem as Any)")
        #expect(problem?.details.prefix(2) == ["  value = var.nothing", "          ^"])
        try box.write("terraform/bad.tf", "output \"x\" {\n  value = = 1\n}\n")
        let output = await #expect(throws: Problem.self) { try await project.applied() }
        #expect(output?.location == "terraform/bad.tf:2:11", "\(output as Any)")
    }

    @Test func `a directory that is not initialised says so`() async throws {
        let box = try Sandbox()
        let backend = "backend \"http\" { address = \"http://127.0.0.1:1\" }"
        try box.write("terraform/b.tf", "terraform {\n  \(backend)\n}\n")
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) { try await project.applied() }
        #expect(problem?.fix == "terraform -chdir=terraform init", "\(problem as Any)")
    }

    @Test func `time runs out with an interrupt that keeps the state, a lock names its holder`()
        async throws
    {
        let box = try Sandbox()
        try box.write("terraform/s.auto.tfvars", "sleep = 90\n")
        let project = try box.project()
        let other = try TerraformProject(
            root: box.root, environment: box.environment,
            privateFolder: box.privateFolder + "-other", lockTimeout: .zero)
        async let slow = Result.catching {
            try await project.apply(directory: "terraform", within: .seconds(30)) { _ in }
        }
        let lock = box.root + "/terraform/.terraform.tfstate.lock.info"
        for _ in 0..<580 {
            let holder = try? String(contentsOfFile: lock, encoding: .utf8)
            if holder?.contains("OperationTypeApply") == true { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        try await Task.sleep(for: .milliseconds(300))
        let held = await #expect(throws: Problem.self) {
            try await other.review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(held?.summary.contains("is locked by") == true, "\(held as Any)")
        #expect(held?.fix?.contains(/kill -INT \d+$/) == true, "\(held as Any)")
        guard case .failure(let error) = await slow else {
            Issue.record("the apply ended in time")
            return
        }
        let problem = Problem(error)
        #expect(problem.kind == .stopped)
        #expect(problem.summary.contains("took too long"), "\(problem)")
        #expect(!FileManager.default.fileExists(atPath: lock))
        #expect(try box.read("terraform/terraform.tfstate").contains("terraform_data"))
    }

    @Test func `a configuration for another version says how to name one`() async throws {
        var files = Sandbox.standard
        files["terraform/versions.tf"] = "terraform {\n  required_version = \">= 99.0\"\n}\n"
        let box = try Sandbox(files)
        let problem = await #expect(throws: Problem.self) {
            try await box.project().review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(problem?.location == "terraform/versions.tf:2:3")
        #expect(problem?.fix?.contains("BUMP_TERRAFORM") == true)
    }

    @Test func `a crash is called that, whatever else it prints`() async throws {
        let box = try Sandbox()
        let crash = "#!/bin/sh\nyes noise | head -n 200000\necho 'panic: nil map' >&2\nexit 11\n"
        try box.write("crash", crash)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: box.root + "/crash")
        box.environment["BUMP_TERRAFORM"] = box.root + "/crash"
        let problem = await #expect(throws: Problem.self) {
            try await box.project().review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(problem?.summary == "terraform plan crashed.")
        #expect(problem?.causes == ["panic: nil map"])
        #expect(problem?.fix?.contains("look at the state") == true)
    }

    @Test func `a missing program says how to install it`() async throws {
        let box = try Sandbox()
        box.environment["PATH"] = "/nonexistent"
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) { try await project.applied() }
        #expect(problem?.fix?.contains("Install it") == true)
    }
}

extension Result where Failure == any Error, Success: Sendable {
    static func catching(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
