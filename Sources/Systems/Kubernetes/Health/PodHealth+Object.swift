import Foundation
import Model

extension PodHealth {
    /// - Parameters:
    ///   - tied: nodes that hold the volume of a claim, by `namespace/claim`.
    ///   - now: for its age.
    init(_ object: PodHealthObject, tied: [String: [NodeName]], now: Date) {
        let metadata = object.metadata
        let owner = metadata.ownerReferences?.first { $0.controller == true }
        let node = object.spec?.nodeName.flatMap { $0.isEmpty ? nil : NodeName($0) }
        let deletion = metadata.deletionTimestamp.flatMap(KubernetesTime.parse)
        let scheduled = object.condition("PodScheduled")
        self.init(
            pod: PodFacts(
                namespace: metadata.namespace, name: metadata.name, uid: metadata.uid, node: node,
                phase: object.status?.phase ?? "Unknown",
                isReady: object.condition("Ready")?.status == "True",
                isTerminating: metadata.deletionTimestamp != nil, ownerKind: owner?.kind,
                isMirror: metadata.annotations?.mirror != nil),
            status: PodStatusText(pod: object).text,
            age: metadata.creationTimestamp.flatMap(KubernetesTime.parse).map {
                max(0, now.timeIntervalSince($0))
            } ?? 0, overdue: deletion.map { now.timeIntervalSince($0) },
            owner: owner.map { Owner(kind: $0.kind, name: $0.name, uid: $0.uid) },
            labels: metadata.labels ?? [:], message: Self.message(object),
            isUnschedulable: scheduled?.status == "False" && scheduled?.reason == "Unschedulable",
            needs: Self.needs(of: object, tied: tied))
    }

    /// Of what waits; what a program itself said at its end may be secret and is left out.
    private static func message(_ object: PodHealthObject) -> String? {
        let statuses =
            (object.status?.initContainerStatuses ?? [])
            + (object.status?.containerStatuses ?? [])
        let said =
            statuses.compactMap { $0.state?.waiting?.message }.first { !$0.isEmpty }
            ?? object.condition("PodScheduled").flatMap { $0.status == "False" ? $0.message : nil }
            ?? object.status?.message
        let line = said.map(StatusObject.line)
        return line?.isEmpty == true ? nil : line
    }

    private static func needs(
        of object: PodHealthObject, tied: [String: [NodeName]]
    ) -> Needs {
        let spec = object.spec
        var needs = Needs(amount: amount(of: object), nodeSelector: spec?.nodeSelector ?? [:])
        let terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
        needs.nodeAffinity = terms?.nodeSelectorTerms?.map(\.query) ?? []
        needs.tolerations = (spec?.tolerations ?? []).map { row in
            Toleration(
                key: row.key ?? "", value: row.operator == "Exists" ? nil : row.value ?? "",
                effect: row.effect ?? "")
        }
        let repelling =
            spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
        needs.repels = repelling.filter { $0.topologyKey == "kubernetes.io/hostname" }
            .compactMap { $0.labelSelector?.query }
        needs.spreads = (spec?.topologySpreadConstraints ?? []).compactMap { row in
            guard row.whenUnsatisfiable == "DoNotSchedule", let query = row.labelSelector?.query
            else { return nil }
            return Spread(
                topologyKey: row.topologyKey, maxSkew: row.maxSkew, selector: query,
                honorsTaints: row.nodeTaintsPolicy == "Honor")
        }
        needs.hasScratchFiles = (spec?.volumes ?? []).contains {
            $0.emptyDir.map { $0.medium != "Memory" } ?? false
        }
        for volume in spec?.volumes ?? [] {
            guard let claim = volume.persistentVolumeClaim?.claimName,
                let nodes = tied["\(object.metadata.namespace)/\(claim)"]
            else { continue }
            needs.localVolumes[claim] = nodes
        }
        return needs
    }

    /// Containers and sidecars together, or the greediest init container, and the overhead.
    /// Source: `PodRequests` in k8s.io/component-helpers `resource`.
    private static func amount(of object: PodHealthObject) -> Amount {
        func requests(_ container: PodHealthObject.Container) -> Amount {
            let written = container.resources?.requests
            return Amount(
                cpu: Quantity.thousandths(written?["cpu"]),
                memory: Quantity.whole(written?["memory"]))
        }
        let initial = object.spec?.initContainers ?? []
        let lasting =
            (object.spec?.containers ?? []) + initial.filter { $0.restartPolicy == "Always" }
        var sum = lasting.map(requests).reduce(into: Amount()) { sum, one in
            sum.cpu = sum.cpu.addingClamped(one.cpu)
            sum.memory = sum.memory.addingClamped(one.memory)
        }
        for one in initial.filter({ $0.restartPolicy != "Always" }).map(requests) {
            sum.cpu = max(sum.cpu, one.cpu)
            sum.memory = max(sum.memory, one.memory)
        }
        let overhead = object.spec?.overhead
        sum.cpu = sum.cpu.addingClamped(Quantity.thousandths(overhead?["cpu"]))
        sum.memory = sum.memory.addingClamped(Quantity.whole(overhead?["memory"]))
        return sum
    }
}

extension Int64 {
    /// The sum, kept far from the edge so that a few thousand of them can be added up.
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        Swift.min(self, 1 << 48) + Swift.min(other, 1 << 48)
    }
}
