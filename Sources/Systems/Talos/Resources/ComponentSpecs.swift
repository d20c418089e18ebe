import Model
import Yams

/// What the resources that Talos derives from the machine configuration say of Kubernetes.
enum ComponentSpecs {
    /// The arguments of a static pod's first container, without the program's name.
    static func arguments(ofStaticPod yaml: String) -> [String] {
        let container = (try? Yams.compose(yaml: yaml))?["spec"]?["containers"]?.sequence?.first
        let words = strings(container?["command"]) + strings(container?["args"])
        return Array(words.drop { !$0.hasPrefix("-") })
    }

    /// The arguments of the kubelet; the feature gates of its configuration as if they were one.
    static func arguments(ofKubelet yaml: String) -> [String] {
        let spec = try? Yams.compose(yaml: yaml)
        let gates = spec?["config"]?["featureGates"]?.mapping?.compactMap { key, value in
            key.string.map { "\($0)=\(value.string ?? "true")" }
        }
        let own = gates.map { $0.isEmpty ? [] : ["--feature-gates=" + $0.joined(separator: ",")] }
        return strings(spec?["args"]) + (own ?? [])
    }

    /// The objects of one item of `Manifests`. Throws `.stopped` when it is not understood, rather
    /// than leaving out what would then be pruned.
    static func objects(ofManifest yaml: String, id: String) throws(Problem) -> [JSONValue] {
        guard let items = (try? Yams.compose(yaml: yaml))?["items"]?.sequence else {
            throw damaged(id)
        }
        var objects: [JSONValue] = []
        for item in items {
            guard let object = JSONValue(yaml: item), object.object != nil else {
                throw damaged(id)
            }
            objects.append(object)
        }
        return objects
    }

    private static func damaged(_ id: String) -> Problem {
        Problem(
            .stopped, "The bootstrap manifest \(id) cannot be read.",
            fix: "Look at it: talosctl -n NODE get manifests \(id) -o yaml")
    }

    private static func strings(_ node: Node?) -> [String] {
        node?.sequence?.compactMap(\.string) ?? []
    }
}
