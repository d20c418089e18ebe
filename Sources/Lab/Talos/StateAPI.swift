import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

/// `cosi.resource.State`: the resources of a node, for reading.
struct StateAPI: Cosi_Resource_State.SimpleServiceProtocol {
    let world: TalosWorld

    func get(
        request: Cosi_Resource_GetRequest, context: ServerContext
    ) async throws -> Cosi_Resource_GetResponse {
        let call = try Call.here()
        let type = try find(request.type, for: call)
        let items = request.namespace == type.namespace ? try items(type, call) : []
        guard let item = items.first(where: { $0.id == request.id }) else {
            throw RPCError(
                code: .notFound,
                message: "resource \(type.name)(\(request.namespace)/\(request.id)@undefined) "
                    + "doesn't exist")
        }
        return .with { $0.resource = world.resources.resource(item, of: type, on: call.node) }
    }

    func list(
        request: Cosi_Resource_ListRequest, response: RPCWriter<Cosi_Resource_ListResponse>,
        context: ServerContext
    ) async throws {
        let call = try Call.here()
        let type = try find(request.type, for: call)
        guard request.namespace == type.namespace, request.options.labelQuery.isEmpty else {
            return
        }
        let pattern = try Self.pattern(request.options.idQuery)
        for item in try items(type, call) {
            if let pattern, try pattern.firstMatch(in: item.id) == nil { continue }
            let resource = world.resources.resource(item, of: type, on: call.node)
            try await response.write(.with { $0.resource = resource })
        }
    }

    /// An empty start marker, the present state, then every change.
    func watch(
        request: Cosi_Resource_WatchRequest, response: RPCWriter<Cosi_Resource_WatchResponse>,
        context: ServerContext
    ) async throws {
        let call = try Call.here()
        let type = try find(request.type, for: call)
        let pattern = try Self.pattern(request.options.idQuery)
        func present() throws -> [String: COSIItem] {
            guard request.namespace == type.namespace else { return [:] }
            let all = try items(type, call).filter { item in
                if request.hasID { return item.id == request.id }
                return try pattern.map { try $0.firstMatch(in: item.id) != nil } ?? true
            }
            return Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        }
        var shown = try present()
        var shelf = shown.mapValues { world.resources.resource($0, of: type, on: call.node) }
        try await response.write(.init())
        try await greet(request, type, shelf: shelf, to: response)
        try await world.engine.watch(
            patrol: .milliseconds(500),
            matters: { $0 == .machine(call.node) || $0 == .node(call.node) }
        ) {
            let items = try present()
            if items == shown { return }
            let fresh = items.mapValues { world.resources.resource($0, of: type, on: call.node) }
            for (id, old) in shelf where fresh[id] == nil {
                try await response.write(Self.event(.destroyed, old))
            }
            for (id, resource) in fresh.sorted(by: { $0.key < $1.key }) {
                if items[id] == shown[id] { continue }
                var event = Self.event(shelf[id] == nil ? .created : .updated, resource)
                if let old = shelf[id] { event.event[0].old = old }
                try await response.write(event)
            }
            shown = items
            shelf = fresh
        }
    }

    private func greet(
        _ request: Cosi_Resource_WatchRequest, _ type: COSIType,
        shelf: [String: Cosi_Resource_Resource], to response: RPCWriter<Cosi_Resource_WatchResponse>
    ) async throws {
        if request.hasID {
            if let resource = shelf[request.id] {
                try await response.write(Self.event(.created, resource))
            } else {
                let gone = world.resources.tombstone(request.id, of: type)
                try await response.write(Self.event(.destroyed, gone))
            }
            return
        }
        guard request.options.bootstrapContents else { return }
        for (_, resource) in shelf.sorted(by: { $0.key < $1.key }) {
            try await response.write(Self.event(.created, resource))
        }
        if request.apiVersion >= 1 {
            try await response.write(Self.event(.bootstrapped, .init()))
        }
    }

    private func find(_ name: String, for call: Call) throws -> COSIType {
        let version = try world.machine().version
        guard let type = COSICatalog.types[name], version >= type.since else {
            throw RPCError(
                code: .permissionDenied, message: "resource type \"\(name)\" is not supported")
        }
        if type.isSensitive && !call.caller.isAdmin {
            throw RPCError(code: .permissionDenied, message: "not authorized")
        }
        return type
    }

    private func items(_ type: COSIType, _ call: Call) throws -> [COSIItem] {
        guard let view = COSIView(world: world, node: call.node) else {
            throw RPCError(code: .unavailable, message: "the node is gone")
        }
        return type.items(view)
    }

    private static func pattern(_ query: Cosi_Resource_IDQuery) throws -> Regex<AnyRegexOutput>? {
        if query.regexp.isEmpty { return nil }
        do {
            return try Regex(query.regexp)
        } catch {
            throw RPCError(code: .invalidArgument, message: "invalid regular expression")
        }
    }

    private static func event(
        _ kind: Cosi_Resource_Event.EventType, _ resource: Cosi_Resource_Resource
    ) -> Cosi_Resource_WatchResponse {
        var event = Cosi_Resource_Event()
        event.eventType = kind
        if kind != .bootstrapped { event.resource = resource }
        return .with { $0.event = [event] }
    }
}
