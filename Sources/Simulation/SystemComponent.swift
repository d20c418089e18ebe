package import Model

/// A component of Kubernetes that a machine runs from an image named in its config.
package enum SystemComponent: String, Sendable, Codable, CaseIterable {
    case apiServer = "kube-apiserver"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case kubelet

    /// Those that are static pods on a control plane.
    package static let staticPods: [SystemComponent] = [
        .apiServer, .controllerManager, .scheduler,
    ]

    /// The image that Talos runs when the config names none.
    package func defaultImage(_ version: Version) -> String {
        self == .kubelet
            ? "ghcr.io/siderolabs/kubelet:\(version.tag)"
            : "registry.k8s.io/\(rawValue):\(version.tag)"
    }

    /// The version in the tag of an image: behind `v`, before `-slim` or `-fat`, whatever the
    /// registry and the digest are. Nil when there is no tag that says one.
    package static func version(of image: String) -> Version? {
        let plain = image.prefix { $0 != "@" }
        guard let colon = plain.lastIndex(of: ":"), !plain[colon...].contains("/") else {
            return nil
        }
        var tag = plain[plain.index(after: colon)...]
        for suffix in ["-slim", "-fat"] where tag.hasSuffix(suffix) {
            tag = tag.dropLast(suffix.count)
        }
        return Version(String(tag))
    }
}

/// What a machine's config asks of a component, and what runs of it.
package struct ComponentState: Sendable, Codable, Equatable {
    /// Named by the config.
    package var image: String
    /// Version of the component's config resource: rises with every change of it.
    package var revision: Int
    package var runningImage: String
    /// The revision that the running static pod was made from: its annotation
    /// `talos.dev/config-version`.
    package var runningRevision: Int
    /// Why it does not run, in the kubelet's words: `CrashLoopBackOff`, `ImagePullBackOff`. Nil
    /// when nothing is wrong.
    package var trouble: String?
    /// The image that a fault keeps from running.
    package var failingImage: String?

    init(image: String) {
        self.image = image
        revision = 1
        runningImage = image
        runningRevision = 1
    }

    /// While a static pod is replaced.
    static let starting = "ContainerCreating"

    /// Takes what the config asks for; nil when it can run.
    mutating func take(missing: Bool) {
        runningImage = image
        runningRevision = revision
        trouble =
            image == failingImage ? "CrashLoopBackOff" : missing ? "ImagePullBackOff" : nil
    }
}

extension Machine {
    /// Nil for what this machine does not run.
    package func state(of component: SystemComponent) -> ComponentState? {
        if let known = components[component] { return known }
        let version =
            component == .kubelet ? kubeletVersion : controlPlaneVersions[component]
        return version.map { ComponentState(image: component.defaultImage($0)) }
    }

    /// Whether the static pod of a component is ready, as far as the machine alone decides.
    package func isUp(_ component: SystemComponent) -> Bool {
        if components.isEmpty { return controlPlaneIsUp }
        guard components[component]?.trouble == nil else { return false }
        return controlPlaneIsUp
            || (component != .apiServer && components[.apiServer]?.trouble != nil)
    }
}
