import Model
import Planning
import Simulation

extension Draw {
    /// The cluster is destroyed, made anew and restored. There is no way back out of that.
    mutating func rebuild(_ below: (UInt64) -> Int) {
        task = .rebuild(below(6) == 0 ? .partiallyFailed : .completed)
        if below(2) == 0 { target = talos }
        options.onFailure = .stop
        abortsWhenStopped = false
        abortsWhenKilled = false
    }

    /// A new cluster's machines, at a version.
    func machines(at version: Version) -> [MachineSpec] {
        (0..<(controlPlanes + workers)).map { index in
            let isPlane = index < controlPlanes
            return MachineSpec(
                name: NodeName(isPlane ? "cp-\(index + 1)" : "w-\(index - controlPlanes + 1)"),
                address: NodeAddress("127.0.0.\(index + 10)"),
                role: isPlane ? .controlPlane : .worker, schematic: schematic,
                extensions: extensions,
                installImage: "factory.talos.dev/metal-installer/\(schematic):\(version)",
                talos: version)
        }
    }

    /// The run's plan, from what an inspection would find.
    func plan(for cluster: EmulatedCluster, _ repository: SimulatedRepository, _ id: RunID) -> Plan
    {
        let snapshot = snapshot(of: cluster, repository)
        return switch task {
        case .upgrade:
            Planner(snapshot: snapshot, options: options, id: id, now: 0).talosPlan(to: target)
        case .rebuild:
            RebuildPlanner(
                snapshot: snapshot, input: rebuildInput, options: options, id: id, now: 0
            ).plan()
        }
    }

    /// The cluster's backup was whole when the plan was made, whatever it is by now.
    private var rebuildInput: RebuildInput {
        RebuildInput(
            talos: target, reason: "as asked for", backup: Self.backup,
            facts: .known(
                BackupFacts(
                    name: Self.backup, phase: "Completed", completedAt: 0, location: "default")),
            volumes: .known([]), claims: .known([]), isInHistory: true,
            hooks: workers % 2 == 0 ? [] : [RebuildHook(name: "cni", command: "true")])
    }

    /// What a rebuild restores.
    static let backup = "nightly"
}
