import Model

/// The fields of a component's pod that are read. Source: `core/v1.Pod`; labels and annotations
/// are those Talos writes (`k8s-app`, `talos.dev/config-version`).
struct ComponentPodObject: Decodable, Sendable {
    var metadata: Metadata
    var spec: Spec?
    var status: Status?

    struct Metadata: Decodable, Sendable {
        var name: String
        var labels: [String: String]?
        var annotations: [String: String]?
        var deletionTimestamp: String?
    }

    struct Spec: Decodable, Sendable {
        var containers: [Container]?
    }

    struct Container: Decodable, Sendable {
        var name: String
        var image: String?
    }

    struct Status: Decodable, Sendable {
        var hostIP: String?
        var phase: String?
        var reason: String?
        var message: String?
        var conditions: [NodeObject.Condition]?
        var initContainerStatuses: [ContainerStatus]?
        var containerStatuses: [ContainerStatus]?
    }

    struct ContainerStatus: Decodable, Sendable {
        var name: String?
        var state: State?
    }

    struct State: Decodable, Sendable {
        var waiting: Reason?
        var terminated: Reason?
    }

    struct Reason: Decodable, Sendable {
        var reason: String?
        var message: String?
        var exitCode: Int?
    }

    static let label = "k8s-app"
    static let configVersion = "talos.dev/config-version"

    /// Nil when the label names no component.
    var facts: ComponentPod? {
        guard let component = metadata.labels?[Self.label].flatMap(KubernetesComponent.init) else {
            return nil
        }
        let containers = spec?.containers ?? []
        let container = containers.first { $0.name == component.rawValue } ?? containers.first
        let ready = status?.conditions?.first { $0.type == "Ready" }
        let isReady = ready?.status == "True" && metadata.deletionTimestamp == nil
        let address = status?.hostIP ?? ""
        return ComponentPod(
            component: component, name: metadata.name,
            address: address.isEmpty ? nil : NodeAddress(address),
            image: container?.image ?? "",
            configVersion: metadata.annotations?[Self.configVersion], isReady: isReady,
            trouble: isReady ? nil : trouble(ready))
    }

    private func trouble(_ ready: NodeObject.Condition?) -> String {
        if metadata.deletionTimestamp != nil { return "it is being deleted" }
        let states = (status?.initContainerStatuses ?? []) + (status?.containerStatuses ?? [])
        for state in states.compactMap(\.state) {
            if let waiting = state.waiting, let text = Self.line(waiting) { return text }
        }
        for state in states.compactMap(\.state) {
            guard let ended = state.terminated, ended.exitCode ?? 1 != 0 else { continue }
            return Self.line(ended) ?? "it ended with status \(ended.exitCode ?? 1)"
        }
        let own = Reason(reason: status?.reason, message: status?.message)
        let said = Reason(reason: ready?.reason, message: ready?.message)
        return Self.line(own) ?? Self.line(said) ?? "it is \(status?.phase ?? "Unknown")"
    }

    /// `CrashLoopBackOff: back-off 5m0s restarting failed container`
    private static func line(_ reason: Reason) -> String? {
        let texts = [reason.reason, reason.message].compactMap { $0 }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : StatusObject.line(texts.joined(separator: ": "))
    }
}

/// Only the name of an object: collections may be large.
struct NamedObject: Decodable, Sendable {
    var metadata: Metadata

    struct Metadata: Decodable, Sendable {
        var name: String
        var namespace: String?
    }

    /// `namespace/name`, the name alone for what belongs to no namespace.
    var title: String {
        [metadata.namespace, metadata.name].compactMap { $0 }.joined(separator: "/")
    }
}
