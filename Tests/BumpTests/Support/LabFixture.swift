import Foundation
import Testing

/// A lab with a repository of its own, which stops and goes when the test is over.
struct LabFixture: Sendable {
    let sandbox: Sandbox
    /// The infrastructure repository.
    let root: URL

    static let tfvarsPath = "terraform/terraform.tfvars"

    /// Makes a lab, gives it to `body`, and removes it, also when `body` throws.
    static func with(
        controlPlanes: Int = 1, workers: Int = 1, speed: Int = 10,
        generation: Generation = .legacy, scenario: String? = nil, extensions: String? = nil,
        talos: String? = nil, kubernetes: String? = nil, _ body: (LabFixture) async throws -> Void
    ) async throws {
        let sandbox = try Sandbox()
        let lab = LabFixture(sandbox: sandbox, root: sandbox.home.appending(path: "infra"))
        do {
            let made = try await lab.sandbox.run(
                [
                    Sandbox.binary, "lab", "new", lab.root.path,
                    "--control-planes", "\(controlPlanes)", "--workers", "\(workers)",
                    "--speed", "\(speed)", "--talos", talos ?? generation.from, "--kubernetes",
                    kubernetes ?? generation.kubernetes,
                ] + (scenario.map { ["--scenario", $0] } ?? [])
                    + (extensions.map { ["--extensions", $0] } ?? []), within: .seconds(90))
            try #require(made.status == 0, "\(made)")
            try await body(lab)
        } catch {
            await lab.remove()
            throw error
        }
        await lab.remove()
    }

    private func remove() async {
        _ = try? await sandbox.run(
            [Sandbox.binary, "lab", "stop", root.path], within: .seconds(20))
        sandbox.remove()
    }

    // MARK: Programs

    @discardableResult
    func bump(
        _ arguments: String..., in directory: URL? = nil, environment: [String: String?] = [:],
        within limit: Duration = .seconds(120)
    ) async throws -> Outcome {
        try await sandbox.run(
            [Sandbox.binary] + arguments, in: directory ?? root, environment: environment,
            within: limit)
    }

    func startBump(_ arguments: String..., in directory: URL? = nil) throws -> Program {
        try sandbox.start([Sandbox.binary] + arguments, in: directory ?? root)
    }

    /// What the git program says on stdout. A failure of it fails the test.
    @discardableResult
    func git(_ arguments: String..., in directory: URL? = nil) async throws -> String {
        let outcome = try await sandbox.run(["git"] + arguments, in: directory ?? root)
        try #require(outcome.status == 0, "\(outcome)")
        return outcome.out
    }

    @discardableResult
    func terraform(_ arguments: String...) async throws -> Outcome {
        try await sandbox.run(
            ["terraform", "-chdir=terraform"] + arguments, in: root,
            environment: ["TF_IN_AUTOMATION": "1"])
    }

    /// Runs the program until the journals hold `growth` more records than now, and then kills it,
    /// as `kill -9` does. Gives its end when it ended before.
    func bumpKilled(after growth: Int, _ arguments: [String]) async throws -> Outcome? {
        let before = recordCount
        let program = try sandbox.start([Sandbox.binary] + arguments, in: root)
        let isThere = try await eventually(within: .seconds(90), every: .milliseconds(1)) {
            recordCount >= before + growth || program.hasEnded()
        }
        guard isThere, !program.hasEnded() else { return try await program.end(within: .zero) }
        program.crash()
        _ = try await program.end(within: .seconds(20))
        return nil
    }

    /// Records of all journals, whole or not.
    var recordCount: Int {
        let runs = path(".bump/runs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
        return names.reduce(0) { count, name in
            let bytes = try? Data(contentsOf: URL(filePath: "\(runs)/\(name)/journal"))
            return count + (bytes?.count { $0 == 0x0A } ?? 0)
        }
    }

    /// A clone with what git does not carry: the credentials and Terraform's state.
    func clone() async throws -> URL {
        let clone = sandbox.home.appending(path: "clone")
        try await git("clone", "--quiet", root.path, clone.path)
        let files = FileManager.default
        for name in ["generated", "terraform/terraform.tfstate", "terraform/.terraform"]
        where files.fileExists(atPath: path(name)) {
            try files.copyItem(atPath: path(name), toPath: clone.path + "/" + name)
        }
        return clone
    }

    func heal() async throws {
        let outcome = try await bump("lab", "fault", root.path, "heal")
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// Injects a fault and waits until the cluster shows it.
    func fault(_ name: String, node: String, shows kind: String) async throws {
        let before = try await events(kind).count
        let outcome = try await bump("lab", "fault", root.path, name, "--node", node)
        try #require(outcome.status == 0, "\(outcome)")
        let isShown = try await eventually(within: .seconds(20), every: .milliseconds(100)) {
            try await events(kind).count > before
        }
        try #require(isShown, "no \(kind) on \(node)")
    }

    /// Ends a machine behind Terraform's back.
    func destroyMachine(_ name: String) async throws {
        let outcome = try await sandbox.run(
            [root.appending(path: ".lab/bin/machine").path, "destroy"], in: root,
            environment: ["MACHINE_NAME": name])
        try #require(outcome.status == 0, "\(outcome)")
    }

    // MARK: What is true

    /// The ground truth, oldest first: what the cluster itself saw.
    func events(_ kinds: String...) async throws -> [LabEvent] {
        let outcome = try await bump("lab", "events", root.path, "--json")
        try #require(outcome.status == 0, "\(outcome)")
        let all = try outcome.out.split(separator: "\n").map {
            try JSONDecoder().decode(LabEvent.self, from: Data($0.utf8))
        }
        return kinds.isEmpty ? all : all.filter { kinds.contains($0.kind) }
    }

    /// What `bump status --json` says.
    func status() async throws -> StatusDocument {
        let outcome = try await bump("status", "--json")
        try #require(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(StatusDocument.self, from: Data(outcome.out.utf8))
    }

    /// The nodes' versions as the lab itself knows them.
    func trueVersions() async throws -> Set<String> {
        let outcome = try await bump("lab", "status", root.path, "--json")
        try #require(outcome.status == 0, "\(outcome)")
        let status = try JSONDecoder().decode(LabStatusDocument.self, from: Data(outcome.out.utf8))
        return Set(status.nodes.map(\.talosVersion))
    }

    // MARK: Files

    func path(_ name: String) -> String { root.appending(path: name).path }

    func read(_ name: String) throws -> Data { try Data(contentsOf: root.appending(path: name)) }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    func write(_ name: String, _ text: String) throws {
        let file = root.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Replaces a text that must be there. Commits it when `commits`.
    func replace(
        _ old: String, with new: String, in name: String = tfvarsPath, commits: Bool = true
    ) async throws {
        let before = try text(name)
        try #require(before.contains(old), "\(name) does not hold \(old)")
        try write(name, before.replacing(old, with: new))
        if commits { try await git("commit", "--quiet", "--message", "change", "--", name) }
    }

    /// Takes the outputs with credentials away, so that files hold them, as in many repositories.
    func removeCredentialOutputs() async throws {
        let outputs = try text("terraform/outputs.tf")
        let start = try #require(outputs.range(of: "# The folder is an attribute")).lowerBound
        try write("terraform/outputs.tf", String(outputs[..<start]))
        try await git("commit", "--quiet", "--all", "--message", "no credentials in outputs")
        let applied = try await terraform("apply", "-auto-approve", "-no-color")
        try #require(applied.status == 0, "\(applied)")
    }
}
