/// What a user, or the cluster itself, wants to run.
package struct WorkloadSpec: Sendable, Codable, Equatable {
    package var kind: Kind
    package var namespace: String
    package var name: String
    /// Not looked at for a DaemonSet.
    package var replicas: Int
    package var selector: LabelSelector
    package var templateLabels: [String: String]
    /// Changes whenever the pod template changes; pods of another hash are replaced.
    package var templateHash: String
    package var nodeSelector: [String: String]
    /// Keys of tolerated taints; `*` tolerates all of them.
    package var tolerations: [String]
    package var hasEmptyDir: Bool
    /// Names of claims, or of claim templates of a StatefulSet.
    package var volumeClaims: [String]
    /// `terminationGracePeriodSeconds`.
    package var graceSeconds: Int
    package var usesHostNetwork: Bool
    package var rules: SchedulingRules?

    package init(
        kind: Kind, namespace: String, name: String, replicas: Int = 1,
        selector: LabelSelector, templateLabels: [String: String],
        templateHash: String = "0", nodeSelector: [String: String] = [:],
        tolerations: [String] = [], hasEmptyDir: Bool = false, volumeClaims: [String] = [],
        graceSeconds: Int = 30, usesHostNetwork: Bool = false, rules: SchedulingRules? = nil
    ) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.replicas = replicas
        self.selector = selector
        self.templateLabels = templateLabels
        self.templateHash = templateHash
        self.nodeSelector = nodeSelector
        self.tolerations = tolerations
        self.hasEmptyDir = hasEmptyDir
        self.volumeClaims = volumeClaims
        self.graceSeconds = graceSeconds
        self.usesHostNetwork = usesHostNetwork
        self.rules = rules
    }

    /// The raw values are Kubernetes kinds.
    package enum Kind: String, Sendable, Codable {
        case deployment = "Deployment"
        case replicaSet = "ReplicaSet"
        case statefulSet = "StatefulSet"
        case daemonSet = "DaemonSet"
    }
}

/// A workload and how far it is.
package struct Workload: Sendable, Codable {
    package var uid: ObjectUID
    package var spec: WorkloadSpec
    package var createdAt: Duration
    /// Counts changes of the spec: `metadata.generation`.
    package var generation: Int
    /// The ReplicaSet between a Deployment and its pods: `web-5d9c7b8f4`. Nil for other kinds.
    package var replicaSetName: String?
    package var replicaSetUID: ObjectUID?
    /// Pods wanted: replicas, or the nodes that a DaemonSet runs on.
    package var desiredPods: Int
    /// Pods that are not being deleted.
    package var currentPods: Int
    package var readyPods: Int
    /// Pods of the present template.
    package var updatedPods: Int
    /// Its pods, also those being deleted, oldest first.
    package var pods: [ObjectUID]

    /// The template hash of a Deployment's ReplicaSet names.
    static func controlledName(_ name: String, hash: String) -> String { name + "-" + hash }
}

/// `matchLabels` and `matchExpressions`. An empty one selects everything.
package struct LabelSelector: Sendable, Codable, Equatable {
    package var matchLabels: [String: String]
    package var expressions: [Expression]

    package init(_ matchLabels: [String: String] = [:], expressions: [Expression] = []) {
        self.matchLabels = matchLabels
        self.expressions = expressions
    }

    package func selects(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value }
            && expressions.allSatisfy { $0.holds(for: labels) }
    }

    /// One row of `matchExpressions`.
    package struct Expression: Sendable, Codable, Equatable {
        package var key: String
        package var relation: Relation
        package var values: [String]

        package init(key: String, relation: Relation, values: [String] = []) {
            self.key = key
            self.relation = relation
            self.values = values
        }

        func holds(for labels: [String: String]) -> Bool {
            switch relation {
            case .isOneOf: labels[key].map(values.contains) ?? false
            case .isNoneOf: !(labels[key].map(values.contains) ?? false)
            case .exists: labels[key] != nil
            case .isAbsent: labels[key] == nil
            }
        }
    }

    /// The raw values are Kubernetes operators.
    package enum Relation: String, Sendable, Codable {
        case isOneOf = "In"
        case isNoneOf = "NotIn"
        case exists = "Exists"
        case isAbsent = "DoesNotExist"
    }
}
