import Model

/// Disks, clocks, diagnostics and addresses, as the nodes themselves tell of them.
struct MachineRules {
    let snapshot: Snapshot
    let health: HealthFacts

    func findings() -> [Finding] {
        snapshot.nodes.flatMap(node) + rooms() + endpoint()
    }

    private func node(_ node: NodeFacts) -> [Finding] {
        // A node that does not answer is told of already.
        guard let known = node.machine.value, let observed = health.machines[node.name] else {
            return []
        }
        guard let machine = observed.value else {
            return [
                Finding(
                    .warning, "node.unseen",
                    "Disks and clock of \(node.name) were not checked: \(observed.reason ?? "")",
                    at: node.name.text)
            ]
        }
        var found = machine.diagnostics.map {
            Finding(
                .error, "node.diagnostic", "\(node.name) warns: \($0)", at: node.name.text,
                fix: "talosctl -n \(node.address) get diagnostics -o yaml")
        }
        found += machine.volumes.compactMap { volume($0, of: node) }
        if machine.clock == .notInSync {
            found.append(
                Finding(
                    .error, "time.not-in-sync",
                    "The clock of \(node.name) is not in sync: etcd and certificates rely on it.",
                    at: node.name.text,
                    fix: "talosctl -n \(node.address) time; check machine.time.servers"))
        }
        // A boot that is not well yet has the same mark, and is told of.
        if machine.hasPendingInstall, known.isReady {
            found.append(
                Finding(
                    .warning, "node.primed",
                    "\(node.name) has an installed version that never booted: the next reboot, "
                        + "whoever causes it, changes its version.", at: node.name.text,
                    fix: "bump doctor"))
        }
        return found
    }

    /// `/var` holds images, pods and etcd: the kubelet evicts pods below a tenth, and an
    /// installer image needs about one GiB there. STATE holds the machine config.
    /// Sources: kubelet's default `nodefs.available<10%`; Talos, EPHEMERAL and STATE partitions.
    private func volume(_ volume: MachineHealth.Volume, of node: NodeFacts) -> Finding? {
        guard volume.size > 0 else { return nil }
        let share = Double(volume.available) / Double(volume.size)
        let isSystem = volume.mountPoint != "/var"
        let least: UInt64 = isSystem ? 5 << 20 : 1 << 30
        let isFull = volume.available < least || share < 0.05
        guard isFull || share < (isSystem ? 0.15 : 0.12) else { return nil }
        let free = ByteText.text(volume.available)
        return Finding(
            isFull ? .error : .warning, isFull ? "disk.full" : "disk.low",
            "\(node.name) has \(free) left of \(ByteText.text(volume.size)) on "
                + "\(volume.mountPoint).", at: node.name.text,
            fix: isSystem
                ? "talosctl -n \(node.address) mounts"
                : "remove unused images and pods' data, or enlarge the disk; see: "
                    + "talosctl -n \(node.address) usage /var --depth 2")
    }

    private func rooms() -> [Finding] {
        (health.rooms.value ?? []).flatMap { room in
            room.pressures.map { pressure in
                Finding(
                    .error, "node.pressure", "\(room.name) reports \(pressure)",
                    at: room.name.text, fix: "kubectl describe node \(room.name)")
            }
        }
    }

    /// The API server's address, when it is one node's own although there are several.
    private func endpoint() -> [Finding] {
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        guard planes.count > 1, let endpoint = snapshot.endpoint,
            let holder = planes.first(where: { $0.address.text == endpoint })
        else { return [] }
        return [
            Finding(
                .note, "endpoint.single",
                "The endpoint \(endpoint) is \(holder.name) itself: the API is away while it "
                    + "reboots. It goes last.", at: holder.name.text,
                fix: "give the control planes a VIP or a load balancer")
        ]
    }

    /// Which node has this address at the moment.
    static func holder(of address: String, in snapshot: Snapshot) -> NodeName? {
        snapshot.nodes.first { node in
            node.address.text == address
                || snapshot.health?.machines[node.name]?.value?.addresses.contains(address) == true
        }?.name
    }
}
