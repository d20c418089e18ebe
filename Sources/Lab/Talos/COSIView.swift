import Foundation
import Model
import Simulation

/// What the resources of one node are made from.
struct COSIView: Sendable {
    var machine: Machine
    var cluster: EmulatedCluster
    var clusterName: String
    var clusterID: String
    var endpoint: String
    /// The canonical text of a schematic, as the Image Factory knows it.
    var schematicText: @Sendable (SchematicID) -> String?

    /// Nil when the machine is gone.
    init?(world: TalosWorld, node: NodeName) {
        let cluster = world.engine.with { $0 }
        guard let machine = cluster.machines[node] else { return nil }
        self.machine = machine
        self.cluster = cluster
        clusterName = world.clusterName
        clusterID = world.pki.clusterID
        endpoint = world.endpoint
        schematicText = world.schematicText
    }

    var isControlPlane: Bool { machine.role == .controlPlane }

    /// The address of the cluster's endpoint, where this machine holds it at this moment.
    var sharedAddresses: [String] {
        guard cluster.holdsSharedAddress(machine.name), let host = URL(string: endpoint)?.host(),
            host != machine.address.text
        else { return [] }
        return ["\(host)/32"]
    }

    /// Nil for what the machine does not run.
    func state(of component: String) -> ComponentState? {
        SystemComponent(rawValue: component).flatMap { machine.state(of: $0) }
    }

    /// What the config asks for: `registry.k8s.io/kube-apiserver:v1.32.0`.
    func image(of component: String) -> String { state(of: component)?.image ?? "" }
}

/// One resource: its id and its spec in both encodings.
struct COSIItem: Sendable, Equatable {
    var id: String
    var yaml: String
    var proto = Data()
    var annotations: [String: String] = [:]
    /// `metadata.version` where the cluster counts it; nil leaves it to the shelf.
    var version: Int?

    init(_ id: String, _ yaml: String) {
        self.id = id
        self.yaml = yaml
    }
}

/// A resource type as a node of some versions has it.
struct COSIType: Sendable {
    var name: String
    var namespace: String
    /// Only `os:admin` may read it.
    var isSensitive = false
    /// The first Talos that has it.
    var since = Version(1, 0, 0)
    /// Control planes only: elsewhere there is no item.
    var isControlPlaneOnly = false
    var owner: String
    var render: @Sendable (COSIView) -> [COSIItem]

    init(
        _ name: String, _ namespace: String, isSensitive: Bool = false,
        since: Version = Version(1, 0, 0), isControlPlaneOnly: Bool = false,
        owner: String = "machined", render: @escaping @Sendable (COSIView) -> [COSIItem]
    ) {
        self.name = name
        self.namespace = namespace
        self.isSensitive = isSensitive
        self.since = since
        self.isControlPlaneOnly = isControlPlaneOnly
        self.owner = owner
        self.render = render
    }

    func items(_ view: COSIView) -> [COSIItem] {
        if isControlPlaneOnly && !view.isControlPlane { return [] }
        return render(view)
    }
}

/// Texts in YAML.
enum YAMLScalar {
    /// A string as a scalar that reads back as that string: plain where that is safe.
    static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || [45, 46, 47, 95].contains($0)
        }
        let looksTyped =
            Double(text) != nil
            || ["true", "false", "null", "yes", "no", "on", "off", ""].contains(
                text.lowercased())
        let startsOdd = text.first.map { "-.".contains($0) } ?? true
        if plain && !looksTyped && !startsOdd { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\t": escaped += "\\t"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }

    /// `key: [a, b]` as a block list under the key, `key: []` when there is nothing.
    static func list(_ key: String, _ items: [String], indent: String = "") -> String {
        if items.isEmpty { return "\(indent)\(key): []\n" }
        return "\(indent)\(key):\n"
            + items.map { "\(indent)    - \(quoted($0))\n" }.joined()
    }

    static func map(_ key: String, _ items: [String: String]) -> String {
        if items.isEmpty { return "\(key): {}\n" }
        return "\(key):\n"
            + items.sorted { $0.key < $1.key }
            .map { "    \(quoted($0.key)): \(quoted($0.value))\n" }.joined()
    }
}
