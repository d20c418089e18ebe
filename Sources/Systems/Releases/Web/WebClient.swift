import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOHTTP1

/// Asks services on the web: bounded in time and size, a few redirects followed, one repetition.
package final class WebClient: Sendable {
    private let client: HTTPClient

    package init() {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5)))
        configuration.httpVersion = .http1Only
        // Repetitions are decided here.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The HTTP client insists on it.
        client.shutdown { _ in }
    }

    /// Asks, and gives any answer, also one that says no.
    ///
    /// A broken connection and a busy server (502 to 504) are asked once more.
    /// - Throws: a `Problem`, or `CancellationError`.
    func answer(_ request: WebRequest) async throws -> WebAnswer {
        do {
            return try await Self.within(request.limit) {
                let first: WebAnswer
                do {
                    first = try await self.follow(request)
                } catch WebTrouble.noConnection where request.method != .post {
                    try await Task.sleep(for: .milliseconds(300))
                    return try await self.follow(request)
                }
                guard (502...504).contains(first.code), request.method != .post else {
                    return first
                }
                try await Task.sleep(for: .milliseconds(500))
                return try await self.follow(request)
            }
        } catch {
            try Task.checkCancellation()
            throw WebTrouble(error).problem(request)
        }
    }

    private func follow(_ request: WebRequest) async throws -> WebAnswer {
        var url = request.service.description + request.path
        for _ in 0...5 {
            let answer = try await send(request, to: url)
            guard [301, 302, 303, 307, 308].contains(answer.code), request.method != .post,
                !request.keepsRedirects, let location = answer.location
            else { return answer }
            guard let next = URL(string: location, relativeTo: URL(string: url))?.absoluteString,
                next.hasPrefix("https://")
                    || (next.hasPrefix("http://") && !url.hasPrefix("https://"))
            else { throw WebTrouble.redirects }
            url = next
        }
        throw WebTrouble.redirects
    }

    private func send(_ request: WebRequest, to url: String) async throws -> WebAnswer {
        var message = HTTPClientRequest(url: url)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "User-Agent", value: "bump")
        for header in request.headers {
            message.headers.add(name: header.name, value: header.value)
        }
        if let body = request.body { message.body = .bytes(ByteBuffer(string: body)) }
        let deadline = NIODeadline.now() + .milliseconds(Self.milliseconds(request.limit))
        do {
            let response = try await client.execute(message, deadline: deadline)
            let body =
                request.method == .head
                ? ByteBuffer() : try await response.body.collect(upTo: request.largest)
            return WebAnswer(response, body: Data(body.readableBytesView))
        } catch {
            throw WebTrouble(error)
        }
    }

    private static func milliseconds(_ limit: Duration) -> Int64 {
        min(max(limit.components.seconds, 1), 3600) * 1000
    }

    /// The work's result, or `WebTrouble.silence` once the limit is over.
    private static func within<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: work)
            group.addTask {
                try await Task.sleep(for: limit)
                throw WebTrouble.silence
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw WebTrouble.silence }
            return first
        }
    }
}

extension WebAnswer {
    init(_ response: HTTPClientResponse, body: Data) {
        let headers = response.headers
        self.init(
            code: Int(response.status.code), body: body, etag: headers.first(name: "ETag"),
            location: headers.first(name: "Location"),
            retryAfter: headers.first(name: "Retry-After").flatMap { Int($0) }
                .map { min(max($0, 0), 86_400) },
            isRateLimited: headers.first(name: "x-ratelimit-remaining") == "0",
            rateResetsAt: headers.first(name: "x-ratelimit-reset").flatMap { Double($0) })
    }
}
