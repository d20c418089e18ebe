import Foundation
import Testing

extension EndToEnd {
    /// Each row of the pre-flight check broken on purpose: found, named, with a fix, and nothing
    /// touched.
    @Suite(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
    struct BrokenRowTests {
        @Test func `machines, etcd and versions`() async throws {
            try await LabFixture.with(
                controlPlanes: 3, workers: 3, speed: 20, scenario: "stateful"
            ) { lab in
                try await judge(lab, Wave.machines + Wave.etcd + Wave.versions)
            }
        }

        @Test func `workloads, storage, Flux and backups`() async throws {
            try await LabFixture.with(
                controlPlanes: 1, workers: 3, speed: 20, scenario: "stateful"
            ) { lab in
                try await judge(
                    lab,
                    Wave.workloads + Wave.storage + Wave.flux + Wave.backups + Wave.gates
                        + Wave.runs)
            }
        }

        @Test func `repository and credentials`() async throws {
            try await LabFixture.with(controlPlanes: 3, workers: 1, speed: 20) { lab in
                try await judge(lab, Wave.repository)
                try await lab.removeCredentialOutputs()
                try await judge(lab, Wave.credentials + Wave.gone)
            }
        }

        @Test func `a cluster without Velero`() async throws {
            try await LabFixture.with(speed: 20, scenario: "no-velero") { lab in
                let (status, findings) = try await check(lab)
                #expect(status == 3)
                let finding = findings.first { $0.code == "backup.unavailable" }
                #expect(finding?.summary.contains("Velero is not installed") == true)
                #expect(finding?.fix?.contains("--no-backup") == true)
                #expect(try await lab.bump("check", "--no-backup").status == 0)
                try lab.write(".bump.yaml", "backup: none\n")
                #expect(try await lab.bump("check").status == 0)
            }
        }

        private func judge(_ lab: LabFixture, _ waves: [Wave]) async throws {
            var seen: (status: Int32, findings: Set<CheckDocument.Finding>) = (0, [])
            // What a fresh cluster does is over once two looks are the same.
            let isQuiet = try await eventually(within: .seconds(40)) {
                seen = try await check(lab)
                return seen.status == 0 && seen.findings.allSatisfy { $0.severity == "note" }
            }
            try #require(isQuiet, "a healthy cluster: \(seen)")
            for wave in waves {
                for breakage in wave.breakages { try await lab.perform(breakage.acts) }
                let before = try await Traces(repository: lab.root, sandbox: lab.sandbox)
                _ = try await eventually(within: .seconds(20)) {
                    seen = try await check(lab)
                    return wave.breakages.allSatisfy { $0.isFound(in: seen.findings) }
                }
                wave.judge(seen.status, seen.findings)
                let after = try await Traces(repository: lab.root, sandbox: lab.sandbox)
                #expect(after.differences(from: before) == [], "\(wave.title)")
                guard wave.isMended else { continue }
                try await lab.mend(wave)
                let isMended = try await eventually(within: .seconds(40)) {
                    seen = try await check(lab)
                    return seen.status == 0 && seen.findings.allSatisfy { $0.severity == "note" }
                }
                try #require(isMended, "after \(wave.title): \(seen)")
            }
            // Runs that were begun on purpose are the only ones that did anything.
            if !waves.contains(where: { $0.title == Wave.runTitle }) {
                let ours = try await lab.events().filter { $0.by == "bump" }
                #expect(ours.isEmpty, "\(ours)")
            }
        }

        private func check(
            _ lab: LabFixture
        ) async throws -> (status: Int32, findings: Set<CheckDocument.Finding>) {
            let outcome = try await lab.bump("check", "--json")
            let document = try? JSONDecoder().decode(
                CheckDocument.self, from: Data(outcome.out.utf8))
            let findings = try #require(document, "\(outcome)").findings
            return (outcome.status, Set(findings))
        }
    }
}

extension Breakage {
    func isFound(in findings: Set<CheckDocument.Finding>) -> Bool {
        findings.contains { finding in
            finding.code == code && finding.severity == severity
                && words.allSatisfy(finding.summary.contains)
        }
    }
}

extension Wave {
    /// All of it is found, with a fix, and nothing besides.
    func judge(_ status: Int32, _ findings: Set<CheckDocument.Finding>) {
        for breakage in breakages {
            #expect(
                breakage.isFound(in: findings),
                "\(title): \(breakage.code) \(breakage.words) in \(findings)")
        }
        let isError = breakages.contains { $0.severity == "error" }
        #expect(status == (isError ? 3 : 0), "\(title)")
        let known = Set(breakages.map(\.code) + also)
        for finding in findings where finding.severity != "note" {
            #expect(known.contains(finding.code), "\(title): not expected: \(finding)")
            let needsFix = finding.severity == "error"
            #expect(!needsFix || finding.fix?.isEmpty == false, "\(title): no fix: \(finding)")
        }
    }
}

