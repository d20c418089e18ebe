import Model

/// The fields of a pod that tell how it is, and where it could run. Source: `core/v1.Pod`.
struct PodHealthObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?
    var status: Status?

    func condition(_ type: String) -> Condition? {
        status?.conditions?.first { $0.type == type }
    }

    struct Metadata: Decodable, Sendable {
        var name: String
        var namespace: String
        var uid: String
        var creationTimestamp: String?
        var deletionTimestamp: String?
        var labels: [String: String]?
        var annotations: PodObject.Annotations?
        var ownerReferences: [Owner]?
    }

    struct Owner: Decodable, Sendable {
        var kind: String
        var name: String
        var uid: String
        var controller: Bool?
    }

    struct Spec: Decodable, Sendable {
        var nodeName: String?
        var nodeSelector: [String: String]?
        var containers: [Container]?
        var initContainers: [Container]?
        var overhead: [String: String]?
        var tolerations: [Toleration]?
        var affinity: Affinity?
        var volumes: [Volume]?
        var topologySpreadConstraints: [Spread]?
    }

    struct Container: Decodable, Sendable {
        var name: String
        var restartPolicy: String?
        var resources: Resources?

        struct Resources: Decodable, Sendable {
            var requests: [String: String]?
        }
    }

    struct Toleration: Decodable, Sendable {
        var key: String?
        var `operator`: String?
        var value: String?
        var effect: String?
    }

    struct Volume: Decodable, Sendable {
        var persistentVolumeClaim: Claim?
        var emptyDir: EmptyDir?

        struct Claim: Decodable, Sendable {
            var claimName: String
        }

        struct EmptyDir: Decodable, Sendable {
            /// `Memory`, or empty for the disk.
            var medium: String?
        }
    }

    struct Spread: Decodable, Sendable {
        var maxSkew: Int
        var topologyKey: String
        var whenUnsatisfiable: String
        var labelSelector: LabelSelectorObject?
        var nodeTaintsPolicy: String?
    }

    struct Affinity: Decodable, Sendable {
        var nodeAffinity: NodeAffinity?
        var podAntiAffinity: PodAntiAffinity?

        struct NodeAffinity: Decodable, Sendable {
            var requiredDuringSchedulingIgnoredDuringExecution: NodeSelectorObject?
        }

        struct PodAntiAffinity: Decodable, Sendable {
            var requiredDuringSchedulingIgnoredDuringExecution: [Term]?
        }

        struct Term: Decodable, Sendable {
            var labelSelector: LabelSelectorObject?
            var topologyKey: String?
        }
    }

    struct Status: Decodable, Sendable {
        var phase: String?
        var reason: String?
        var message: String?
        var conditions: [Condition]?
        var initContainerStatuses: [ContainerStatus]?
        var containerStatuses: [ContainerStatus]?
    }

    struct Condition: Decodable, Sendable {
        var type: String
        var status: String
        var reason: String?
        var message: String?
    }

    struct ContainerStatus: Decodable, Sendable {
        var name: String
        var ready: Bool?
        var started: Bool?
        var state: State?
    }

    struct State: Decodable, Sendable {
        var waiting: Waiting?
        var running: Running?
        var terminated: Terminated?
    }

    struct Waiting: Decodable, Sendable {
        var reason: String?
        var message: String?
    }

    struct Running: Decodable, Sendable {}

    struct Terminated: Decodable, Sendable {
        var reason: String?
        var exitCode: Int?
        var signal: Int?
    }
}
