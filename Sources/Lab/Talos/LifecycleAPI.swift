import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

/// `machine.LifecycleService`, since Talos 1.13.
struct LifecycleAPI: Machine_LifecycleService.SimpleServiceProtocol {
    let world: TalosWorld

    func install(
        request: Machine_LifecycleServiceInstallRequest,
        response: RPCWriter<Machine_LifecycleServiceInstallResponse>, context: ServerContext
    ) async throws {
        throw RPCError(code: .alreadyExists, message: "machine is already installed")
    }

    /// Streams the installer's lines as they are due and the exit code at the end. The install
    /// runs on when the client goes away. 1.13 cuts the text into chunks that do not end at
    /// lines; from 1.14 on each message is a line.
    func upgrade(
        request: Machine_LifecycleServiceUpgradeRequest,
        response: RPCWriter<Machine_LifecycleServiceUpgradeResponse>, context: ServerContext
    ) async throws {
        world.learnSchematics()
        let hasWholeLines = try world.machine().version >= Model.Version(1, 14, 0)
        let ticket = try world.change { cluster, call in
            let image = Self.stored(request.source.imageName, in: cluster.images(on: call.node))
            return try cluster.lifecycleUpgrade(image, on: call.node, by: call.caller.name)
        }
        var rest: [UInt8] = []
        for line in ticket.lines {
            try await world.wait(until: line.dueAt)
            let text = line.text + "\n"
            if hasWholeLines {
                try await response.write(.with { $0.progress.message = text })
                continue
            }
            rest += text.utf8
            let cut = rest.count - min(rest.count, 7)
            if cut > 0 { try await response.write(Self.chunk(rest[..<cut])) }
            rest.removeFirst(cut)
        }
        if !rest.isEmpty { try await response.write(Self.chunk(rest[...])) }
        try await world.wait(until: ticket.endsAt)
        if let exitCode = ticket.exitCode {
            try await response.write(.with { $0.progress.exitCode = exitCode })
        }
    }

    /// A pull leaves an image under its tag, under its digest and under both; the cluster knows it
    /// by the name that was pulled.
    private static func stored(_ name: String, in images: [PulledImage]) -> String {
        guard let at = name.lastIndex(of: "@") else { return name }
        let digest = name[name.index(after: at)...]
        let plain = name[..<at]
        let match = images.first { image in
            image.digest == digest && image.reference.hasPrefix(plain)
        }
        return match?.reference ?? name
    }

    private static func chunk(
        _ bytes: ArraySlice<UInt8>
    ) -> Machine_LifecycleServiceUpgradeResponse {
        .with { $0.progress.message = String(decoding: bytes, as: UTF8.self) }
    }
}
