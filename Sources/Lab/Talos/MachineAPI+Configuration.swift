import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI
import Yams

extension MachineAPI {
    /// Takes a whole config. Images of Kubernetes in it take effect at once; nothing in the lab
    /// needs a reboot for a config.
    func applyConfiguration(
        request: Machine_ApplyConfigurationRequest, context: ServerContext
    ) async throws -> Machine_ApplyConfigurationResponse {
        let text = String(decoding: request.data, as: UTF8.self)
        let images = try ComponentImages(config: text)
        let machine = try world.machine()
        if request.mode == .reboot && machine.version >= Model.Version(1, 14, 0) {
            throw RPCError(code: .unimplemented, message: "reboot mode is not supported")
        }
        var answer = Machine_ApplyConfiguration()
        answer.mode = request.mode == .auto ? .noReboot : request.mode
        if request.dryRun {
            answer.modeDetails = "Dry run summary: the config is valid"
            return .with { $0.messages = [answer] }
        }
        try world.change { cluster, call in
            cluster.setConfig(text, on: call.node, by: call.caller.name)
            for (component, version) in images.versions {
                if component != .kubelet && machine.role != .controlPlane { continue }
                let present =
                    component == .kubelet
                    ? machine.kubeletVersion : machine.controlPlaneVersions[component]
                if present == version { continue }
                _ = try cluster.updateComponent(
                    component, to: version, on: call.node, by: call.caller.name)
            }
        }
        answer.modeDetails = "Applied configuration without a reboot"
        if request.mode == .reboot {
            try world.change { cluster, call in
                _ = try cluster.reboot(call.node, mode: .standard, by: call.caller.name)
            }
        }
        return .with { $0.messages = [answer] }
    }

    func generateClientConfiguration(
        request: Machine_GenerateClientConfigurationRequest, context: ServerContext
    ) async throws -> Machine_GenerateClientConfigurationResponse {
        let seconds = request.hasCrtTtl ? Double(request.crtTtl.seconds) : 365 * 86_400
        let validity = Authority.Validity(seconds: max(seconds, 1))
        let identity = try world.pki.talos.clientCertificate(
            organizations: request.roles, validity: validity)
        let endpoints = world.engine.with { cluster in
            cluster.machines.values.filter { $0.role == .controlPlane }.map(\.address.text)
                .sorted()
        }
        let config = try world.pki.talosconfig(
            cluster: world.clusterName, endpoints: endpoints, roles: request.roles,
            validity: validity)
        var answer = Machine_GenerateClientConfiguration()
        answer.ca = Data(world.pki.talos.certificatePEM.utf8)
        answer.crt = Data(identity.certificatePEM.utf8)
        answer.key = Data(identity.keyPEM.utf8)
        answer.talosconfig = Data(config.utf8)
        return .with { $0.messages = [answer] }
    }
}

/// The versions of Kubernetes that a machine config asks for.
struct ComponentImages {
    var versions: [KubernetesComponent: Model.Version] = [:]

    /// Throws `INVALID_ARGUMENT` for what is no YAML or lacks the v1alpha1 document.
    init(config: String) throws {
        var main: Yams.Node?
        do {
            for document in try Yams.compose_all(yaml: config) {
                if document["machine"] != nil { main = document }
            }
        } catch {
            throw RPCError(code: .invalidArgument, message: "failed to parse config as YAML")
        }
        guard let main else {
            throw RPCError(code: .invalidArgument, message: "no v1alpha1 config provided")
        }
        let images: [(KubernetesComponent, String?)] = [
            (.kubelet, main["machine"]?["kubelet"]?["image"]?.string),
            (.apiServer, main["cluster"]?["apiServer"]?["image"]?.string),
            (.controllerManager, main["cluster"]?["controllerManager"]?["image"]?.string),
            (.scheduler, main["cluster"]?["scheduler"]?["image"]?.string),
        ]
        for (component, image) in images {
            guard let tag = image?.split(separator: ":").last, let version = Model.Version(tag)
            else {
                continue
            }
            versions[component] = version
        }
    }
}
