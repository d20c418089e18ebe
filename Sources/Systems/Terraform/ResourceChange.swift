import Model

/// One entry of `resource_changes`.
/// Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
struct ResourceChange {
    let address: String
    let actions: [String]
    let type: String
    /// The key of an older object that an interrupted replacement left behind.
    let deposed: String?
    /// The object exists already, or is only called another name.
    let isAdopted: Bool
    private let change: JSONValue

    init(_ entry: JSONValue) {
        address = entry["address"]?.string ?? "an unnamed resource"
        type = entry["type"]?.string ?? ""
        deposed = entry["deposed"]?.string
        change = entry["change"] ?? .null
        isAdopted = entry["previous_address"]?.string != nil || change["importing"]?.object != nil
        actions = change["actions"]?.array?.compactMap(\.string) ?? []
    }

    /// Whether all that would be done is among what Terraform has documented.
    var isKnown: Bool {
        !actions.isEmpty
            && Set(["no-op", "read", "create", "update", "delete", "forget"])
                .isSuperset(of: actions)
    }

    /// The object is destroyed, or another one is made beside it that nobody then knows of.
    var losesObject: Bool {
        actions.contains("delete") || actions.contains("create") && actions.contains("forget")
    }

    /// The image of another version.
    var isDownload: Bool { type.contains("download_file") }

    /// Copies of credentials, and names of images: the new one takes the place of the old one,
    /// and nothing that runs holds on to it.
    var isRewrite: Bool {
        let types = ["local_file", "local_sensitive_file", "talos_image_factory_schematic"]
        return deposed == nil && actions.contains("create") && types.contains(type)
    }

    /// The Talos provider from 0.12 upgrades nodes and clusters by itself.
    var isUpgrade: Bool {
        switch type {
        case "talos_machine": differs("image")
        case "talos_cluster": differs("kubernetes_version")
        default: false
        }
    }

    var sendsConfiguration: Bool { type == "talos_machine_configuration_apply" }

    /// How the object would be lost.
    var loss: String {
        guard isKnown else {
            let words = actions.joined(separator: ", ")
            return "\(address) would be changed in an unknown way (\(words))"
        }
        if let deposed {
            return "\(address) would lose an older object (\(deposed)) that an interrupted "
                + "replacement left behind"
        }
        guard actions.contains("create") else { return "\(address) would be destroyed" }
        let paths = (change["replace_paths"]?.array ?? []).compactMap(Self.text)
        let why = paths.isEmpty ? "" : ", because of \(paths.joined(separator: ", "))"
        let what = type == "talos_machine_secrets" ? ": new secrets for the whole cluster" : ""
        return "\(address) would be replaced\(why)\(what)"
    }

    private func differs(_ name: String) -> Bool {
        change["after_unknown", name]?.bool == true
            || change["before", name] != change["after", name]
    }

    /// `["disk", 0, "file_id"]` as `disk[0].file_id`.
    private static func text(_ path: JSONValue) -> String? {
        let steps = (path.array ?? []).map { step in
            if let index = step.integer { return "[\(index)]" }
            return "." + (step.string ?? "?")
        }
        let text = steps.joined()
        return text.isEmpty ? nil : String(text.drop { $0 == "." })
    }
}
