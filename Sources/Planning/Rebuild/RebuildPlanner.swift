package import Model

/// Makes the plan of the last resort: prove the backup, save what is needed, destroy, build anew
/// at the known-good version, restore, compare.
package struct RebuildPlanner: Sendable {
    private let snapshot: Snapshot
    private let input: RebuildInput
    private let options: PlanOptions
    private let id: RunID
    private let now: Double

    /// - Parameters:
    ///   - id: names the run that will execute the plan.
    ///   - now: seconds since 1970, noted in the plan.
    package init(
        snapshot: Snapshot, input: RebuildInput, options: PlanOptions, id: RunID, now: Double
    ) {
        self.snapshot = snapshot
        self.input = input
        self.options = options
        self.id = id
        self.now = now
    }

    package func plan() -> Plan {
        var findings = RebuildRules(snapshot: snapshot, input: input, now: now).findings()
        if edit != nil {
            findings += RepositoryRules(snapshot: snapshot, options: options).findings()
        }
        return Plan(
            id: id, target: .rebuild(input.talos, backup: input.backup), options: options,
            clusterName: snapshot.clusterName, madeAt: now, basis: snapshot.signature,
            controlPlanes: snapshot.nodes.filter { $0.role == .controlPlane }.map(\.identity),
            nodes: snapshot.nodes.map(change), edit: edit,
            stages: [prepare, destroy] + build + [restore, finish],
            findings: findings.sorted { $0.severity > $1.severity })
    }

    private var limits: Limits { options.limits }
    private var directory: String { snapshot.declaration.directory }
    private var isAlive: Bool { snapshot.kubernetesVersion.value != nil }

    private func change(_ node: NodeFacts) -> NodeChange {
        NodeChange(
            node: node.identity, from: node.machine.value?.version ?? input.talos,
            to: input.talos, image: "a new machine", method: .inPlace, note: "destroyed, made anew")
    }

    private var edit: ValueEdit? {
        guard let declared = snapshot.declaration.talos.value, declared.version != input.talos
        else { return nil }
        return ValueEdit(
            place: declared.place, old: declared.text, new: declared.spelling(of: input.talos))
    }

    /// Everything that can fail before something is lost. The Lease is taken only where there is a
    /// cluster to hold it.
    private var prepare: Stage {
        var lane: [Step] = []
        if isAlive {
            lane.append(step("locks", "take the locks", .takeLocks, Limit.short))
            lane.append(
                step(
                    "prove-backup", "prove the backup \(input.backup)",
                    .proveBackup(name: input.backup), Limit.long))
        }
        lane.append(
            step(
                "rescue", "save credentials, outputs, state and the backup's object",
                .rescue(backup: input.backup), limits.terraform))
        if isAlive, let node = snapshot.nodes.first(where: isSnapshotSource) {
            lane.append(
                Step(
                    id: "etcd-snapshot", title: "save an etcd snapshot of \(node.name)",
                    node: node.name, action: .perform(.snapshotEtcd(node.identity)),
                    limit: limits.prefetch))
        }
        if let edit {
            lane.append(
                step(
                    "edit", "set \(edit.place.path) to \(edit.new) in \(edit.place.file)",
                    .edit(edit), Limit.short))
            if options.commit {
                lane.append(
                    step(
                        "commit", "commit \(edit.place.file)", .commit(request(edit)), Limit.commit)
                )
            }
        }
        return Stage(title: "prepare", lanes: [lane])
    }

    private func isSnapshotSource(_ node: NodeFacts) -> Bool {
        node.role == .controlPlane && node.machine.value != nil
    }

    private var destroy: Stage {
        Stage(
            title: "destroy",
            lanes: [
                [
                    step(
                        "machines/destroy", "destroy every machine with Terraform",
                        .destroyInfrastructure(directory: directory), limits.terraform)
                ]
            ])
    }

    /// Nodes are Ready once there is a CNI, which a hook may bring: so the hooks go first.
    private var build: [Stage] {
        let make = [
            step(
                "apply", "make the machines anew with Terraform",
                .buildInfrastructure(directory: directory), limits.terraform),
            step("reconnect", "connect to the new cluster", .reconnect, limits.boot),
        ]
        guard !input.hooks.isEmpty else { return [Stage(title: "build", lanes: [make + proofs])] }
        let answers = Step(
            id: "await-api", title: "wait for Kubernetes to answer",
            gates: [.nodesReady(except: snapshot.nodes.map(\.name))], action: .check,
            limit: limits.boot)
        let hooks = input.hooks.enumerated().map { index, hook in
            step(
                "hook/\(index + 1)", "run your hook \(hook.name)", .runHook(hook), limits.terraform)
        }
        return [
            Stage(title: "build", lanes: [make + [answers]]),
            Stage(title: "install what you have", lanes: [hooks]),
            Stage(title: "prove", lanes: [proofs]),
        ]
    }

    private var proofs: [Step] {
        snapshot.nodes.map { node in
            Step(
                id: "\(node.name)/prove", title: "prove \(node.name)", node: node.name,
                action: .prove(
                    node.identity,
                    Expectation(
                        version: input.talos, schematic: nil, extensions: [], role: node.role,
                        previous: input.talos, previousSchematic: nil, onFailure: .stop)),
                limit: limits.boot + limits.install)
        }
    }

    private var restore: Stage {
        let name = "bump-\(id)"
        return Stage(
            title: "restore",
            lanes: [
                [
                    step(
                        "relock", "take the locks in the new cluster", .takeLocks, Limit.short),
                    step("await-velero", "wait for Velero", .awaitVelero, limits.boot),
                    step(
                        "suspend-flux", "suspend Flux", .setFlux(suspended: true), Limit.long),
                    step(
                        "read-only", "make the storage location read-only",
                        .setLocations(readOnly: true), Limit.short),
                    step(
                        "await-backup", "wait for the backup \(input.backup)",
                        .awaitBackup(name: input.backup), limits.boot),
                    step(
                        "restore", "restore \(input.backup)",
                        .restore(name: name, backup: input.backup), limits.backup),
                    step(
                        "compare", "compare what came back with what the backup held",
                        .compare(restore: name, backup: input.backup), limits.backup),
                    step(
                        "restore-flux", "restore Flux itself, where the new cluster has none",
                        .restoreFlux(name: name + "-flux", backup: input.backup),
                        limits.backup),
                ]
            ])
    }

    private var finish: Stage {
        Stage(
            title: "finish",
            lanes: [
                [
                    step(
                        "writable", "make the storage location writable again",
                        .setLocations(readOnly: false), Limit.short),
                    step(
                        "resume-flux", "resume Flux", .setFlux(suspended: false), Limit.long),
                    Step(
                        id: "prove-cluster", title: "prove the whole cluster",
                        gates: [.nodesReady(except: [])], action: .check, limit: limits.gate),
                    step("unlock", "release the locks", .releaseLocks, Limit.short),
                ]
            ])
    }

    private func step(
        _ id: String, _ title: String, _ operation: Operation, _ limit: Duration
    ) -> Step {
        Step(id: id, title: title, action: .perform(operation), limit: limit)
    }

    private func request(_ edit: ValueEdit) -> CommitRequest {
        CommitRequest(
            edit,
            message: """
                rebuild: back from \(edit.old) to \(edit.new)

                Cluster \(snapshot.clusterName) is destroyed and built anew at \(edit.new), \
                \(input.reason).

                Bump-Run: \(id)

                """)
    }
}
