/// A pod with all that decides whether it is well, may be evicted, and where it could go.
package struct PodHealth: Sendable, Codable, Equatable {
    package var pod: PodFacts
    /// The STATUS column of `kubectl get pods`.
    package var status: String
    /// Seconds since it was created.
    package var age: Double
    /// Seconds since it should have been gone: its deletion timestamp, which has the grace in it.
    /// Nil unless it is being deleted.
    package var overdue: Double?
    /// The controlling owner; nil for a bare pod.
    package var owner: Owner?
    package var labels: [String: String]
    /// Why it does not run, in the kubelet's or the scheduler's words; nil when nobody says.
    package var message: String?
    /// No node takes it: condition PodScheduled is False with reason Unschedulable.
    package var isUnschedulable: Bool
    /// It was unwell every time it was looked at, over some seconds.
    package var persists: Bool
    package var needs: Needs

    package init(
        pod: PodFacts, status: String, age: Double = 3600, overdue: Double? = nil,
        owner: Owner? = nil, labels: [String: String] = [:], message: String? = nil,
        isUnschedulable: Bool = false, persists: Bool = false, needs: Needs = Needs()
    ) {
        self.pod = pod
        self.status = status
        self.age = age
        self.overdue = overdue
        self.owner = owner
        self.labels = labels
        self.message = message
        self.isUnschedulable = isUnschedulable
        self.persists = persists
        self.needs = needs
    }

    /// Neither running with all its containers ready, nor finished.
    package var isUnwell: Bool {
        !pod.isFinished && (pod.isTerminating || status != "Running" || !pod.isReady)
    }

    package struct Owner: Sendable, Codable, Hashable {
        package var kind: String
        package var name: String
        package var uid: String

        package init(kind: String, name: String, uid: String) {
            self.kind = kind
            self.name = name
            self.uid = uid
        }
    }

    /// What a node must have to take it.
    package struct Needs: Sendable, Codable, Equatable {
        package var amount: Amount
        package var nodeSelector: [String: String]
        /// `requiredDuringSchedulingIgnoredDuringExecution` of the node affinity: one of these
        /// must hold; empty for none.
        package var nodeAffinity: [LabelQuery]
        package var tolerations: [Toleration]
        /// Labels of pods of its namespace that must not be on the same node (required
        /// anti-affinity by host name).
        package var repels: [LabelQuery]
        /// Spread constraints that are not only wishes.
        package var spreads: [Spread]
        /// It keeps files in an `emptyDir` on disk, which do not move with it.
        package var hasScratchFiles: Bool
        /// Names of claims whose volume exists on certain nodes only, with the names of these.
        package var localVolumes: [String: [NodeName]]

        package init(
            amount: Amount = Amount(), nodeSelector: [String: String] = [:],
            nodeAffinity: [LabelQuery] = [], tolerations: [Toleration] = [],
            repels: [LabelQuery] = [], spreads: [Spread] = [], hasScratchFiles: Bool = false,
            localVolumes: [String: [NodeName]] = [:]
        ) {
            self.amount = amount
            self.nodeSelector = nodeSelector
            self.nodeAffinity = nodeAffinity
            self.tolerations = tolerations
            self.repels = repels
            self.spreads = spreads
            self.hasScratchFiles = hasScratchFiles
            self.localVolumes = localVolumes
        }
    }

    /// A row of `topologySpreadConstraints` with `whenUnsatisfiable: DoNotSchedule`.
    package struct Spread: Sendable, Codable, Equatable {
        package var topologyKey: String
        package var maxSkew: Int
        package var selector: LabelQuery
        /// `nodeTaintsPolicy: Honor`: nodes whose taints it does not tolerate do not count.
        package var honorsTaints: Bool

        package init(
            topologyKey: String, maxSkew: Int, selector: LabelQuery, honorsTaints: Bool = false
        ) {
            self.topologyKey = topologyKey
            self.maxSkew = maxSkew
            self.selector = selector
            self.honorsTaints = honorsTaints
        }
    }

    /// Requests of a pod, or room of a node.
    package struct Amount: Sendable, Codable, Equatable {
        /// Thousandths of a CPU.
        package var cpu: Int64
        /// Bytes.
        package var memory: Int64

        package init(cpu: Int64 = 0, memory: Int64 = 0) {
            self.cpu = cpu
            self.memory = memory
        }
    }

    /// A row of `spec.tolerations`; an empty key tolerates every taint, an empty effect all of
    /// them.
    package struct Toleration: Sendable, Codable, Equatable {
        package var key: String
        /// Nil for `Exists`.
        package var value: String?
        package var effect: String

        package init(key: String = "", value: String? = nil, effect: String = "") {
            self.key = key
            self.value = value
            self.effect = effect
        }

        package func tolerates(_ taint: NodeRoom.Taint) -> Bool {
            (key.isEmpty || key == taint.key) && (value.map { $0 == taint.value } ?? true)
                && (effect.isEmpty || effect == taint.effect)
        }
    }
}
