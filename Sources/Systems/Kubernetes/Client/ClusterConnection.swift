import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOHTTP1
import NIOSSL

/// Owns the HTTP client of one cluster and the credentials it is made of.
actor ClusterConnection {
    private let access: ClusterAccess
    private let limits: ClusterLimits
    private let environment: [String: String]
    private let now: @Sendable () -> Date
    private var client: HTTPClient?
    /// The identity `client` was made with, when a plug-in gave it.
    private var pluginIdentity: PEMIdentity?
    private var credential: ExecCredential?
    /// Clients of former identities, and silent ones: requests may still be on them, so they end
    /// with the rest.
    private var retired: [HTTPClient] = []
    private var isAsking = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    init(
        access: ClusterAccess, limits: ClusterLimits, environment: [String: String],
        now: @escaping @Sendable () -> Date
    ) {
        self.access = access
        self.limits = limits
        self.environment = environment
        self.now = now
    }

    deinit {
        // The HTTP client insists on it, also when nobody closed the connection.
        for client in retired + [client].compactMap({ $0 }) { client.shutdown { _ in } }
    }

    /// Closes all connections. Later requests are refused.
    func close() async {
        isClosed = true
        let clients = retired + [client].compactMap { $0 }
        retired = []
        client = nil
        for client in clients { try? await client.shutdown() }
    }

    /// Forgets what a plug-in answered, after the server did not accept it.
    func forgetCredential() { credential = nil }

    /// Leaves all connections of a client alone on which nothing was answered: a server that went
    /// down without a word leaves as many half open as it had, and each costs who waits on it.
    private func abandon(_ silent: HTTPClient) {
        guard let client, client === silent else { return }
        retired.append(client)
        self.client = nil
    }

    /// The client and the headers to send now. Runs the plug-in when its answer is missing or old.
    func prepare() async throws -> (client: HTTPClient, headers: [(name: String, value: String)]) {
        guard !isClosed else {
            throw Problem(.bug, "The connection to Kubernetes was closed before its last use.")
        }
        if let exec = access.credentials.exec { try await refresh(exec) }
        let client = try currentClient()
        return (client, try headers())
    }

    private func currentClient() throws -> HTTPClient {
        if let client, pluginIdentity == credential?.identity { return client }
        let identity = access.credentials.identity ?? credential?.identity
        let configuration = try HTTPClient.Configuration(
            access, identity: identity, environment: environment, limits: limits, now: now())
        if let client {
            retired.append(client)
        }
        let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        client = made
        pluginIdentity = credential?.identity
        return made
    }

    private func headers() throws -> [(name: String, value: String)] {
        var headers = [(name: "User-Agent", value: "bump"), ("Accept", "application/json")]
        if access.serverName != nil {
            headers.append(("Host", access.server.authority(host: access.server.host)))
        }
        guard access.server.isSecure else { return headers }
        let credentials = access.credentials
        if let token = try credentials.token ?? fileToken() ?? credential?.token {
            let trimmed = token.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Problem(
                    .refused, "The token of the kubeconfig is not a token.", at: access.origin,
                    fix: "Write a fresh token into the kubeconfig.")
            }
            headers.append(("Authorization", "Bearer \(trimmed)"))
        } else if let basic = credentials.basic {
            let pair = Data("\(basic.user):\(basic.password)".utf8).base64EncodedString()
            headers.append(("Authorization", "Basic \(pair)"))
        }
        return headers + credentials.impersonation
    }

    private func fileToken() throws -> String? {
        guard let path = access.credentials.tokenFile else { return nil }
        return String(decoding: try BoundedFile.read(path, for: "token file"), as: UTF8.self)
    }

    /// One plug-in runs at a time; who comes meanwhile waits for its answer.
    private func refresh(_ exec: ExecPlugin) async throws {
        while isAsking { await withCheckedContinuation { waiting.append($0) } }
        if let credential, credential.expires.map({ $0 > now() + 10 }) ?? true { return }
        isAsking = true
        defer {
            isAsking = false
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        credential = try await exec.ask(
            for: access, surroundings: environment, limit: limits.plugin)
    }
}

extension ClusterConnection {
    /// Sends one request once and reads the whole answer.
    ///
    /// - Parameter limit: for this attempt, from connecting to the last byte.
    /// - Throws: `TransportTrouble`, a `Problem` of the credentials, or `CancellationError`.
    nonisolated func send(
        _ request: APIRequest, to access: ClusterAccess, limit: Duration
    ) async throws -> APIAnswer {
        let (client, headers) = try await prepare()
        let host = access.serverName ?? access.server.host
        var message = HTTPClientRequest(url: access.server.url(host: host) + request.path)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in headers { message.headers.add(name: header.name, value: header.value) }
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: request.contentType)
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        let outgoing = message
        do {
            return try await Self.within(limit) {
                let response = try await client.execute(
                    outgoing, deadline: .now() + TimeAmount(limit))
                let body = try await response.body.collect(upTo: Self.largestAnswer)
                return APIAnswer(response, body: Data(body.readableBytesView))
            }
        } catch {
            try Task.checkCancellation()
            let trouble = TransportTrouble(error)
            if trouble == .silence { await abandon(client) }
            throw trouble
        }
    }

    /// A page of 500 large pods is some 10 MB.
    private static let largestAnswer = 64 << 20

    /// The work's result, or `TransportTrouble.silence` once the limit is over.
    private static func within<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: work)
            group.addTask {
                try await Task.sleep(for: limit)
                throw TransportTrouble.silence
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw TransportTrouble.silence }
            return first
        }
    }
}

extension APIAnswer {
    init(_ response: HTTPClientResponse, body: Data) {
        code = Int(response.status.code)
        self.body = body
        retryAfter = response.headers.first(name: "Retry-After").flatMap { Int64($0) }
            .map { .seconds(min(max($0, 0), 3600)) }
        date = response.headers.first(name: "Date").flatMap(KubernetesTime.http)
    }
}
