import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    /// Answers before the sequence starts, as Talos does; what comes of it is in the events.
    func upgrade(
        request: Machine_UpgradeRequest, context: ServerContext
    ) async throws -> Machine_UpgradeResponse {
        world.learnSchematics()
        // From 1.12 on `preserve` skips the etcd checks as `force` does.
        let skips = try world.machine().version >= Model.Version(1, 12, 0) && request.preserve
        let actor = try world.change { cluster, call in
            try cluster.upgrade(
                request.image, on: call.node, force: request.force || skips, stage: request.stage,
                by: call.caller.name)
        }
        return .with {
            $0.messages = [
                .with {
                    $0.ack = "Upgrade request received"
                    $0.actorID = actor
                }
            ]
        }
    }

    func reboot(
        request: Machine_RebootRequest, context: ServerContext
    ) async throws -> Machine_RebootResponse {
        let mode: RebootMode =
            switch request.mode {
            case .powercycle: .powercycle
            case .force: .force
            default: .standard
            }
        let actor = try world.change { cluster, call in
            try cluster.reboot(call.node, mode: mode, by: call.caller.name)
        }
        return .with { $0.messages = [.with { $0.actorID = actor }] }
    }

    func shutdown(
        request: Machine_ShutdownRequest, context: ServerContext
    ) async throws -> Machine_ShutdownResponse {
        try world.change { cluster, call in
            try cluster.shutdown(call.node, by: call.caller.name)
        }
        return .with { $0.messages = [.init()] }
    }

    func rollback(
        request: Machine_RollbackRequest, context: ServerContext
    ) async throws -> Machine_RollbackResponse {
        try world.change { cluster, call in
            try cluster.rollback(call.node, by: call.caller.name)
        }
        return .with { $0.messages = [.init()] }
    }

    func reset(
        request: Machine_ResetRequest, context: ServerContext
    ) async throws -> Machine_ResetResponse {
        let labels = request.systemPartitionsToWipe.filter(\.wipe).map(\.label)
        let actor = try world.change { cluster, call in
            try cluster.reset(
                call.node, graceful: request.graceful, reboot: request.reboot,
                keepsConfig: !labels.isEmpty && !labels.contains("STATE"), by: call.caller.name)
        }
        return .with { $0.messages = [.with { $0.actorID = actor }] }
    }

    func bootstrap(
        request: Machine_BootstrapRequest, context: ServerContext
    ) async throws -> Machine_BootstrapResponse {
        try world.change { cluster, call in
            try cluster.bootstrapEtcd(
                on: call.node, recover: request.recoverEtcd, by: call.caller.name)
        }
        return .with { $0.messages = [.init()] }
    }

    /// For the calls of Talos that the emulation leaves out.
    func notInTheLab(_ method: String) -> RPCError {
        RPCError(code: .unimplemented, message: "\(method) is not part of the lab")
    }
}
