import GRPCCore
import Model
import Simulation

/// The call that is being answered: on which node, during which boot, and for whom.
struct Call: Sendable {
    var node: NodeName
    var boot: String
    var caller: Caller

    @TaskLocal static var current: Call?

    /// The call in whose task this runs.
    static func here() throws -> Call {
        guard let current else {
            throw RPCError(code: .internalError, message: "the call has no target")
        }
        return current
    }

    /// Runs the body until it ends, the client goes away, or a node behind the proxy goes down.
    static func whileItLasts<R: Sendable>(
        _ call: Call, world: TalosWorld, isForwarded: Bool,
        cancellation: ServerContext.RPCCancellationHandle,
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await Call.$current.withValue(call) { try await body() }
            }
            group.addTask {
                try? await cancellation.cancelled
                if !Task.isCancelled {
                    throw RPCError(code: .cancelled, message: "context canceled")
                }
                return nil
            }
            if isForwarded {
                group.addTask {
                    while (try? await Task.sleep(for: .milliseconds(50))) != nil {
                        if world.isUp(call) { continue }
                        throw RPCError(
                            code: .unavailable, message: "error reading from server: EOF")
                    }
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

extension TalosWorld {
    /// Whether the node still answers, in the boot in which the call began.
    func isUp(_ call: Call) -> Bool {
        engine.with { cluster in
            guard let machine = cluster.machines[call.node] else { return false }
            return machine.apiIsUp && machine.bootID == call.boot
        }
    }

    /// The machine of the present call.
    func machine() throws -> Machine {
        let call = try Call.here()
        guard let machine = engine.with({ $0.machines[call.node] }) else {
            throw RPCError(code: .unavailable, message: "the node is gone")
        }
        return machine
    }

    /// Does something to the cluster for the present call; a refusal becomes a gRPC error.
    func change<R: Sendable>(
        _ body: (inout EmulatedCluster, Call) throws -> R
    ) throws -> R {
        let call = try Call.here()
        do {
            return try engine.with { cluster in try body(&cluster, call) }
        } catch let refusal as CallRefusal {
            throw RPCError(refusal)
        }
    }

    /// Waits until a virtual time has come.
    func wait(until time: Duration) async throws {
        try await Task.sleep(for: engine.pause(until: time))
    }
}

extension RPCError {
    init(_ refusal: CallRefusal) {
        let code = Status.Code(rawValue: refusal.code.rawValue).flatMap { RPCError.Code($0) }
        self.init(code: code ?? .unknown, message: refusal.message)
    }
}
