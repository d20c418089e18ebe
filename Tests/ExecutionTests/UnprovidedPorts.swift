import Execution
import Model
import Testing

/// Every port that a test did not mean to be used: a call fails the test.
struct UnprovidedPorts {
    private func unprovided<Value>(_ call: String = #function) throws -> Value {
        Issue.record("\(call) was called and not provided")
        throw Problem(.bug, "\(call) is not provided.")
    }

    private func unprovided(_ call: String = #function) throws {
        let _: Never? = try unprovided(call)
    }
}

extension UnprovidedPorts: MachineChanging {
    func pull(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws { try unprovided() }

    func upgrade(to image: String, on node: NodeIdentity, within limit: Duration) async throws {
        try unprovided()
    }

    func install(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws { try unprovided() }

    func awaitInstaller(on node: NodeIdentity, within limit: Duration) async throws {
        try unprovided()
    }

    func reboot(_ node: NodeIdentity) async throws { try unprovided() }
    func rollback(_ node: NodeIdentity) async throws { try unprovided() }
    func forfeitLeadership(_ node: NodeIdentity) async throws -> String? { try unprovided() }

    func snapshotEtcd(
        of node: NodeIdentity, to path: String, within limit: Duration
    ) async throws -> Int64 { try unprovided() }
}

extension UnprovidedPorts: ClusterReading, ClusterChanging {
    func version() async throws -> Version { try unprovided() }
    func nodes() async throws -> [KubernetesNodeFacts] { try unprovided() }
    func node(_ name: NodeName) async throws -> KubernetesNodeFacts { try unprovided() }
    func pods(on node: NodeName?) async throws -> [PodFacts] { try unprovided() }
    func backupLocations() async throws -> [BackupLocationFacts] { try unprovided() }
    func backup(named name: String) async throws -> BackupFacts? { try unprovided() }
    func cordon(_ node: NodeName, run: RunID) async throws { try unprovided() }
    func uncordon(_ node: NodeName) async throws { try unprovided() }
    func evict(_ pod: PodReference) async throws -> EvictionAnswer { try unprovided() }
    func createBackup(named name: String, run: RunID) async throws { try unprovided() }
    func takeLease(holder: String, lasting: Duration) async throws { try unprovided() }
    func releaseLease(holder: String) async throws { try unprovided() }
}

extension UnprovidedPorts: RepositoryChanging {
    func commit(_ request: CommitRequest, editing: @escaping TextEditing) async throws -> String {
        try unprovided()
    }

    func push() async throws -> String { try unprovided() }
}

extension UnprovidedPorts: ComponentReading, ComponentChanging, WorkloadChanging {
    func settings(of node: NodeIdentity) async throws -> [ComponentSetting] { try unprovided() }
    func arguments(of node: NodeIdentity) async throws -> [ComponentArguments] { try unprovided() }
    func isKubeletHealthy(on node: NodeIdentity) async throws -> Bool { try unprovided() }
    func manifests(of node: NodeIdentity) async throws -> [JSONValue] { try unprovided() }

    func prefetch(
        _ component: KubernetesComponent, image: String, on node: NodeIdentity,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws { try unprovided() }

    func setImage(
        of component: KubernetesComponent, to image: String, on node: NodeIdentity
    ) async throws { try unprovided() }

    func applyManifests(
        _ manifests: [JSONValue], inventory: Bool, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String { try unprovided() }
}

extension UnprovidedPorts: RecoveryReading, RecoveryChanging {
    var namespacesLeftOut: [String] { [] }
    func backups() async throws -> [BackupFacts] { try unprovided() }
    func restore(named name: String) async throws -> RestoreFacts? { try unprovided() }
    func volumes(ofBackup name: String) async throws -> [VolumeCopy] { try unprovided() }
    func volumes(ofRestore name: String) async throws -> [VolumeCopy] { try unprovided() }
    func claims() async throws -> [ClaimFacts] { try unprovided() }
    func hasNamespace(_ name: String) async throws -> Bool { try unprovided() }
    func fluxObjects() async throws -> [FluxObject] { try unprovided() }

    func createRestore(
        named name: String, of backup: String, only namespace: String?, run: RunID
    ) async throws { try unprovided() }

    func setLocations(readOnly: Bool, run: RunID) async throws -> [String] { try unprovided() }
    func setSuspended(_ object: FluxObject, by run: RunID?) async throws { try unprovided() }
}

extension UnprovidedPorts: Observing {
    func node(_ identity: NodeIdentity) async -> NodeFacts {
        NodeFacts(
            name: identity.name, address: identity.address, role: identity.role,
            machine: .unknown("not provided"), kubernetes: .unknown("not provided"))
    }

    func cluster(controlPlanes: [NodeIdentity]) async -> ClusterFacts {
        ClusterFacts(nodes: .unknown("not provided"), etcd: .unknown("not provided"))
    }

    func pods(on node: NodeName) async -> Observed<[PodFacts]> { .unknown("not provided") }

    func component(
        _ component: KubernetesComponent, on node: NodeIdentity
    ) async -> ComponentFacts {
        preconditionFailure("no component is looked at in these tests")
    }
}

extension UnprovidedPorts: RunLocking {
    func take() throws { try unprovided() }
    func release() {}
}
