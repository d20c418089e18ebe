/// A line of `bump lab events --json`.
struct LabEvent: Decodable, CustomStringConvertible {
    var kind: String
    var node: String?
    var by: String?
    var detail: String?

    var description: String { "\(kind) \(node ?? "-") \(detail ?? "")" }
}

/// What tests read of `bump status --json`.
struct StatusDocument: Decodable {
    struct Node: Decodable {
        var name: String
        var role: String
        var talosVersion: String?
        var schematicID: String?
        var extensions: [String]?
        var ready: Bool?
        var cordoned: Bool?
        var etcd: String?
    }

    var cluster: String?
    var nodes: [Node]

    var etcdLeader: String? { nodes.first { $0.etcd == "leader" }?.name }

    func role(of name: String?) -> String? { nodes.first { $0.name == name }?.role }
}

/// What tests read of `bump lab status --json`.
struct LabStatusDocument: Decodable {
    struct Node: Decodable {
        var name: String
        var talosVersion: String
    }

    var nodes: [Node]
}

/// What tests read of a saved plan.
struct PlanDocument: Decodable {
    struct Step: Decodable {
        var id: String
    }

    struct Stage: Decodable {
        var lanes: [[Step]]
    }

    var id: String
    var stages: [Stage]

    var steps: [String] { stages.flatMap(\.lanes).flatMap(\.self).map(\.id) }
}
