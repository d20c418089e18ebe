import Model
import Yams

/// `Diagnostics.runtime.talos.dev`.
enum DiagnosticSpec {
    /// Its message with the details, in one line.
    static func text(id: String, yaml: String) -> String {
        let node = try? Yams.compose(yaml: yaml)
        let message = node?["message"]?.nonEmptyString ?? id
        let details = node?["details"]?.strings ?? []
        return ([message] + details.prefix(3)).joined(separator: "; ")
    }
}

/// `NodeAddresses.net.talos.dev`.
enum AddressesSpec {
    /// Without prefix lengths.
    static func addresses(yaml: String?) -> [String] {
        guard let yaml, let node = try? Yams.compose(yaml: yaml) else { return [] }
        return (node["addresses"]?.strings ?? []).map { address in
            address.split(separator: "/").first.map(String.init) ?? address
        }
    }
}

extension MachineHealth.Clock {
    /// `TimeStatuses.v1alpha1.talos.dev`: synced, epoch, syncDisabled.
    init(yaml: String?) {
        guard let yaml, let node = try? Yams.compose(yaml: yaml), node["synced"] != nil else {
            self = .unwatched
            return
        }
        if node["syncDisabled"]?.isTrue == true {
            self = .unwatched
        } else {
            self = node["synced"]?.isTrue == true ? .inSync : .notInSync
        }
    }
}
