import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    /// First a hello without data, then what was asked of the past, then whatever happens.
    func events(
        request: Machine_EventsRequest, response: RPCWriter<Machine_Event>, context: ServerContext
    ) async throws {
        let call = try Call.here()
        let chosen = [
            request.tailEvents != 0, !request.tailID.isEmpty, request.tailSeconds != 0,
        ].filter(\.self)
        guard chosen.count <= 1 else {
            throw RPCError(
                code: .invalidArgument,
                message: "only one of tail_events, tail_id or tail_seconds can be specified")
        }
        try await response.write(.with { $0.actorID = request.withActorID })
        let (past, now) = world.engine.with { ($0.machineEvents(on: call.node), $0.now) }
        var last = past.last?.sequence ?? 0
        for event in Self.tail(past, request, now: now) {
            try await send(event, to: response, actor: request.withActorID)
        }
        try await world.engine.watch(
            patrol: .milliseconds(500), matters: { $0 == .machine(call.node) }
        ) {
            for event in world.engine.with({ $0.machineEvents(on: call.node) })
            where event.sequence > last {
                last = event.sequence
                try await send(event, to: response, actor: request.withActorID)
            }
        }
    }

    private static func tail(
        _ past: [MachineEvent], _ request: Machine_EventsRequest, now: Duration
    ) -> [MachineEvent] {
        if request.tailEvents < 0 { return past }
        if request.tailEvents > 0 { return past.suffix(Int(request.tailEvents)) }
        if !request.tailID.isEmpty { return past.filter { $0.id > request.tailID } }
        if request.tailSeconds > 0 {
            let since = now - .seconds(Int(request.tailSeconds))
            return past.filter { $0.time >= since }
        }
        return []
    }

    private func send(
        _ event: MachineEvent, to response: RPCWriter<Machine_Event>, actor: String
    ) async throws {
        if !actor.isEmpty && event.actorID != actor { return }
        let (name, payload) = try Self.encode(event.payload)
        try await response.write(
            .with {
                $0.id = event.id
                $0.actorID = event.actorID
                // Not `type.googleapis.com/`: Talos has its own prefix.
                $0.data.typeURL = "talos/runtime/machine.\(name)"
                $0.data.value = payload
            })
    }

    private static func encode(_ payload: MachineEvent.Payload) throws -> (String, Data) {
        switch payload {
        case .sequence(let name, let action, let error):
            let message = Machine_SequenceEvent.with {
                $0.sequence = name
                $0.action = .init(rawValue: action.rawValue) ?? .noop
                if let error {
                    $0.error.code = Common_Code(rawValue: error.code.rawValue) ?? .fatal
                    $0.error.message = error.message
                }
            }
            return ("SequenceEvent", try message.serializedBytes())
        case .phase(let name, let isStart):
            let message = Machine_PhaseEvent.with {
                $0.phase = name
                $0.action = isStart ? .start : .stop
            }
            return ("PhaseEvent", try message.serializedBytes())
        case .task(let name, let isStart):
            let message = Machine_TaskEvent.with {
                $0.task = name
                $0.action = isStart ? .start : .stop
            }
            return ("TaskEvent", try message.serializedBytes())
        case .serviceState(let service, let action, let text):
            let message = Machine_ServiceStateEvent.with {
                $0.service = service.id
                $0.action = .init(rawValue: action.rawValue) ?? .running
                $0.message = text
                $0.health.healthy = service.isHealthy
            }
            return ("ServiceStateEvent", try message.serializedBytes())
        case .machineStatus(let stage, let isReady, let unmet):
            let message = Machine_MachineStatusEvent.with {
                $0.stage = Self.stage(stage)
                $0.status.ready = isReady
                $0.status.unmetConditions = unmet.map { condition in
                    .with {
                        $0.name = condition.name
                        $0.reason = condition.reason
                    }
                }
            }
            return ("MachineStatusEvent", try message.serializedBytes())
        case .restart(let command):
            return (
                "RestartEvent",
                try Machine_RestartEvent.with { $0.cmd = command }.serializedBytes()
            )
        }
    }

    private static func stage(
        _ stage: MachineStage
    ) -> Machine_MachineStatusEvent.MachineStage {
        switch stage {
        case .unknown: .unknown
        case .booting: .booting
        case .installing: .installing
        case .maintenance: .maintenance
        case .running: .running
        case .rebooting: .rebooting
        case .shuttingDown: .shuttingDown
        case .resetting: .resetting
        case .upgrading: .upgrading
        }
    }
}
