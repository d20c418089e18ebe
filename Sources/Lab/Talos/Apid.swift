import GRPCCore
import Model
import Simulation

/// What apid does before a call reaches its service: who is it, may he, and on which node.
struct Apid: ServerInterceptor {
    let post: NodeListener.Post
    let world: TalosWorld
    let callers: Doors

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next:
            @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let service = context.descriptor.service.fullyQualifiedService
        let method = context.descriptor.method
        let caller = try admit(context, service: service, method: method)
        let many = Array(request.metadata[stringValues: "nodes"])
        if !many.isEmpty {
            try allowFanOut(service: service, method: method)
            return try await FanOut(
                targets: many, isStream: MethodRules.streams.contains(method)
            ).run(request) { target, single in
                let call = try route(target, caller: caller, service: service, method: method)
                return try await perform(call, single, context, next: next)
            }
        }
        let single = Array(request.metadata[stringValues: "node"])
        guard single.count <= 1 else {
            throw RPCError(
                code: .invalidArgument, message: "node metadata must be single-valued")
        }
        let call = try route(single.first, caller: caller, service: service, method: method)
        return try await perform(call, request, context, next: next)
    }

    private func admit(
        _ context: ServerContext, service: String, method: String
    ) throws -> Caller {
        guard let caller = callers.caller(at: context.remotePeer) else {
            throw RPCError(code: .unauthenticated, message: "missing client certificate")
        }
        guard caller.hasClientAuth else {
            throw RPCError(
                code: .permissionDenied,
                message: "certificate is missing the client auth extended key usage")
        }
        let allowed = MethodRules.roles(service: service, method: method).union(["os:admin"])
        guard !caller.roles.isDisjoint(with: allowed) else {
            throw RPCError(code: .permissionDenied, message: "not authorized")
        }
        return caller
    }

    private func allowFanOut(service: String, method: String) throws {
        let isOld = world.engine.with { cluster in
            (cluster.machines[post.node]?.version ?? Version(1, 9, 0)) < Version(1, 13, 0)
        }
        if service == "machine.MachineService" || service == "time.TimeService" { return }
        if isOld && service != "cosi.resource.State" { return }
        throw RPCError(
            code: .invalidArgument,
            message: "one-2-many proxying is not supported for method /\(service)/\(method)")
    }

    /// The node that answers. Only control planes forward, and only to nodes of the cluster.
    private func route(
        _ target: String?, caller: Caller, service: String, method: String
    ) throws -> Call {
        let (own, found) = world.engine.with { cluster -> (Machine?, Machine?) in
            guard let target else {
                return (cluster.machines[post.node], cluster.machines[post.node])
            }
            let byName = cluster.machines[NodeName(target)]
            let byAddress = cluster.machine(at: NodeAddress(target))
            return (cluster.machines[post.node], byAddress ?? byName)
        }
        if let target, target.contains(":") || target.contains("/") {
            throw RPCError(code: .invalidArgument, message: "invalid target")
        }
        guard let own else { throw unreachable(post.address.text) }
        if target != nil, found?.name != own.name, own.role != .controlPlane {
            throw RPCError(code: .permissionDenied, message: "no request forwarding")
        }
        guard let found, found.apiIsUp else {
            throw unreachable(found?.address.text ?? target ?? post.address.text)
        }
        try check(found, service: service, method: method)
        return Call(node: found.name, boot: found.bootID, caller: caller)
    }

    private func check(_ machine: Machine, service: String, method: String) throws {
        let isNew = machine.version >= ReleaseTable.firstLifecycle
        if !isNew && (service == "machine.LifecycleService" || service == "machine.ImageService") {
            throw RPCError(code: .unimplemented, message: "unknown service \(service)")
        }
        if machine.role != .controlPlane,
            MethodRules.needsControlPlane(service: service, method: method)
        {
            throw RPCError(
                code: .unimplemented,
                message: "\(method) is only available on control plane nodes")
        }
    }

    private func perform<Input: Sendable, Output: Sendable>(
        _ call: Call, _ request: StreamingServerRequest<Input>, _ context: ServerContext,
        next:
            @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let service = context.descriptor.service.fullyQualifiedService
        let method = context.descriptor.method
        if MethodRules.changesState(service: service, method: method) {
            world.engine.with { cluster in
                cluster.recordCall(method, on: call.node, by: call.caller.name)
            }
        }
        var response = try await Call.$current.withValue(call) {
            try await next(request, context)
        }
        guard case .success(var contents) = response.accepted else { return response }
        let producer = contents.producer
        let isForwarded = call.node != post.node
        contents.producer = { [world] writer in
            try await Call.whileItLasts(
                call, world: world, isForwarded: isForwarded, cancellation: context.cancellation
            ) {
                try await producer(writer)
            }
        }
        response.accepted = .success(contents)
        return response
    }

    private func unreachable(_ address: String) -> RPCError {
        RPCError(
            code: .unavailable,
            message: "connection error: desc = \"transport: Error while dialing: "
                + "dial tcp \(address):50000: connect: connection refused\"")
    }
}
