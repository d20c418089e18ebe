/// Reads nodes over the Talos API. Every call is bounded in time and throws a `Problem`.
package protocol MachineReading: Sendable {
    /// All that one node says of itself.
    func facts(of address: NodeAddress) async throws -> MachineFacts
    /// The etcd member list with the status each listed control plane gives of its own member.
    /// A control plane that does not answer leaves a member with a trouble, not an error; it
    /// throws only when nobody answers.
    func etcd(at controlPlanes: [NodeIdentity]) async throws -> EtcdFacts
    /// Cluster discovery (COSI `Members`) as one control plane sees it; empty when discovery is
    /// off.
    func members(at address: NodeAddress) async throws -> [NodeIdentity]
    /// Whether the node serves `LifecycleService` (Talos 1.13 and later).
    func servesLifecycle(at address: NodeAddress) async throws -> Bool
}

/// Changes nodes over the Talos API. Every call is bounded in time and throws a `Problem`.
package protocol MachineChanging: Sendable {
    /// Pulls an installer image into the node's system store. Repeating it is harmless.
    func pull(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws
    /// Legacy upgrade: answers once the node has accepted; the node then goes down by itself.
    func upgrade(to image: String, on node: NodeIdentity, within limit: Duration) async throws
    /// Installs with `LifecycleService`, reporting the installer's lines; throws `.stopped` when
    /// the exit code is not 0 and `.unreachable` when the stream ends without one: the installer
    /// then runs on, and nobody hears how it ends.
    func install(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws
    /// Returns once no installer of `LifecycleService` runs on the node; throws `.stopped` when one
    /// still does at the end of the limit. Changes nothing.
    func awaitInstaller(on node: NodeIdentity, within limit: Duration) async throws
    func reboot(_ node: NodeIdentity) async throws
    func rollback(_ node: NodeIdentity) async throws
    /// Moves etcd leadership away from this node; the new leader's name, nil when it did not lead.
    func forfeitLeadership(_ node: NodeIdentity) async throws -> String?
    /// Streams a snapshot of the node's etcd into a new file of mode 0600 and checks that it is
    /// whole (size mod 512 is 32: the trailing SHA-256). Gives its size in bytes.
    func snapshotEtcd(of node: NodeIdentity, to path: String, within limit: Duration) async throws
        -> Int64
}
