import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import SwiftProtobuf
import TalosAPI

/// One open connection, and the node that calls over it are meant for.
struct NodeConnection: Sendable {
    typealias Transport = HTTP2ClientTransport.WrappedChannel

    let machine: Machine_MachineService.Client<Transport>
    let images: Machine_ImageService.Client<Transport>
    let lifecycle: Machine_LifecycleService.Client<Transport>
    let resources: Cosi_Resource_State.Client<Transport>
    private let metadata: Metadata
    /// When the time of all calls together is over; nil when each has its own alone.
    private var deadline: ContinuousClock.Instant?

    /// For calls that only ask or only start something.
    static let quickLimit = Duration.seconds(10)
    /// For calls that write a boot loader or move a leader before they answer.
    static let slowLimit = Duration.seconds(60)
    /// The largest answer taken: 32 MiB, as talosctl has it.
    private static let mostBytes = 32 << 20

    /// `cluster` is the context's cluster name, which only proxies for many clusters read.
    init(client: GRPCClient<Transport>, node: NodeAddress, route: Route, cluster: String?) {
        machine = .init(wrapping: client)
        images = .init(wrapping: client)
        lifecycle = .init(wrapping: client)
        resources = .init(wrapping: client)
        metadata = Self.metadata(node: node, route: route, cluster: cluster)
    }

    /// Never `nodes`: that way of asking is deprecated, and refused for half of the services.
    static func metadata(node: NodeAddress, route: Route, cluster: String?) -> Metadata {
        var metadata: Metadata = ["runtime": "Talos"]
        if let cluster { metadata.addString(cluster, forKey: "context") }
        if case .proxied = route { metadata.addString(node.text, forKey: "node") }
        return metadata
    }

    /// The same connection, over which all calls together get so much time from now on.
    func bounded(by limit: Duration) -> NodeConnection {
        var copy = self
        copy.deadline = .now + limit
        return copy
    }

    /// Makes one call with a deadline. `body` gets the metadata and options to pass on. Throws
    /// `CallFailure`, or whatever else `body` throws.
    func call<Result: Sendable>(
        _ method: String, within limit: Duration = NodeConnection.quickLimit,
        _ body: (Metadata, CallOptions) async throws -> Result
    ) async throws -> Result {
        var options = CallOptions.defaults
        options.timeout = deadline.map { min(limit, max(.milliseconds(1), $0 - .now)) } ?? limit
        options.maxResponseMessageBytes = Self.mostBytes
        do {
            return try await body(metadata, options)
        } catch let error as RPCError {
            try Task.checkCancellation()
            throw CallFailure(method: method, code: error.code, message: error.message)
        } catch let error as RuntimeError {
            try Task.checkCancellation()
            throw CallFailure(method: method, code: .unavailable, message: error.message)
        }
    }

    /// The only element of a unary answer.
    static func only<Element>(_ messages: [Element], of method: String) throws -> Element {
        guard let first = messages.first else {
            throw CallFailure(method: method, code: .unknown, message: "the answer is empty")
        }
        return first
    }

    func version() async throws -> Machine_Version {
        let answer = try await call("Version") {
            try await machine.version(Google_Protobuf_Empty(), metadata: $0, options: $1)
        }
        return try Self.only(answer.messages, of: "Version")
    }

    func services() async throws -> [Machine_ServiceInfo] {
        let answer = try await call("ServiceList") {
            try await machine.serviceList(Google_Protobuf_Empty(), metadata: $0, options: $1)
        }
        return try Self.only(answer.messages, of: "ServiceList").services
    }

    /// A small text file of the node, at most 64 KiB.
    func read(file path: String) async throws -> String {
        var request = Machine_ReadRequest()
        request.path = path
        return try await call("Read") { metadata, options in
            try await machine.read(request, metadata: metadata, options: options) { response in
                var bytes: [UInt8] = []
                for try await chunk in response.messages where bytes.count < 1 << 16 {
                    bytes.append(contentsOf: chunk.bytes)
                }
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// Whether the services of Talos 1.13 are there, found out by listing images: installing and
    /// pulling arrived with the same release, and a read must not call what changes something.
    func servesLifecycle() async throws -> Bool {
        var request = Machine_ImageServiceListRequest()
        request.containerd = .system
        do {
            return try await call("ImageService.List") { metadata, options in
                try await images.list(request, metadata: metadata, options: options) { response in
                    for try await _ in response.messages { break }
                    return true
                }
            }
        } catch let failure as CallFailure where failure.code == .unimplemented {
            return false
        }
    }
}

extension Common_ContainerdInstance {
    /// Where installer images live: `system` in talosctl's words.
    static var system: Self {
        var instance = Self()
        instance.driver = .cri
        instance.namespace = .nsSystem
        return instance
    }
}
