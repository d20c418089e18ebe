import Model
import Testing

@testable import Planning

@Suite struct `An extensions plan` {
    private let old = Samples.schematic
    private let new = SchematicID(String(repeating: "b", count: 64)) ?? .empty

    private func snapshot(_ declared: [String] = ["qemu-guest-agent"]) -> Snapshot {
        Samples.snapshot(controlPlanes: 3, workers: 2).with {
            $0.declaration.extensions = .known(declared)
            $0.declaration.extensionsPlace = Place(
                file: "terraform/terraform.tfvars", path: "talos_extensions", line: 4, column: 20)
        }
    }

    private func plan(
        _ snapshot: Snapshot, _ wanted: [String], to schematic: SchematicID? = nil
    ) -> Plan {
        var options = PlanOptions()
        options.apply = .before
        return ExtensionsPlanner(snapshot: snapshot, options: options, id: RunID("r"), now: 0)
            .plan(ExtensionChange(wanted: wanted, from: old, to: schematic ?? new))
    }

    @Test func `rolls every node once at its version, with the new schematic proven`() {
        let plan = plan(snapshot(), ["qemu-guest-agent", "iscsi-tools"])
        #expect(plan.findings.filter { $0.severity == .error }.isEmpty)
        #expect(Checker(plan).findings().isEmpty)
        #expect(plan.nodes.count == 5)
        #expect(plan.nodes.allSatisfy { $0.from == $0.to && $0.image.contains(new.text) })
        let promises = plan.steps.compactMap { step -> Model.Expectation? in
            guard case .prove(_, let expectation) = step.action else { return nil }
            return expectation
        }
        #expect(promises.allSatisfy { $0.schematic == new && $0.previousSchematic == old })
        #expect(promises.allSatisfy { $0.extensions == ["qemu-guest-agent", "iscsi-tools"] })
    }

    @Test func `applies before the roll and holds the schematic against the prediction`() {
        let steps = plan(snapshot(), ["qemu-guest-agent", "iscsi-tools"]).steps.map(\.id)
        let declared = ["edit", "review", "commit", "apply", "verify-schematic"]
        #expect(steps.filter(declared.contains) == declared)
        let verify = steps.firstIndex(of: "verify-schematic") ?? .max
        #expect(verify < (steps.firstIndex(of: "w-1/cordon") ?? 0))
    }

    @Test(arguments: [
        (["siderolabs/qemu-guest-agent"], "siderolabs/qemu-guest-agent,siderolabs/iscsi-tools"),
        (["qemu-guest-agent"], "qemu-guest-agent,iscsi-tools"),
        ([], "qemu-guest-agent,iscsi-tools"),
    ])
    func `writes names in the manner of the file`(_ declared: [String], _ written: String) {
        let plan = plan(snapshot(declared), ["qemu-guest-agent", "iscsi-tools"])
        #expect(plan.edit?.new == written)
    }

    @Test func `leaves a node alone that has a schematic of its own`() {
        let own = SchematicID(String(repeating: "c", count: 64))
        let snapshot = snapshot().changing("w-2") {
            $0.machine = $0.machine.map { machine in
                var copy = machine
                copy.schematic = own
                return copy
            }
        }
        let plan = plan(snapshot, ["qemu-guest-agent", "iscsi-tools"])
        #expect(!plan.nodes.contains { $0.node.name == "w-2" })
        #expect(plan.findings.contains { $0.code == "schematic.own" && $0.location == "w-2" })
    }

    @Test func `is empty when all is there`() {
        #expect(plan(snapshot(), ["qemu-guest-agent"], to: old).isEmpty)
    }

    @Test func `says in its commit what comes and what goes`() {
        let plan = plan(
            snapshot(["qemu-guest-agent", "zfs"]), ["qemu-guest-agent", "iscsi-tools"])
        let subjects = plan.steps.compactMap { step -> Substring? in
            guard case .perform(.commit(let request)) = step.action else { return nil }
            return request.message.prefix { $0 != "\n" }
        }
        #expect(subjects == ["extensions: add iscsi-tools, remove zfs"])
    }
}

@Suite struct `The order of extensions` {
    private let catalog = ["s/b", "s/a", "s/d", "s/c"]

    /// What the present schematic tells counts more than what the configuration looks like.
    @Test(arguments: [
        (["s/d"], ["s/d"], ExtensionOrder.Manner.declared, ["s/d", "s/a", "s/b"]),
        (["s/d"], ["s/d"], .name, ["s/a", "s/b", "s/d"]),
        (["s/d"], ["s/d"], .catalog, ["s/b", "s/a", "s/d"]),
        (["s/d", "s/c"], ["s/d", "s/c"], .name, ["s/d", "s/a", "s/b"]),
        (["s/c", "s/d"], ["s/d", "s/c"], .declared, ["s/a", "s/b", "s/d"]),
        (["s/x"], ["s/d"], .catalog, ["s/b", "s/a", "s/d"]),
    ])
    func `is read off the schematic, then off the configuration`(
        _ recipe: [String], _ declared: [String], _ hint: ExtensionOrder.Manner,
        _ arranged: [String]
    ) {
        let order = ExtensionOrder(
            recipe: recipe, declared: declared, catalog: catalog, hint: hint)
        #expect(order.arrange(["s/d", "s/a", "s/b"]) == arranged)
    }
}
