import Model
import Yams

/// One item of `Members.cluster.talos.dev`.
struct MemberSpec: Equatable {
    var identity: NodeIdentity

    /// Nil when the item has no address.
    init?(id: String, yaml: String) {
        guard let node = try? Yams.compose(yaml: yaml),
            let address = node["addresses"]?.strings.first
        else { return nil }
        identity = NodeIdentity(
            name: NodeName(id.isEmpty ? node["hostname"]?.nonEmptyString ?? address : id),
            address: NodeAddress(address),
            role: Role(machineType: node["machineType"]?.nonEmptyString))
    }
}

extension Role {
    /// The words of Talos: `init` and `controlplane` are control planes.
    init(machineType: String?) {
        switch machineType {
        case "init", "controlplane": self = .controlPlane
        default: self = .worker
        }
    }
}