extension LabFixture {
    func perform(_ acts: [Breakage.Act]) async throws {
        for act in acts { try await perform(act) }
    }

    private func perform(_ act: Breakage.Act) async throws {
        switch act {
        case .fault(let name, let node):
            let place = node.map { ["--node", $0] } ?? []
            try await succeed([Sandbox.binary, "lab", "fault", root.path, name] + place)
        case .apply(let text), .put(let text):
            let name = "scratch-\(UUID().uuidString).yaml"
            let file = sandbox.home.appending(path: name)
            try Data(text.utf8).write(to: file)
            try await kubectl(["apply", "--filename", file.path])
        case .status(let place, let patch):
            let words = place.split(separator: " ").map(String.init)
            let namespace = words.count == 2 ? ["--namespace", words[0]] : []
            try await kubectl(
                namespace + ["patch", words.last ?? "", "--subresource", "status"]
                    + ["--type", "merge", "--patch", patch])
        case .kubectl(let words): try await kubectl(words.split(separator: " ").map(String.init))
        case .write(let path, let text): try write(path, text)
        case .replace(let old, let new, let path):
            try await replace(old, with: new, in: path, commits: false)
        case .append(let text, let path): try write(path, try self.text(path) + text)
        case .remove(let path): try FileManager.default.removeItem(atPath: self.path(path))
        case .git(let words):
            try await succeed(["git"] + words.split(separator: " ").map(String.init))
        case .credentials(let time):
            try await succeed(
                [Sandbox.binary, "lab", "credentials", root.path, "--valid", time])
        case .bumpStopped(let words):
            let outcome = try await sandbox.run(
                [Sandbox.binary] + words, in: root, within: .seconds(120))
            try #require(outcome.status == 1, "\(outcome)")
        case .bump(let words): try await succeed([Sandbox.binary] + words)
        case .bumpSoon(let words):
            var outcome: Outcome?
            let isDone = try await eventually(within: .seconds(60)) {
                outcome = try await sandbox.run(
                    [Sandbox.binary] + words, in: root, within: .seconds(120))
                return outcome?.status == 0
            }
            try #require(isDone, "\(String(describing: outcome))")
        case .heal: try await heal()
        case .destroy(let machine): try await destroyMachine(machine)
        }
    }

    /// Takes away what was applied, heals, and does what each breakage needs besides.
    func mend(_ wave: Wave) async throws {
        for breakage in wave.breakages.reversed() {
            try await perform(breakage.mends)
            for case .apply(let text) in breakage.acts.reversed() {
                let file = sandbox.home.appending(path: "scratch-\(UUID().uuidString).yaml")
                try Data(text.utf8).write(to: file)
                try await kubectl(
                    ["delete", "--ignore-not-found", "--wait=false", "--filename", file.path])
            }
        }
        let isStruck = wave.breakages.flatMap(\.acts).contains {
            if case .fault = $0 { true } else { false }
        }
        if isStruck { try await heal() }
    }

    @discardableResult
    func kubectl(_ arguments: [String], input: String? = nil) async throws -> Outcome {
        let home = sandbox.home.path
        let outcome = try await sandbox.run(
            ["kubectl"] + arguments, in: root,
            environment: ["KUBECONFIG": path("generated/kubeconfig"), "HOME": home], input: input)
        try #require(outcome.status == 0, "\(outcome)")
        return outcome
    }

    private func succeed(_ words: [String]) async throws {
        let outcome = try await sandbox.run(words, in: root, within: .seconds(120))
        try #require(outcome.status == 0, "\(outcome)")
    }
}
