package import Model

extension EmulatedCluster {
    /// `MachineService.Reset`: the machine stops, and its disk is wiped. With `graceful` a control
    /// plane leaves etcd first, which the others must survive. Gives the actor id.
    ///
    /// With `keepsConfig` (only `EPHEMERAL` is wiped) it boots what it ran and joins anew; else it
    /// stays in maintenance until it is made again.
    package mutating func reset(
        _ node: NodeName, graceful: Bool, reboot: Bool, keepsConfig: Bool, by: String
    ) throws(CallRefusal) -> String {
        let machine = try answering(node)
        if graceful, machine.role == .controlPlane, let index = etcd.index(of: node) {
            let others = etcd.members.filter { $0.node != node }
            guard !others.isEmpty, others.allSatisfy(\.isHealthy) else {
                throw CallRefusal(
                    .unknown,
                    "error validating etcd for reset: cannot leave: the other members are not "
                        + "healthy or there is none")
            }
            etcd.members.remove(at: index)
            controlPlaneIsDirty = true
        }
        let actor = generator.uuid()
        takeOver(node, with: .reset, actor: actor, by: by)
        machines.set(\.wipe, of: node, to: Machine.Wipe(keepsConfig: keepsConfig, boots: reboot))
        emit(.sequence("reset", .start, error: nil), on: node)
        setStage(.resetting, isReady: false, on: node)
        schedule(.stopServices, on: node, after: .milliseconds(300))
        schedule(.goDown, on: node, after: Pace.goingDown)
        settle()
        return actor
    }

    /// The disk of a machine that is reset is wiped; it boots if it has something to boot.
    mutating func wiped(_ node: NodeName, _ wipe: Machine.Wipe) {
        machines.set(\.wipe, of: node, to: nil)
        machines.set(\.hasSnapshot, of: node, to: false)
        machines.set(\.images, of: node, to: [])
        if let index = etcd.index(of: node) {
            etcd.members[index].node = nil
            etcd.members[index].isHealthy = false
            controlPlaneIsDirty = true
        }
        guard !(wipe.keepsConfig && wipe.boots) else {
            machines.set(\.lostEtcd, of: node, to: true)
            return boot(node)
        }
        machines.set(\.power, of: node, to: .off)
        machines.set(\.stage, of: node, to: wipe.boots ? .maintenance : .shuttingDown)
        machines.set(\.isStuck, of: node, to: true)
        machines.update(node) { $0.epoch += 1 }
        changed(.machine(node))
    }

    /// Whether the etcd of this machine waits for somebody to bootstrap it: its data are gone, and
    /// nobody has the cluster's.
    mutating func waitsForBootstrap(_ node: NodeName) -> Bool {
        guard machines[node, \.lostEtcd] == true else { return false }
        if etcd.members.contains(where: \.isHealthy) {
            machines.set(\.lostEtcd, of: node, to: false)
            return false
        }
        setService("etcd", .preparing, isHealthy: false, on: node)
        return true
    }

    /// `MachineService.EtcdRecover`: keeps a snapshot for `bootstrap`.
    package mutating func uploadSnapshot(to node: NodeName) throws(CallRefusal) {
        let machine = try answering(node)
        guard machine.role == .controlPlane else {
            throw CallRefusal(.unimplemented, "recover is only available on control plane nodes")
        }
        machines.set(\.hasSnapshot, of: node, to: true)
    }

    /// `MachineService.Bootstrap`: etcd begins anew on a control plane that lost it, with the
    /// uploaded snapshot or with nothing. The others that wait join.
    package mutating func bootstrapEtcd(on node: NodeName, recover: Bool, by: String)
        throws(CallRefusal)
    {
        let machine = try answering(node)
        guard machine.role == .controlPlane else {
            throw CallRefusal(
                .unimplemented, "bootstrap is only available on control plane nodes")
        }
        guard machine.lostEtcd, !etcd.members.contains(where: \.isHealthy) else {
            throw CallRefusal(.alreadyExists, "etcd data directory is not empty")
        }
        guard !recover || machine.hasSnapshot else {
            throw CallRefusal(.failedPrecondition, "etcd snapshot is not uploaded")
        }
        if !recover {
            loseKubernetes()
            // Their nodes are unknown now, and have to become ready anew.
            for name in machineOrder where machines[name, \.isReady] == true {
                setStage(machines[name, \.stage] ?? .running, isReady: false, on: name)
            }
        }
        etcd.members = []
        etcd.leader = nil
        etcd.lastLeader = nil
        for name in controlPlanes where machines[name, \.lostEtcd] == true {
            let isFirst = name == node
            machines.set(\.lostEtcd, of: name, to: !isFirst)
            schedule(.etcdUp, on: name, after: .milliseconds(isFirst ? 100 : 900))
            schedule(.controlPlaneUp, on: name, after: .milliseconds(isFirst ? 300 : 1300))
        }
        settle()
    }
}
