import Model

/// One control plane and two workers on their way from v1.9.2 to v1.9.4.
enum Samples {
    static let noon = 1_795_348_800.0
    static let old = Version(1, 9, 2)
    static let new = Version(1, 9, 4)
    static let run = RunID("20261122-120000-7f3a")
    static let image = "factory.talos.dev/installer/" + String(repeating: "c", count: 64)
    static let schematic = SchematicID(String(repeating: "c", count: 64)) ?? .empty
    static let plane = NodeIdentity(name: "demo-cp-1", address: "127.9.0.1", role: .controlPlane)
    static let workers = (1...2).map {
        NodeIdentity(
            name: NodeName("demo-worker-\($0)"), address: NodeAddress("127.9.0.1\($0)"),
            role: .worker)
    }
    static let place = Place(
        file: "terraform/terraform.tfvars", path: "talos_version", line: 3, column: 17)

    static func step(
        _ node: NodeIdentity?, _ name: String, gates: [Gate] = [], _ action: Step.Action
    ) -> Step {
        Step(
            id: node.map { "\($0.name)/\(name)" } ?? name,
            title: node.map { "\(name) \($0.name)" } ?? name, node: node?.name, gates: gates,
            action: action, limit: .seconds(60))
    }

    static func roll(_ node: NodeIdentity, gates: [Gate]) -> [Step] {
        [
            step(node, "cordon", gates: gates, .perform(.cordon(node))),
            step(node, "drain", .drain(node)),
            step(node, "upgrade", .perform(.upgrade(node, image: image + ":v1.9.4"))),
            step(
                node, "prove",
                .prove(
                    node,
                    Expectation(
                        version: new, schematic: nil, extensions: [], role: node.role,
                        previous: old, previousSchematic: nil, onFailure: .rollback))),
            step(node, "uncordon", .perform(.uncordon(node))),
        ]
    }

    static func plan(options: PlanOptions = PlanOptions(), findings: [Finding] = []) -> Plan {
        let edit = ValueEdit(place: place, old: "v1.9.2", new: "v1.9.4")
        let commit = CommitRequest(
            paths: [place.file], message: "talos: upgrade v1.9.2 to v1.9.4\n\nWhy.\n")
        let all = workers + [plane]
        let stages =
            [
                Stage(
                    title: "prepare",
                    lanes: [
                        [
                            step(nil, "take the locks", .perform(.takeLocks)),
                            step(nil, "back up with Velero", .perform(.backUp(name: "bump-7f3a"))),
                        ]
                    ]),
                Stage(
                    title: "declare",
                    lanes: [
                        [
                            step(nil, "set talos_version to v1.9.4", .perform(.edit(edit))),
                            step(nil, "commit \(place.file)", .perform(.commit(commit))),
                        ]
                    ]),
                Stage(
                    title: "prefetch",
                    lanes: all.map { [step($0, "pull", .perform(.pull($0, image: image)))] }),
            ]
            + workers.map { Stage(title: "workers", lanes: [roll($0, gates: gates($0))]) }
            + [
                Stage(
                    title: "control planes",
                    lanes: [
                        [step(plane, "save", .perform(.snapshotEtcd(plane)))]
                            + roll(plane, gates: gates(plane) + [.etcdAllowsTakingDown(plane.name)])
                    ]),
                Stage(
                    title: "finish",
                    lanes: [[step(nil, "release the locks", .perform(.releaseLocks))]]),
            ]
        return Plan(
            id: run, target: .talos(new), options: options, clusterName: "demo", madeAt: noon,
            basis: [], controlPlanes: [plane],
            nodes: all.map {
                NodeChange(
                    node: $0, from: old, to: new, image: image + ":v1.9.4", method: .legacy,
                    note: $0 == plane ? "etcd leader, last" : nil)
            },
            edit: edit, stages: stages, findings: findings)
    }

    static func gates(_ node: NodeIdentity) -> [Gate] {
        [.nodesReady(except: [node.name]), .machineReady(node)]
    }

    static func snapshot(declared: Version = old) -> Snapshot {
        let kubernetes = Version(1, 32, 0)
        let all = [plane] + workers
        return Snapshot(
            takenAt: noon, clusterName: "demo",
            declaration: Declaration(
                directory: "terraform",
                talos: .known(DeclaredValue(text: declared.tag, version: declared, place: place)),
                kubernetes: .known(
                    DeclaredValue(
                        text: "1.32.0", version: kubernetes,
                        place: Place(
                            file: place.file, path: "kubernetes_version", line: 4, column: 22))),
                extensions: .known(["siderolabs/qemu-guest-agent"])),
            applied: Applied(
                clusterName: "demo", schematic: .known(schematic), nodes: all,
                sources: ["schematic: output talos_schematic_id"]),
            repository: RepositoryFacts(head: "1a2b3c4", branch: "main"),
            nodes: all.map { facts($0, kubernetes: kubernetes) },
            etcd: .known(
                EtcdFacts(members: [EtcdFacts.Member(id: 1, name: "demo-cp-1", isLeader: true)])),
            kubernetesVersion: .known(kubernetes), backupLocations: .known([]),
            endpoint: "127.9.0.1")
    }

    static func facts(_ node: NodeIdentity, kubernetes: Version) -> NodeFacts {
        NodeFacts(
            name: node.name, address: node.address, role: node.role,
            machine: .known(
                MachineFacts(
                    name: node.name, role: node.role, version: old, stage: .running, isReady: true,
                    bootID: .known("boot-\(node.name)"), schematic: schematic,
                    extensions: ["qemu-guest-agent"], platform: "metal")),
            kubernetes: .known(
                KubernetesNodeFacts(
                    name: node.name, role: node.role, address: node.address, isReady: true,
                    kubeletVersion: kubernetes)))
    }

    /// Lines as one text, as they stand in a test.
    static func text(_ lines: [String]) -> String { lines.joined(separator: "\n") }
}
