import GRPCCore
package import Model
import TalosAPI

extension MachineChanger {
    package func pull(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            do {
                try await Self.pull(image, into: .nsSystem, connection, limit, report)
            } catch let failure as CallFailure where failure.isMissingImage {
                throw Problem(
                    .refused, "The image \(image) does not exist.", at: node.name.text,
                    fix: "Check the version and the schematic; the registry must offer both.",
                    causes: [String(failure.message.prefix(300))])
            }
        }
    }

    package func install(
        image: String, on node: NodeIdentity, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var request = Machine_LifecycleServiceUpgradeRequest()
            request.containerd = .system
            request.source.imageName = image
            let log = InstallerLog(report: report)
            do {
                try await connection.call("LifecycleService.Upgrade", within: limit) {
                    [request] metadata, options in
                    try await connection.lifecycle.upgrade(
                        request, metadata: metadata, options: options
                    ) { response in
                        for try await message in response.messages {
                            log.take(message.progress.response)
                        }
                    }
                }
            } catch let failure as CallFailure where failure.isLossOfConnection {
                throw log.unknownResult(on: node, cause: "the connection was lost")
            }
            if let problem = log.problem(on: node) { throw problem }
        }
    }

    package func awaitInstaller(on node: NodeIdentity, within limit: Duration) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        var pause = Duration.milliseconds(100)
        while try await isInstalling(on: node) {
            guard clock.now + pause < deadline else {
                throw Problem(
                    .stopped, "An installer still runs on \(node.name).", at: node.name.text,
                    fix: "talosctl -n \(node.address) dmesg; when it has ended: bump resume")
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 3 / 2, .seconds(2))
        }
    }

    /// Asks for an upgrade to no image: the node looks at its lock first and at the image's name
    /// second, so that the refusal tells whether the lock is held, and nothing is done.
    /// Source: siderolabs/talos, `internal/app/lifecycle/lifecycle.go`, `Upgrade`.
    private func isInstalling(on node: NodeIdentity) async throws -> Bool {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var request = Machine_LifecycleServiceUpgradeRequest()
            request.containerd = .system
            do {
                try await connection.call(
                    "LifecycleService.Upgrade", within: NodeConnection.slowLimit
                ) { [request] metadata, options in
                    try await connection.lifecycle.upgrade(
                        request, metadata: metadata, options: options
                    ) { response in
                        for try await _ in response.messages {}
                    }
                }
            } catch let failure as CallFailure {
                switch failure.code {
                case .invalidArgument, .unimplemented: return false
                case .failedPrecondition where failure.message.contains("already in progress"):
                    return true
                default: throw failure
                }
            }
            return false
        }
    }

    /// Pulls with the call of Talos 1.13, or with the older one where that is missing.
    static func pull(
        _ image: String, into namespace: Common_ContainerdNamespace, _ connection: NodeConnection,
        _ limit: Duration, _ report: @escaping @Sendable (String) -> Void
    ) async throws {
        do {
            try await pullWithProgress(image, into: namespace, connection, limit, report)
        } catch let failure as CallFailure where failure.code == .unimplemented {
            try await pullPlainly(image, into: namespace, connection, limit)
        }
    }

    /// Talos 1.13 and later.
    private static func pullWithProgress(
        _ image: String, into namespace: Common_ContainerdNamespace, _ connection: NodeConnection,
        _ limit: Duration, _ report: @escaping @Sendable (String) -> Void
    ) async throws {
        var request = Machine_ImageServicePullRequest()
        request.containerd.driver = .cri
        request.containerd.namespace = namespace
        request.imageRef = image
        try await connection.call("ImageService.Pull", within: limit) {
            [request] metadata, options in
            try await connection.images.pull(request, metadata: metadata, options: options) {
                response in
                var progress = PullProgress()
                for try await message in response.messages {
                    if let line = progress.take(message.response) { report(line) }
                }
            }
        }
    }

    /// The older call: one answer at the end.
    private static func pullPlainly(
        _ image: String, into namespace: Common_ContainerdNamespace, _ connection: NodeConnection,
        _ limit: Duration
    ) async throws {
        var request = Machine_ImagePullRequest()
        request.namespace = namespace
        request.reference = image
        _ = try await connection.call("ImagePull", within: limit) { [request] in
            try await connection.machine.imagePull(request, metadata: $0, options: $1)
        }
    }
}
