import Model
import Simulation
import Yams

/// What the lab reads of a machine config: images, arguments and switches of Kubernetes.
struct ConfigReading {
    private var main: Node
    /// Documents of their own by kind (Talos 1.14 and later).
    private var documents: [String: Node] = [:]

    /// Why a text is no machine config.
    enum Flaw: Error {
        case noYAML, noMainDocument
    }

    init(checking text: String) throws(Flaw) {
        var found: Node?
        var others: [String: Node] = [:]
        do {
            var rest = try Yams.compose_all(yaml: text)
            while let document = rest.next() {
                if document["machine"] != nil || document["cluster"] != nil { found = document }
                if let kind = document["kind"]?.string { others[kind] = document }
            }
            if rest.error != nil { throw Flaw.noYAML }
        } catch {
            throw .noYAML
        }
        guard let found else { throw .noMainDocument }
        main = found
        documents = others
    }

    /// Nil for what is no machine config.
    init?(_ text: String) {
        guard let reading = try? ConfigReading(checking: text) else { return nil }
        self = reading
    }

    /// The image that the config names; nil when it leaves that to Talos.
    func image(of component: String) -> String? { field("image", of: component)?.string }

    var images: [SystemComponent: String] {
        var images: [SystemComponent: String] = [:]
        for component in SystemComponent.allCases {
            images[component] = image(of: component.rawValue)
        }
        return images
    }

    var installImage: String? { main["machine"]?["install"]?["image"]?.string }

    /// `cluster.proxy.disabled`.
    var hasProxy: Bool { main["cluster"]?["proxy"]?["disabled"]?.bool != true }

    func extraArguments(of component: String) -> [String: String] {
        var arguments: [String: String] = [:]
        for (key, value) in field("extraArgs", of: component)?.mapping ?? Node.Mapping([]) {
            guard let name = key.string, name != "<<" else { continue }
            arguments[name] = value.string ?? ""
        }
        return arguments
    }

    private func field(_ name: String, of component: String) -> Node? {
        guard let place = Self.places[component] else { return nil }
        if let document = documents[place.kind], let value = document[name] { return value }
        return main[place.section]?[place.key]?[name]
    }

    private static let places: [String: (section: String, key: String, kind: String)] = [
        "kubelet": ("machine", "kubelet", "KubeletConfig"),
        "kube-apiserver": ("cluster", "apiServer", "KubeAPIServerConfig"),
        "kube-controller-manager": (
            "cluster", "controllerManager", "KubeControllerManagerConfig"
        ),
        "kube-scheduler": ("cluster", "scheduler", "KubeSchedulerConfig"),
        "kube-proxy": ("cluster", "proxy", "KubeProxyConfig"),
    ]
}
