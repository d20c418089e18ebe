import Model
import Testing

@testable import Planning

@Suite struct `A plan to back out` {
    private let old = Version(1, 13, 0)
    private let new = Version(1, 13, 9)

    /// One control plane and two workers that serve `LifecycleService`, and the plan to upgrade.
    private func upgrade() -> (Snapshot, Plan) {
        var snapshot = Samples.snapshot(talos: old, kubernetes: Version(1, 35, 4))
        for node in snapshot.nodes {
            snapshot = snapshot.changing(node.name) {
                $0.machine = $0.machine.map { machine in
                    var copy = machine
                    copy.servesLifecycle = true
                    return copy
                }
            }
        }
        let plan = Planner(snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0)
            .talosPlan(to: new)
        return (snapshot, plan)
    }

    private func abort(
        _ touched: [NodeName: InstallTrace], _ change: (inout NodeFacts) -> Void = { _ in }
    ) -> Plan {
        let (snapshot, run) = upgrade()
        return AbortPlanner(
            snapshot: snapshot.changing("w-1", change), run: run, touched: touched,
            id: RunID("a"), now: 0
        ).plan()
    }

    private func steps(_ plan: Plan) -> [String] {
        plan.steps.filter { $0.node == "w-1" }.map { String($0.id.dropFirst("w-1/".count)) }
    }

    private func running(_ version: Version, boot: String = "boot-w-1") -> (inout NodeFacts) -> Void
    {
        {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.version = version
                copy.bootID = .known(boot)
                return copy
            }
        }
    }

    @Test(arguments: ["v1.13.0", "v1.13.9", "v1.13.5"])
    func `refuses a version that is neither of the run's before it touches a node`(
        _ text: String
    ) throws {
        var (snapshot, run) = upgrade()
        let edit = try #require(run.edit)
        var value = try #require(snapshot.declaration.talos.value)
        value.text = text
        snapshot.declaration.talos = .known(value)
        let plan = AbortPlanner(
            snapshot: snapshot, run: run, touched: [:], id: RunID("a"), now: 0
        ).plan()
        let found = plan.findings.filter { $0.code == "declaration.other-value" }
        #expect(found.count == (text == "v1.13.5" ? 1 : 0))
        for finding in found {
            #expect(finding.severity == .error)
            #expect(
                finding.fix?.hasPrefix(
                    "bump tfvars set \(edit.place.file) 'talos_version' 'v1.13.0'") == true)
            #expect(finding.fix?.hasSuffix("then: bump abort") == true)
        }
    }

    @Test func `makes the running slot the default again when the new version was not booted`()
        throws
    {
        let plan = abort(["w-1": InstallTrace(bootID: "boot-w-1", isComplete: true)])
        #expect(
            steps(plan) == ["cordon", "drain", "await-installer", "rollback", "prove", "uncordon"])
        let rollback = try #require(plan.steps.first { $0.id == "w-1/rollback" })
        #expect(
            rollback.gates.contains {
                if case .stillInBoot(_, "boot-w-1") = $0 { true } else { false }
            })
        #expect(plan.nodes.map(\.note) == ["installed and not booted"])
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test func `boots a node first of which nobody knows what was installed`() {
        let plan = abort(["w-1": InstallTrace(bootID: "boot-w-1")])
        #expect(
            steps(plan) == [
                "cordon", "drain", "await-installer", "reboot", "rollback", "prove", "uncordon",
            ])
        #expect(Checker(plan).findings().isEmpty)
    }

    @Test func `leaves a node alone that has booted the old version since`() {
        let trace = InstallTrace(bootID: "boot-w-1", isComplete: true)
        #expect(steps(abort(["w-1": trace], running(old, boot: "later"))).isEmpty)
    }

    @Test func `rolls a node back that runs the new version`() {
        let trace = InstallTrace(bootID: "boot-w-1", isComplete: true)
        #expect(
            steps(abort(["w-1": trace], running(new, boot: "later")))
                == ["cordon", "drain", "rollback", "prove", "uncordon"])
    }

    @Test func `is refused while Kubernetes does not answer`() {
        let plan = abort([:]) { $0.kubernetes = .unknown("connection refused") }
        #expect(plan.findings.map(\.code) == ["node.not-in-kubernetes"])
        #expect(plan.hasErrors)
    }

    @Test func `says that a node runs neither version`() {
        let trace = InstallTrace(bootID: "boot-w-1", isComplete: true)
        let plan = abort(["w-1": trace], running(Version(1, 12, 1), boot: "later"))
        #expect(plan.findings.map(\.code) == ["node.other-version"])
    }

    @Test func `of extensions takes back the nodes with the new schematic, and applies again`()
        throws
    {
        let other = try #require(SchematicID(String(repeating: "b", count: 64)))
        let snapshot = Samples.snapshot(controlPlanes: 1, workers: 2).with {
            $0.declaration.extensions = .known(["qemu-guest-agent"])
            $0.declaration.extensionsPlace = Place(
                file: "terraform/terraform.tfvars", path: "talos_extensions", line: 4, column: 20)
        }
        var options = PlanOptions()
        options.apply = .before
        let run = ExtensionsPlanner(snapshot: snapshot, options: options, id: RunID("r"), now: 0)
            .plan(
                ExtensionChange(
                    wanted: ["qemu-guest-agent", "zfs"], from: Samples.schematic, to: other))
        let rolled = snapshot.changing("w-1") {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.schematic = other
                return copy
            }
        }
        let trace = InstallTrace(bootID: "before", isComplete: true)
        let plan = AbortPlanner(
            snapshot: rolled, run: run, touched: ["w-1": trace, "w-2": trace], id: RunID("a"),
            now: 0
        ).plan()
        #expect(plan.nodes.map(\.node.name) == ["w-1"])
        #expect(plan.edit?.new == "qemu-guest-agent")
        #expect(plan.steps.map(\.id).suffix(4) == ["edit", "commit", "apply", "unlock"])
        #expect(
            plan.steps.contains {
                guard case .perform(.commit(let request)) = $0.action else { return false }
                return request.message.hasPrefix("extensions: back from")
            })
    }
}
