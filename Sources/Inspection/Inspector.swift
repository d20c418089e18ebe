package import Model

/// Reads everything through the reading ports into a `Snapshot`.
package struct Inspector: Sendable {
    private let machines: any MachineReading
    private let cluster: any ClusterReading
    private let repository: any RepositoryReading

    package init(
        machines: any MachineReading, cluster: any ClusterReading,
        repository: any RepositoryReading
    ) {
        self.machines = machines
        self.cluster = cluster
        self.repository = repository
    }

    /// Reads all sources side by side; every node is asked at the same time.
    ///
    /// - Parameters:
    ///   - declaration: what the files declare, read before since it finds the cluster.
    ///   - applied: what the outputs say, read before for the same reason.
    ///   - now: seconds since 1970.
    /// - Throws: `Problem` only when the repository cannot be read; what does not answer is
    ///   an unknown fact in the snapshot.
    package func inspect(
        declaration: Declaration, applied: Applied, endpoint: String?, openRun: OpenRun?,
        now: Double
    ) async throws -> Snapshot {
        async let machineFacts = machineFacts(of: applied.nodes)
        async let seen = observed { try await cluster.nodes() }
        async let version = observed { try await cluster.version() }
        async let locations = observed { try await cluster.backupLocations() }
        let repositoryFacts = try await repository.facts(committing: declaration.files)
        let machines = await machineFacts
        if let problem = Self.refusal(machines, of: applied.nodes) { throw problem }
        let nodes = join(
            machines.mapValues { Self.observation($0) }, await seen, applied: applied)
        let planes = nodes.filter { $0.role == .controlPlane }.map(\.identity)
        let etcd: Observed<EtcdFacts> =
            planes.isEmpty
            ? .unknown("no control plane is known")
            : await observed { try await self.machines.etcd(at: planes) }
        var declaration = declaration
        if let id = declaration.schematic, declaration.extensions.value == nil,
            let machine = nodes.lazy.compactMap({ $0.machine.value }).first(where: {
                $0.schematic == id
            })
        {
            // The repository names the schematic only: what it holds tells a node that runs it.
            declaration.extensions = .known(machine.extensions)
        }
        let clusterName =
            applied.clusterName ?? nodes.lazy.compactMap { $0.machine.value?.clusterName }.first
        return Snapshot(
            takenAt: now, clusterName: clusterName ?? "unnamed", declaration: declaration,
            applied: applied, repository: repositoryFacts, nodes: nodes, etcd: etcd,
            kubernetesVersion: await version, backupLocations: await locations,
            endpoint: endpoint, openRun: openRun,
            remarks: remarks(nodes, seen: await seen))
    }

    private func machineFacts(
        of nodes: [NodeIdentity]
    ) async -> [NodeAddress: Result<MachineFacts, Problem>] {
        await withTaskGroup(of: (NodeAddress, Result<MachineFacts, Problem>).self) { group in
            for node in nodes {
                group.addTask { (node.address, await facts(of: node.address)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// An API that is away for a moment is asked again before its node counts as unreachable. One
    /// that lets us wait has had its time.
    private func facts(of address: NodeAddress) async -> Result<MachineFacts, Problem> {
        var attempt = 1
        while true {
            let began = ContinuousClock.now
            let result = await ask(address)
            guard case .failure(let problem) = result, problem.kind == .unreachable,
                attempt < Self.attempts, ContinuousClock.now - began < Self.pause * 2,
                !Task.isCancelled
            else { return result }
            attempt += 1
            try? await Task.sleep(for: Self.pause)
        }
    }

    private static let attempts = 4
    private static let pause = Duration.milliseconds(300)

    private func ask(_ address: NodeAddress) async -> Result<MachineFacts, Problem> {
        do {
            var facts = try await machines.facts(of: address)
            if facts.version >= Self.firstLifecycle {
                facts.servesLifecycle = try await machines.servesLifecycle(at: address)
            }
            return .success(facts)
        } catch {
            return .failure(Problem(error))
        }
    }

    /// When every node refuses us for itself (an expired certificate, another cluster's
    /// talosconfig), that is what is wrong, not the nodes.
    private static func refusal(
        _ machines: [NodeAddress: Result<MachineFacts, Problem>], of nodes: [NodeIdentity]
    ) -> Problem? {
        let problems = nodes.compactMap { node -> Problem? in
            guard case .failure(let problem) = machines[node.address], problem.kind == .refused
            else { return nil }
            return problem
        }
        return problems.count == nodes.count ? problems.first : nil
    }

    private static func observation(
        _ result: Result<MachineFacts, Problem>
    ) -> Observed<MachineFacts> {
        switch result {
        case .success(let facts): .known(facts)
        case .failure(let problem):
            .unknown(([problem.summary] + problem.causes).joined(separator: " "))
        }
    }

    /// Nodes are named by the machine itself, then by Kubernetes (matched by address), then by
    /// Terraform.
    private func join(
        _ machines: [NodeAddress: Observed<MachineFacts>],
        _ seen: Observed<[KubernetesNodeFacts]>, applied: Applied
    ) -> [NodeFacts] {
        let byAddress = Dictionary(
            (seen.value ?? []).compactMap { node in node.address.map { ($0, node) } },
            uniquingKeysWith: { first, _ in first })
        let nodes = applied.nodes.map { node in
            let machine = machines[node.address] ?? .unknown("it was not asked")
            let kubernetes: Observed<KubernetesNodeFacts> =
                switch seen {
                case .unknown(let reason): .unknown(reason)
                case .known:
                    byAddress[node.address].map { .known($0) }
                        ?? .unknown("Kubernetes has no node with the address \(node.address)")
                }
            return NodeFacts(
                name: machine.value?.name ?? kubernetes.value?.name ?? node.name,
                address: node.address, role: machine.value?.role ?? node.role, machine: machine,
                kubernetes: kubernetes)
        }
        return nodes.sorted { left, right in
            left.role == right.role ? left.name < right.name : left.role == .controlPlane
        }
    }

    /// The two sources of nodes must agree, or the plan says so.
    private func remarks(
        _ nodes: [NodeFacts], seen: Observed<[KubernetesNodeFacts]>
    ) -> [String] {
        let known = Set(nodes.map(\.name))
        return (seen.value ?? []).filter { !known.contains($0.name) }.map {
            "Kubernetes has a node \($0.name) that Terraform's outputs do not name; it is left alone."
        }
    }

    private static let firstLifecycle = Version(1, 13, 0)
}
