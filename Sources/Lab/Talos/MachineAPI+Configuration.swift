import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    /// Takes a whole config and keeps its text byte for byte. Images of Kubernetes in it take
    /// effect at once; nothing in the lab needs a reboot for a config.
    func applyConfiguration(
        request: Machine_ApplyConfigurationRequest, context: ServerContext
    ) async throws -> Machine_ApplyConfigurationResponse {
        let text = String(decoding: request.data, as: UTF8.self)
        let machine = try world.machine()
        let images = try Self.images(in: text, for: machine)
        if request.mode == .reboot && machine.version >= Model.Version(1, 14, 0) {
            throw RPCError(code: .unimplemented, message: "reboot mode is not supported")
        }
        var answer = Machine_ApplyConfiguration()
        answer.mode = request.mode == .auto ? .noReboot : request.mode
        if request.dryRun {
            answer.modeDetails =
                "Dry run summary:\n"
                + "Applied configuration without a reboot (skipped in dry-run).\n"
                + "Config diff:\n" + Self.difference(machine.config, text)
            return .with { $0.messages = [answer] }
        }
        try world.change { cluster, call in
            cluster.setConfig(
                text, installImage: ConfigReading(text)?.installImage, on: call.node,
                by: call.caller.name)
            for (component, image) in images.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                _ = try cluster.setImage(
                    of: component, to: image, on: call.node, by: call.caller.name)
            }
        }
        answer.modeDetails = "Applied configuration without a reboot"
        if request.mode == .reboot {
            answer.modeDetails = "Applied configuration with a reboot"
            try world.change { cluster, call in
                _ = try cluster.reboot(call.node, mode: .standard, by: call.caller.name)
            }
        }
        return .with { $0.messages = [answer] }
    }

    /// The images that a node runs by this config. Throws `INVALID_ARGUMENT` for what is no
    /// config, and from 1.11 on for a Kubernetes that this Talos does not take.
    private static func images(
        in text: String, for machine: Simulation.Machine
    ) throws -> [SystemComponent: String] {
        let reading: ConfigReading
        do {
            reading = try ConfigReading(checking: text)
        } catch .noYAML {
            throw RPCError(code: .invalidArgument, message: "failed to parse config as YAML")
        } catch {
            throw RPCError(code: .invalidArgument, message: "no v1alpha1 config provided")
        }
        let images = reading.images.filter { machine.state(of: $0.key) != nil }
        for (component, image) in images {
            guard let version = SystemComponent.version(of: image) else {
                throw RPCError(
                    code: .invalidArgument,
                    message: "\(component.rawValue) image is not valid: no tag in \(image)")
            }
            guard machine.version >= Model.Version(1, 11, 0) else { continue }
            if let objection = KubernetesReleases.objection(to: version, on: machine.version) {
                throw RPCError(
                    code: .invalidArgument, message: "\(component.rawValue): \(objection)")
            }
        }
        return images
    }

    /// Lines that go and lines that come, in order.
    private static func difference(_ old: String, _ new: String) -> String {
        let lines = { (text: String) in
            text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        let change = lines(new).difference(from: lines(old))
        if change.isEmpty { return "No changes.\n" }
        return change.map { step in
            switch step {
            case .remove(_, let line, _): "-\(line)\n"
            case .insert(_, let line, _): "+\(line)\n"
            }
        }.joined()
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
