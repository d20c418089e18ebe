import Foundation
import GRPCCore
package import Model
import TalosAPI

extension MachineChanger: ComponentChanging {
    package func prefetch(
        _ component: KubernetesComponent, image: String, on node: NodeIdentity,
        within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws {
        // The kubelet runs in Talos's own namespace, everything else is run by the CRI.
        let namespace: Common_ContainerdNamespace = component == .kubelet ? .nsSystem : .nsCri
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            do {
                try await Self.pull(image, into: namespace, connection, limit, report)
            } catch let failure as CallFailure where failure.code == .unimplemented {
                report("this node cannot pull ahead")
            } catch let failure as CallFailure where failure.isMissingImage {
                throw Problem(
                    .refused, "The image \(image) does not exist.", at: node.name.text,
                    fix: "Check the version of Kubernetes; the registry must offer it.",
                    causes: [String(failure.message.prefix(300))])
            }
        }
    }

    package func setImage(
        of component: KubernetesComponent, to image: String, on node: NodeIdentity
    ) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            guard let text = try await connection.machineConfiguration() else {
                throw Problem(
                    .refused, "\(node.name) has no machine configuration.", at: node.name.text)
            }
            let edited: [UInt8]?
            do {
                edited = try MachineConfigEdit.setting(image, of: component, in: text)
            } catch let problem as Problem {
                throw problem.naming(node)
            }
            guard let edited else { return }
            var request = Machine_ApplyConfigurationRequest()
            request.data = Data(edited)
            request.mode = .noReboot
            do {
                _ = try await connection.call(
                    "ApplyConfiguration", within: NodeConnection.slowLimit
                ) { [request] in
                    try await connection.machine.applyConfiguration(
                        request, metadata: $0, options: $1)
                }
            } catch var failure as CallFailure {
                failure.message = ConfigurationRefusal.safe(failure.message)
                throw failure
            }
        }
    }
}

/// What a node says of a configuration it does not take may quote it.
enum ConfigurationRefusal {
    /// The first line and the points of a list; nothing behind a word on unknown keys, where the
    /// node repeats the keys and their values.
    static func safe(_ message: String) -> String {
        var kept: [Substring] = []
        for (index, line) in message.split(whereSeparator: \.isNewline).enumerated() {
            let trimmed = line.drop { $0.isWhitespace }
            if index == 0 || trimmed.hasPrefix("* ") { kept.append(trimmed) }
            if line.contains("unknown keys") { break }
        }
        return String(kept.joined(separator: " ").prefix(300))
    }
}

extension Problem {
    /// The same with the node's name in place and fix.
    fileprivate func naming(_ node: NodeIdentity) -> Problem {
        var copy = located(at: node.name.text)
        copy.fix = fix?.replacingOccurrences(of: "-n NODE", with: "-n \(node.address.text)")
        return copy
    }
}
