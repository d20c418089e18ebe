import Model

/// A healthy cluster to plan for; tests break one thing at a time.
enum Samples {
    static let schematic = SchematicID.empty

    static func snapshot(
        controlPlanes: Int = 1, workers: Int = 2, talos: Version = Version(1, 9, 2),
        kubernetes: Version = Version(1, 32, 0), leader: Int = 1
    ) -> Snapshot {
        let nodes =
            (0..<controlPlanes).map {
                node("cp-\($0 + 1)", .controlPlane, $0 + 10, talos, kubernetes)
            }
            + (0..<workers).map { node("w-\($0 + 1)", .worker, $0 + 100, talos, kubernetes) }
        let members = (0..<controlPlanes).map {
            EtcdFacts.Member(id: UInt64($0 + 1), name: "cp-\($0 + 1)", isLeader: $0 + 1 == leader)
        }
        let place = Place(
            file: "terraform/terraform.tfvars", path: "talos_version", line: 2, column: 17)
        return Snapshot(
            takenAt: 0, clusterName: "demo",
            declaration: Declaration(
                directory: "terraform",
                talos: .known(DeclaredValue(text: talos.tag, version: talos, place: place)),
                kubernetes: .unknown("not asked"), extensions: .known([])),
            applied: Applied(
                clusterName: "demo", schematic: .known(schematic), nodes: nodes.map(\.identity)),
            repository: RepositoryFacts(head: "0123", branch: "main"), nodes: nodes,
            etcd: .known(EtcdFacts(members: members)), kubernetesVersion: .known(kubernetes),
            backupLocations: .known([
                BackupLocationFacts(
                    name: "default", isAvailable: true, isReadOnly: false, isDefault: true)
            ]), endpoint: "127.0.0.10")
    }

    static func node(
        _ name: String, _ role: Role, _ host: Int, _ talos: Version, _ kubernetes: Version
    ) -> NodeFacts {
        let address = NodeAddress("127.0.0.\(host)")
        return NodeFacts(
            name: NodeName(name), address: address, role: role,
            machine: .known(
                MachineFacts(
                    name: NodeName(name), role: role, version: talos, stage: .running,
                    isReady: true, bootID: .known("boot-\(name)"), schematic: schematic,
                    extensions: ["qemu-guest-agent"], platform: "metal",
                    installImage: "factory.talos.dev/metal-installer/\(schematic):\(talos)")),
            kubernetes: .known(
                KubernetesNodeFacts(
                    name: NodeName(name), role: role, address: address, isReady: true,
                    kubeletVersion: kubernetes, bootID: "boot-\(name)")))
    }
}

extension Snapshot {
    /// The same snapshot with one node changed.
    func changing(_ name: NodeName, _ change: (inout NodeFacts) -> Void) -> Snapshot {
        var copy = self
        if let index = copy.nodes.firstIndex(where: { $0.name == name }) {
            change(&copy.nodes[index])
        }
        return copy
    }

    func with(_ change: (inout Snapshot) -> Void) -> Snapshot {
        var copy = self
        change(&copy)
        return copy
    }
}
