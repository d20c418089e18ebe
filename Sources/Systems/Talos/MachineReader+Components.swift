package import Model
import TalosAPI

extension MachineReader: ComponentReading {
    package func settings(of node: NodeIdentity) async throws -> [ComponentSetting] {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            guard let text = try await connection.machineConfiguration() else {
                throw Problem(
                    .refused, "\(node.name) has no machine configuration.", at: node.name.text)
            }
            let documents = try MachineConfigDocuments(text)
            let components: [KubernetesComponent] =
                node.role == .controlPlane ? KubernetesComponent.allCases : [.kubelet]
            var settings: [ComponentSetting] = []
            for component in components where !documents.isDisabled(component) {
                let setting = try await Self.setting(
                    of: component, named: documents.image(of: component), on: node, connection)
                if let setting { settings.append(setting) }
            }
            return settings
        }
    }

    package func arguments(of node: NodeIdentity) async throws -> [ComponentArguments] {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var found: [ComponentArguments] = []
            if node.role == .controlPlane {
                for pod in try await connection.yamls(of: .staticPods) {
                    guard let component = KubernetesComponent(rawValue: pod.id) else { continue }
                    found.append(
                        ComponentArguments(
                            component: component, node: node.name,
                            arguments: ComponentSpecs.arguments(ofStaticPod: pod.yaml)))
                }
            }
            if let yaml = try await connection.yaml(of: .kubeletSpec) {
                found.append(
                    ComponentArguments(
                        component: .kubelet, node: node.name,
                        arguments: ComponentSpecs.arguments(ofKubelet: yaml)))
            }
            return found.sorted { $0.component < $1.component }
        }
    }

    package func isKubeletHealthy(on node: NodeIdentity) async throws -> Bool {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            let kubelet = try await connection.services().first { $0.id == "kubelet" }
            guard let kubelet else { return false }
            return kubelet.state == "Running" && kubelet.hasHealth && kubelet.health.healthy
                && !kubelet.health.unknown
        }
    }

    package func manifests(of node: NodeIdentity) async throws -> [JSONValue] {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var objects: [JSONValue] = []
            for item in try await connection.yamls(of: .manifests).sorted(by: { $0.id < $1.id }) {
                objects += try ComponentSpecs.objects(ofManifest: item.yaml, id: item.id)
            }
            return objects
        }
    }

    /// Nil for what the derived resource says is switched off.
    private static func setting(
        of component: KubernetesComponent, named image: String?, on node: NodeIdentity,
        _ connection: NodeConnection
    ) async throws -> ComponentSetting? {
        var version: String?
        var derived: String?
        switch component {
        case .kubelet where image == nil:
            derived = ScalarSpec.text("image", yaml: try await connection.yaml(of: .kubeletSpec))
        case .proxy:
            // `proxyEnabled` is there in every version of Talos that is supported.
            let yaml = try await connection.yaml(of: .manifestsConfig)
            if yaml != nil, ScalarSpec.text("proxyEnabled", yaml: yaml) == "false" { return nil }
            derived = ScalarSpec.text("proxyImage", yaml: yaml)
        default:
            guard let name = ResourceName.config(of: component) else { break }
            let final = try await connection.versioned(name.final)
            let found = if let final { final } else { try await connection.versioned(name) }
            if let found {
                if ScalarSpec.text("enabled", yaml: found.yaml) == "false" { return nil }
                version = found.version
                derived = ScalarSpec.text("image", yaml: found.yaml)
            }
        }
        guard let image = image ?? derived else {
            throw Problem(
                .refused,
                "\(node.name) does not say which image of \(component.rawValue) it runs.",
                at: node.name.text,
                fix: "Name it in the machine configuration: "
                    + component.configPath.joined(separator: "."))
        }
        return ComponentSetting(component: component, image: image, configVersion: version)
    }
}
