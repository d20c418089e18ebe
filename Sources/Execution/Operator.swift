package import Model

/// Performs operations through the writing ports.
package struct Operator: Sendable {
    let run: RunID
    private let holder: String
    let folder: RunFolder
    private let machines: any MachineChanging
    let cluster: any ClusterReading & ClusterChanging
    private let repository: any RepositoryChanging
    let infrastructure: any InfrastructureReading & InfrastructureChanging
    private let componentReading: any ComponentReading
    private let components: any ComponentChanging
    private let workloads: any WorkloadChanging
    private let lock: any RunLocking
    let recovery: Recovery

    /// - Parameter holder: in whose name the Lease is held; an abort goes on in the name of the run
    ///   that it backs out of.
    package init(
        run: RunID, holder: LeaseHolder, folder: RunFolder, machines: any MachineChanging,
        cluster: any ClusterReading & ClusterChanging, repository: any RepositoryChanging,
        infrastructure: any InfrastructureReading & InfrastructureChanging,
        componentReading: any ComponentReading, components: any ComponentChanging,
        workloads: any WorkloadChanging,
        lock: any RunLocking, recovery: Recovery
    ) {
        self.run = run
        self.holder = holder.description
        self.folder = folder
        self.machines = machines
        self.cluster = cluster
        self.repository = repository
        self.infrastructure = infrastructure
        self.componentReading = componentReading
        self.components = components
        self.workloads = workloads
        self.lock = lock
        self.recovery = recovery
    }

    /// Performs one operation and gives its result; `report` hears how far it is.
    package func perform(
        _ operation: Operation, limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> OperationResult {
        switch operation {
        case .takeLocks:
            try await takeLocks()
            return .done(nil)
        case .releaseLocks:
            try await releaseLocks()
            return .done(nil)
        case .backUp(let name):
            return .done(try await backUp(name, limit: limit, report: report))
        case .edit(let edit):
            try await infrastructure.edit(edit)
            return .done(nil)
        case .undoEdit(let edit):
            try await infrastructure.undo(edit)
            return .done(nil)
        case .reviewInfrastructure(let directory, let strict, let schematic):
            return .done(
                try await infrastructure.review(
                    directory: directory, strict: strict, schematic: schematic, within: limit,
                    report: report))
        case .applyInfrastructure(let directory):
            return .done(
                try await infrastructure.apply(directory: directory, within: limit, report: report))
        case .verifySchematic(let expected, let extensions):
            return .done(try await verify(expected, extensions))
        case .commit(let request):
            let infrastructure = infrastructure
            let id = try await repository.commit(request) { edit, bytes in
                try infrastructure.text(bytes, after: edit)
            }
            return .done(String(id.prefix(12)))
        case .push:
            return .done(try await repository.push())
        case .cordon(let node):
            try await cluster.cordon(node.name, run: run)
            return .done(nil)
        case .uncordon(let node):
            try await cluster.uncordon(node.name)
            return .done(nil)
        case .evict(let pod):
            return .evicted(try await cluster.evict(pod))
        case .reconnect:
            return .done(nil)
        case .rescue, .destroyInfrastructure, .buildInfrastructure, .runHook, .proveBackup,
            .awaitVelero,
            .awaitBackup, .setLocations, .setFlux, .restore, .restoreFlux, .compare:
            return .done(try await rebuild(operation, limit: limit, report: report))
        case .prefetch(let component, let image, let node):
            try await components.prefetch(
                component, image: image, on: node, within: limit, report: report)
            return .done(nil)
        case .setImage(let component, let image, let node):
            try await components.setImage(of: component, to: image, on: node)
            return .done(nil)
        case .applyManifests(let node, let proxy, let inventory):
            let manifests = try await manifests(of: node, naming: proxy, limit: limit)
            return .done(
                try await workloads.applyManifests(
                    manifests, inventory: inventory, within: limit, report: report))
        case .pull, .upgrade, .install, .awaitInstaller, .reboot, .rollback, .forfeitLeadership,
            .snapshotEtcd:
            return .done(try await change(operation, limit: limit, report: report))
        }
    }

    private func change(
        _ operation: Operation, limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String? {
        switch operation {
        case .pull(let node, let image):
            try await machines.pull(image: image, on: node, within: limit, report: report)
        case .upgrade(let node, let image):
            try await machines.upgrade(to: image, on: node, within: limit)
        case .install(let node, let image):
            try await machines.install(image: image, on: node, within: limit, report: report)
        case .awaitInstaller(let node):
            try await machines.awaitInstaller(on: node, within: limit)
        case .reboot(let node):
            try await machines.reboot(node)
        case .rollback(let node):
            try await machines.rollback(node)
        case .forfeitLeadership(let node):
            return try await machines.forfeitLeadership(node).map { "\($0) leads now" }
        case .snapshotEtcd(let node):
            let path = folder.path(of: "etcd-\(node.name).snapshot")
            let size = try await machines.snapshotEtcd(of: node, to: path, within: limit)
            folder.keepNewestSecrets()
            return "\(size / 1024) KiB in \(folder.relativePath(of: "etcd-\(node.name).snapshot"))"
        default:
            preconditionFailure("not an operation on a machine: \(operation)")
        }
        return nil
    }

    /// A filter in the configuration may drop an extension, or double one whose name holds
    /// another's: that shows in the schematic before any node is touched.
    private func verify(_ expected: SchematicID, _ extensions: [String]) async throws -> String {
        let applied = try await infrastructure.applied()
        guard let schematic = applied.schematic.value else {
            throw Problem(
                .stopped,
                "Terraform's outputs do not tell the schematic any more: "
                    + (applied.schematic.reason ?? "no reason given"),
                fix: "bump status --verbose, then: bump resume or bump abort")
        }
        guard schematic == expected else {
            throw Problem(
                .stopped,
                "Terraform made the schematic \(schematic.short), not \(expected.short), which is "
                    + "what \(extensions.joined(separator: ", ")) give.",
                details: [
                    "No node was touched. The configuration drops, doubles or adds an extension: "
                        + "a filter that matches parts of names does that.",
                    "made:     \(schematic)", "expected: \(expected)",
                ],
                fix: "bump abort, then mend the filter: it must compare whole names")
        }
        return schematic.short
    }

    /// Talos renders them anew a moment after the config has changed.
    private func manifests(
        of node: NodeIdentity, naming image: String?, limit: Duration
    ) async throws -> [JSONValue] {
        let deadline = ContinuousClock.now + min(limit, .seconds(60))
        while true {
            let manifests = try await componentReading.manifests(of: node)
            guard let image, !manifests.contains(where: { $0.holds(image) }) else {
                return manifests
            }
            guard ContinuousClock.now < deadline else {
                throw Problem(
                    .stopped, "The bootstrap manifests of \(node.name) do not name \(image).",
                    at: node.name.text,
                    fix: "talosctl -n \(node.address) get manifests, then: "
                        + "bump resume")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    // MARK: Locks

    private func takeLocks() async throws {
        try lock.take()
        try await cluster.takeLease(holder: holder, lasting: Self.leaseDuration)
    }

    private func releaseLocks() async throws {
        lock.release()
        try await cluster.releaseLease(holder: holder)
    }

    /// Renews the Lease until cancelled. A single control plane takes the API server away while it
    /// reboots, so a failed renewal is no reason to stop: the next one tries again. Gives back why
    /// when somebody else holds it.
    package func keepLease() async -> Problem? {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.leaseDuration / 10)
            if Task.isCancelled { return nil }
            do {
                try await cluster.takeLease(holder: holder, lasting: Self.leaseDuration)
            } catch let problem as Problem
                where problem.kind == .refused && problem.location?.hasPrefix("Lease ") == true
            {
                if Task.isCancelled { return nil }
                return Problem(
                    .stopped, "The cluster's lock was taken over by somebody else.",
                    at: problem.location,
                    fix: "look at what they do; this run goes on with: bump resume",
                    causes: [problem.summary])
            } catch {}
        }
        return nil
    }

    /// Longer than a control plane may be away.
    package static let leaseDuration = Duration.seconds(900)
}
