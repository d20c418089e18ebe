import Foundation
import Model

/// Finds its way in the outputs of a configuration, whatever they are called there.
struct OutputReader {
    private let outputs: [String: JSONValue]

    /// - Parameter document: what `output -json` printed.
    init(_ document: JSONValue) {
        outputs = (document.object ?? [:]).compactMapValues { $0["value"] }
    }

    var isEmpty: Bool { outputs.isEmpty }

    func applied() -> Applied {
        var sources: [String] = []
        var nodes: [NodeIdentity] = []
        for (role, names) in [(Role.controlPlane, Self.controlPlanes), (.worker, Self.workers)] {
            guard let (name, found) = self.nodes(names) else { continue }
            sources.append("\(role.rawValue) nodes: output \(name)")
            let known = Set(nodes.map(\.address))
            nodes += found.filter { !known.contains($0.address) }
                .map { NodeIdentity(name: $0.name, address: $0.address, role: role) }
        }
        let cluster = first(["cluster_name", "talos_cluster_name"], \.string)
        if let cluster { sources.append("cluster name: output \(cluster.0)") }
        let schematic = first(Self.schematics) { $0.string.flatMap { SchematicID($0) } }
        if let schematic { sources.append("schematic: output \(schematic.0)") }
        return Applied(
            clusterName: cluster?.1,
            schematic: schematic.map { .known($0.1) }
                ?? .unknown("there is no output \(Self.schematics[0])"),
            nodes: nodes, sources: sources)
    }

    /// Secret: never shown, never logged.
    func talosconfig() -> AppliedOutputs.Credential? {
        first(Self.talosconfigs, Self.text).map { .init(text: $0.1, source: "output \($0.0)") }
    }

    /// Secret: never shown, never logged.
    func kubeconfig() -> AppliedOutputs.Credential? {
        first(Self.kubeconfigs) { Self.text($0) ?? Self.kubeconfig($0) }
            .map { .init(text: $0.1, source: "output \($0.0)") }
    }

    /// One that knows the nodes' names before one that lists only addresses.
    private func nodes(_ names: [String]) -> (String, [Node])? {
        let readable = names.compactMap { name in
            outputs[name].flatMap(Self.addresses).map { (name, $0) }
        }
        return readable.first { $0.1.contains { $0.name.text != $0.address.text } }
            ?? readable.first
    }

    /// The first of these outputs that `read` understands.
    private func first<Value>(
        _ names: [String], _ read: (JSONValue) -> Value?
    ) -> (String, Value)? {
        for name in names {
            if let output = outputs[name], let value = read(output) { return (name, value) }
        }
        return nil
    }

    private static func text(_ value: JSONValue) -> String? {
        let text = value.string ?? value["talos_config"]?.string ?? value["kubeconfig_raw"]?.string
        return text?.isEmpty == false ? text : nil
    }

    /// A kubeconfig (JSON is YAML) of what the Talos provider calls
    /// `kubernetes_client_configuration`.
    private static func kubeconfig(_ value: JSONValue) -> String? {
        guard let server = value["host"]?.string, let trust = value["ca_certificate"]?.string,
            let certificate = value["client_certificate"]?.string,
            let key = value["client_key"]?.string
        else { return nil }
        let document: JSONValue = [
            "apiVersion": "v1", "kind": "Config", "current-context": "terraform",
            "clusters": [
                [
                    "name": "terraform",
                    "cluster": [
                        "server": .string(server), "certificate-authority-data": .string(trust),
                    ],
                ]
            ],
            "users": [
                [
                    "name": "terraform",
                    "user": [
                        "client-certificate-data": .string(certificate),
                        "client-key-data": .string(key),
                    ],
                ]
            ],
            "contexts": [
                [
                    "name": "terraform",
                    "context": ["cluster": "terraform", "user": "terraform"],
                ]
            ],
        ]
        return (try? JSONEncoder().encode(document)).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Node {
        var name: NodeName
        var address: NodeAddress
    }

    /// Maps of name to address or object, lists, and addresses with commas between.
    private static func addresses(_ value: JSONValue) -> [Node]? {
        let nodes: [Node]
        switch value {
        case .string(let text):
            nodes = text.split(separator: ",").compactMap { node(nil, .string(String($0))) }
        case .array(let items):
            nodes = items.compactMap { node(nil, $0) }
        case .object(let members):
            nodes = members.compactMap { node($0.key, $0.value) }
        case .null, .bool, .integer, .number: return nil
        }
        return nodes.isEmpty ? nil : nodes.sorted { $0.name < $1.name }
    }

    private static func node(_ key: String?, _ value: JSONValue) -> Node? {
        if let text = value.string {
            guard let address = address(text) else { return nil }
            return Node(name: NodeName(key ?? address), address: NodeAddress(address))
        }
        if let first = value.array?.first { return node(key, first) }
        guard value.object != nil else { return nil }
        let own = ["ip", "ip_address", "address", "ipv4_address", "ipv4"]
            .lazy.compactMap { value[$0]?.string }.first
        guard let address = (own ?? key).flatMap(address) else { return nil }
        let name = ["name", "hostname", "host_name"].lazy.compactMap { value[$0]?.string }.first
        return Node(name: NodeName(name ?? key ?? address), address: NodeAddress(address))
    }

    /// Without white space and prefix length.
    private static func address(_ text: String) -> String? {
        let address = text.prefix { $0 != "/" }.filter { !$0.isWhitespace }
        return address.isEmpty ? nil : address
    }

    // Names seen in public repositories, the most common first.
    private static let controlPlanes = [
        "controlplane_ips", "control_plane_ips", "controlplane_ip_addresses",
        "control_plane_private_ipv4_list", "controlplane_nodes", "control_plane_nodes",
        "controllers", "cp",
    ]
    private static let workers = [
        "worker_ips", "workers_ips", "worker_ip_addresses", "worker_private_ipv4_list",
        "worker_nodes", "workers", "worker",
    ]
    static let schematics = [
        "talos_schematic_id", "schematic_id", "talos_image_schematic_id", "image_schematic_id",
    ]
    private static let talosconfigs = [
        "talosconfig", "talos_config", "talosconfig_raw", "talos_client_configuration",
    ]
    private static let kubeconfigs = [
        "kubeconfig", "kube_config", "kubeconfig_raw", "talos_cluster_kubeconfig",
        "kubernetes_client_configuration",
    ]
}
