import HTTPTypes
import HummingbirdCore
import NIOCore

/// Between HTTP and `ClusterAPI`: reads a request, writes an answer or a watch.
struct HTTPAnswering: Sendable {
    var api: ClusterAPI
    var user: String

    func answer(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        var body: [UInt8] = []
        let isReading = ["GET", "HEAD"].contains(request.head.method.rawValue)
        if !isReading {
            guard let read = try await collect(request.body) else {
                try await write(
                    .failure(APIFailure(.tooLarge, "Request entity too large")), writer)
                return
            }
            body = read
        }
        var headers: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0),\(field.value)" } ?? field.value
        }
        let response = api.answer(
            APIRequest(
                method: request.head.method.rawValue, target: request.head.path ?? "/",
                headers: headers, body: body, user: user))
        switch response {
        case .body: try await write(response, writer)
        case .watch(let watching):
            let head = HTTPResponse(status: .ok, headerFields: fields("application/json"))
            let lines = try await writer.writeHead(head)
            try await stream(watching, request, lines)
        }
    }

    /// Nil when there is more than the API server takes (3 MiB).
    private func collect(_ body: RequestBody) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await buffer in body {
            bytes.append(contentsOf: buffer.readableBytesView)
            if bytes.count > 3 << 20 { return nil }
        }
        return bytes
    }

    private func write(_ response: APIResponse, _ writer: consuming ResponseWriter) async throws {
        guard case .body(let code, let type, let bytes, let retryAfter) = response else { return }
        var fields = fields(type)
        fields[.contentLength] = String(bytes.count)
        if retryAfter > 0 { fields[.retryAfter] = String(retryAfter) }
        try await writer.write(
            response: HTTPResponse(status: .init(code: code), headerFields: fields),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Writes lines until the watch ends, its time is over or the client leaves.
    private func stream(
        _ watching: Watching, _ request: Request, _ body: some ResponseBodyWriter
    ) async throws {
        var body = body
        async let _ = watching.endInTime()
        try? await request.body.consumeWithCancellationOnInboundClose { _ in
            for await line in watching.lines { try await body.write(ByteBuffer(bytes: line)) }
        }
        watching.end()
        try Task.checkCancellation()
        try await body.finish(nil)
    }

    private func fields(_ type: String) -> HTTPFields {
        [.contentType: type, .cacheControl: "no-cache, private"]
    }
}
