import Foundation
package import Model

extension ClusterClient: ClusterChanging {
    package func cordon(_ node: NodeName, run: RunID) async throws {
        try await patch(
            ResourcePath("nodes", node.text).text,
            [
                "metadata": ["annotations": .object([NodeObject.cordonedBy: .string(run.text)])],
                "spec": ["unschedulable": true],
            ], kind: .strategicMerge, purpose: "cordon \(node)")
    }

    package func uncordon(_ node: NodeName) async throws {
        try await patch(
            ResourcePath("nodes", node.text).text,
            [
                "metadata": ["annotations": .object([NodeObject.cordonedBy: .null])],
                "spec": ["unschedulable": nil],
            ], kind: .strategicMerge, purpose: "uncordon \(node)")
    }

    package func evict(_ pod: PodReference) async throws -> EvictionAnswer {
        let path = ResourcePath(
            namespace: pod.namespace, "pods", pod.name, subresource: "eviction")
        var request = try writing(
            .post, path.text,
            [
                "apiVersion": "policy/v1", "kind": "Eviction",
                "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
            ], purpose: "evict \(pod)")
        request.waitsForBusyServer = false
        let answer = try await answer(to: request)
        guard let eviction = EvictionAnswer(answer) else {
            throw answer.problem(access, purpose: request.purpose)
        }
        return eviction
    }

    package func createBackup(named name: String, run: RunID) async throws {
        let request = try writing(
            .post, velero("backups").text,
            BackupObject.new(name, namespace: veleroNamespace, run: run),
            purpose: "create the Velero backup \(name)")
        let answer = try await answer(to: request)
        if answer.isSuccess { return }
        if answer.code == 404 { throw veleroIsMissing }
        guard answer.code == 409, answer.status?.reason == "AlreadyExists" else {
            throw answer.problem(access, purpose: request.purpose)
        }
        // A run that was killed asks again for the backup that it has begun.
        guard try await backupObject(named: name)?.run == run.text else {
            throw Problem(
                .refused, "There is a backup \(name) already, and it is not of this run.",
                details: ["No node was touched."], fix: "bump backup, with another name or none")
        }
    }

    package func takeLease(holder: String, lasting: Duration) async throws {
        for _ in 0..<Self.mostRaces {
            let (lease, now) = try await lease()
            let decision = lease?.decision(for: holder, now: now) ?? .take
            if case .heldBy(let other, let end) = decision {
                throw Self.held(by: other, until: end)
            }
            let object = LeaseObject.written(
                holder: holder, lasting: lasting, now: now, over: lease)
            if try await write(object, over: lease) { return }
        }
        throw Problem(
            .refused, "Others are writing the cluster's lock at this moment.",
            at: "Lease \(LeaseObject.namespace)/\(LeaseObject.name)", fix: "Try again.")
    }

    /// Who holds the lock; nil when nobody does, or the last holder gave it back.
    package func leaseFacts() async throws -> LeaseFacts? {
        let (lease, now) = try await lease()
        return lease?.facts(now: now)
    }

    /// Takes the lock away from `other`, which was found dead or was said to be. Throws `.refused`
    /// when somebody else holds it by now.
    package func takeOverLease(
        from other: String, holder: String, lasting: Duration
    ) async throws {
        let (lease, now) = try await lease()
        if let held = lease?.facts(now: now), held.holder != other {
            throw Self.held(by: held.holder, until: Date(timeIntervalSince1970: held.endsAt))
        }
        let object = LeaseObject.written(holder: holder, lasting: lasting, now: now, over: lease)
        if try await write(object, over: lease) { return }
        throw Problem(
            .refused, "Somebody else wrote the cluster's lock at this moment.",
            at: "Lease \(LeaseObject.namespace)/\(LeaseObject.name)", fix: "Try again.")
    }

    private static func held(by other: String, until end: Date) -> Problem {
        Problem(
            .refused, "Another run holds the cluster's lock: \(other).",
            at: "Lease \(LeaseObject.namespace)/\(LeaseObject.name)",
            fix: "Wait for it to end. If it is dead, its lock ends by itself at "
                + "\(KubernetesTime.seconds(end)).")
    }

    package func releaseLease(holder: String) async throws {
        for _ in 0..<Self.mostRaces {
            let (lease, now) = try await lease()
            guard let lease, let held = lease.spec?.holderIdentity,
                LeaseHolder.owner(in: held) == LeaseHolder.owner(in: holder)
            else { return }
            if try await write(lease.released(now: now), over: lease) { return }
        }
    }

    /// The Lease, nil when there is none, and the server's time.
    private func lease() async throws -> (LeaseObject?, Date) {
        let request = reading(Self.leasePath(LeaseObject.name), purpose: "read the cluster's lock")
        let answer = try await answer(to: request)
        let date = answer.date ?? now()
        if answer.code == 404 { return (nil, date) }
        guard answer.isSuccess else { throw answer.problem(access, purpose: request.purpose) }
        return (try decode(LeaseObject.self, from: answer), date)
    }

    /// False when somebody else wrote it meanwhile.
    private func write(_ object: JSONValue, over lease: LeaseObject?) async throws -> Bool {
        let request = try writing(
            lease == nil ? .post : .put, Self.leasePath(lease == nil ? nil : LeaseObject.name),
            object, purpose: "write the cluster's lock")
        let answer = try await answer(to: request)
        if answer.isSuccess { return true }
        if answer.code == 409 { return false }
        throw answer.problem(access, purpose: request.purpose)
    }

    private static func leasePath(_ name: String?) -> String {
        ResourcePath(
            group: "coordination.k8s.io", namespace: LeaseObject.namespace, "leases", name
        ).text
    }

    private static var mostRaces: Int { 3 }
}
