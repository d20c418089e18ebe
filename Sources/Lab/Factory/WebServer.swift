import HTTPTypes
import HummingbirdCore
import Logging
import Model
import NIOCore
import NIOPosix
import Simulation

/// Serves the Image Factory and the release feeds of a lab over plain HTTP.
///
/// The faults of the present cluster say how well they answer.
final class WebServer: Sendable {
    private let address: String
    private let factory: FactoryRoutes
    private let feeds = ReleaseFeeds()
    private let faults: @Sendable () -> Set<Fault>

    static let port = 8080

    init(
        address: String, shelf: SchematicShelf, faults: @escaping @Sendable () -> Set<Fault>
    ) {
        self.address = address
        factory = FactoryRoutes(shelf: shelf)
        self.faults = faults
    }

    /// Serves until the task is cancelled. Throws when the address cannot be bound.
    func run() async throws {
        var logger = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let channel = HTTP1Channel { request, writer, _ in
            try await self.respond(request, writer)
        }
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(address, port: Self.port), serverName: nil),
            onServerRunning: { _ in }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger)
        try await server.run()
    }

    private func respond(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        var body: [UInt8] = []
        if !["GET", "HEAD"].contains(request.head.method.rawValue) {
            for try await buffer in request.body {
                body.append(contentsOf: buffer.readableBytesView)
                if body.count > 1 << 20 { break }
            }
        }
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        headers["host"] = request.head.authority
        // Its parser of targets serves here as well.
        let target = APIRequest(
            method: request.head.method.rawValue, target: request.head.path ?? "/")
        let asked = WebRequest(
            method: target.method, path: target.path, query: target.query, headers: headers,
            body: body)
        let answer = await answer(asked)
        var fields: HTTPFields = [.contentType: answer.type, .server: "lab"]
        fields[.contentLength] = String(answer.body.count)
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let isEmpty = target.method == "HEAD" || answer.status == 304
        try await writer.write(
            response: HTTPResponse(status: .init(code: answer.status), headerFields: fields),
            body: isEmpty
                ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    func answer(_ request: WebRequest) async -> WebAnswer {
        let faults = faults()
        let isFeed = ["repos", "release", "cdn", "rate_limit"].contains(request.parts.first)
        let (down, garbage, slow): (Fault, Fault, Fault) =
            isFeed
            ? (.feedsDown, .feedsGarbage, .feedsSlow)
            : (.factoryDown, .factoryGarbage, .factorySlow)
        if faults.contains(slow) { try? await Task.sleep(for: .seconds(30)) }
        if faults.contains(down) { return .text(503, "no healthy upstream") }
        if faults.contains(garbage) {
            return WebAnswer(200, "text/html", "<html><body>Sign in to the network</body></html>")
        }
        let found =
            isFeed
            ? feeds.answer(request, isLimited: faults.contains(.feedsLimited))
            : factory.answer(request)
        return found ?? .text(404, "404 page not found")
    }
}
