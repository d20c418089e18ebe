import Foundation
import Model

/// A Lease as a lock. Source: `coordination.k8s.io/v1.Lease`.
struct LeaseObject: Decodable, Sendable, Equatable {
    var metadata: Metadata
    var spec: Spec?

    struct Metadata: Decodable, Sendable, Equatable {
        var resourceVersion: String?
    }

    struct Spec: Decodable, Sendable, Equatable {
        var holderIdentity: String?
        var leaseDurationSeconds: Int?
        var acquireTime: String?
        var renewTime: String?
        var leaseTransitions: Int?
    }

    /// What may be done with it.
    enum Decision: Equatable {
        case take
        case renew
        case heldBy(String, until: Date)
    }

    /// Whether `holder` may have it.
    ///
    /// A command cannot watch the record for as long as leader election would, so it is over when
    /// its time is over by the server's own clock; that of this machine does not count.
    ///
    /// - Parameter now: the server's time.
    func decision(for holder: String, now: Date) -> Decision {
        guard let other = spec?.holderIdentity, !other.isEmpty else { return .take }
        if LeaseHolder.owner(in: other) == LeaseHolder.owner(in: holder) { return .renew }
        guard let written = spec?.renewTime ?? spec?.acquireTime,
            let renewed = KubernetesTime.parse(written)
        else { return .take }
        let end = renewed.addingTimeInterval(TimeInterval(spec?.leaseDurationSeconds ?? 0))
        return end > now ? .heldBy(other, until: end) : .take
    }

    /// Who holds it and until when; nil when it was given back.
    ///
    /// - Parameter now: the server's time.
    func facts(now: Date) -> LeaseFacts? {
        guard let holder = spec?.holderIdentity, !holder.isEmpty else { return nil }
        let written = (spec?.renewTime ?? spec?.acquireTime).flatMap(KubernetesTime.parse)
        let end =
            written?.addingTimeInterval(TimeInterval(spec?.leaseDurationSeconds ?? 0)) ?? now
        return LeaseFacts(
            holder: holder, endsAt: end.timeIntervalSince1970, isOver: end <= now)
    }

    /// The object to write in its place.
    ///
    /// - Parameter held: the one that is there; nil when there is none.
    static func written(
        holder: String, lasting: Duration, now: Date, over held: LeaseObject?
    ) -> JSONValue {
        let isRenewal =
            held?.spec?.holderIdentity.map(LeaseHolder.owner) == LeaseHolder.owner(in: holder)
        let transitions = Int64(clamping: held?.spec?.leaseTransitions ?? 0)
        let count = held == nil || isRenewal ? transitions : transitions + 1
        let time = KubernetesTime.micro(now)
        let seconds = min(max(lasting.components.seconds, 1), Int64(Int32.max))
        let acquired = isRenewal ? held?.spec?.acquireTime ?? time : time
        return object(
            [
                "holderIdentity": .string(holder),
                "leaseDurationSeconds": .integer(seconds),
                "acquireTime": .string(acquired),
                "renewTime": .string(time),
                "leaseTransitions": .integer(min(max(count, 0), Int64(Int32.max))),
            ], version: held?.metadata.resourceVersion)
    }

    /// The object that gives it back: held by nobody, for a second.
    func released(now: Date) -> JSONValue {
        let time = JSONValue.string(KubernetesTime.micro(now))
        let transitions = Int64(clamping: spec?.leaseTransitions ?? 0)
        return Self.object(
            [
                "holderIdentity": "",
                "leaseDurationSeconds": 1,
                "acquireTime": time,
                "renewTime": time,
                "leaseTransitions": .integer(min(max(transitions, 0), Int64(Int32.max))),
            ], version: metadata.resourceVersion)
    }

    static let namespace = "kube-system"
    static let name = "bump"

    private static func object(_ spec: [String: JSONValue], version: String?) -> JSONValue {
        var metadata: [String: JSONValue] = [
            "name": .string(name), "namespace": .string(namespace),
            "labels": ["app.kubernetes.io/managed-by": "bump"],
        ]
        if let version { metadata["resourceVersion"] = .string(version) }
        return [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": .object(metadata), "spec": .object(spec),
        ]
    }
}
