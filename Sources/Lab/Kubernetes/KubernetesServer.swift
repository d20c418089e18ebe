import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// One HTTPS listener of the Kubernetes API: a control plane's own address, or the virtual one.
///
/// Clients show a certificate of the cluster's Kubernetes authority. All listeners of a cluster
/// answer from one `ClusterAPI`.
package final class KubernetesServer: Sendable {
    private let api: ClusterAPI
    private let address: String
    private let port: Int
    private let tls: TLSConfiguration
    private let connections = OpenConnections()
    private let stopSignal: AsyncStream<Void>
    private let stopper: AsyncStream<Void>.Continuation

    /// PEM texts of what the server shows, and of whom it trusts.
    package struct Credentials: Sendable {
        package var certificatePEM: String
        /// A secret.
        package var keyPEM: String
        package var authorityPEM: String

        package init(certificatePEM: String, keyPEM: String, authorityPEM: String) {
            self.certificatePEM = certificatePEM
            self.keyPEM = keyPEM
            self.authorityPEM = authorityPEM
        }
    }

    /// - Throws: an error of the TLS library when the PEM texts cannot be read.
    package init(
        api: ClusterAPI, address: String, port: Int = 6443, credentials: Credentials
    ) throws {
        self.api = api
        self.address = address
        self.port = port
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(credentials.certificatePEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(credentials.keyPEM.utf8), format: .pem)
        tls = Self.configuration(
            chain: chain, key: key,
            trusted: try NIOSSLCertificate.fromPEMBytes(Array(credentials.authorityPEM.utf8)))
        (stopSignal, stopper) = AsyncStream.makeStream(of: Void.self)
    }

    /// Closes the listening socket and every connection at once, as a machine does that goes down.
    package func stop() { stopper.finish() }

    /// Serves until `stop`, or until the task is cancelled. After an error it may be run again.
    /// - Parameter onListening: called once the port is bound.
    /// - Throws: when the address cannot be bound.
    package func run(onListening: @escaping @Sendable () -> Void = {}) async throws {
        connections.open()
        defer { connections.closeAll() }
        let stopSignal = stopSignal
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.serve(onListening) }
            group.addTask { for await _ in stopSignal {} }
            defer { group.cancelAll() }
            try await group.next()
            connections.closeAll()
            // The server ends by itself now. Cancelling it while a connection is handed over would
            // drop that connection's writer, which NIO does not survive.
            group.addTask { try? await Task.sleep(for: .seconds(1)) }
            try await group.next()
        }
    }

    private func serve(_ onListening: @escaping @Sendable () -> Void) async throws {
        var logger = Logger(label: "kubernetes") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let answering = HTTP1Channel { [api, connections] request, writer, channel in
            let user = await connections.commonName(on: channel)
            try await HTTPAnswering(api: api, user: user).answer(request, writer)
        }
        let setup = TrackedChannel(
            base: try TLSChannel(answering, tlsConfiguration: tls), connections: connections)
        let server = Server(
            childChannelSetup: setup,
            configuration: ServerConfiguration(
                address: .hostname(address, port: port), serverName: nil),
            onServerRunning: { [connections] channel in
                connections.listen(channel)
                onListening()
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await server.run()
    }

    private static func configuration(
        chain: [NIOSSLCertificate], key: NIOSSLPrivateKey, trusted: [NIOSSLCertificate]
    ) -> TLSConfiguration {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.trustRoots = .certificates(trusted)
        tls.certificateVerification = .noHostnameVerification
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }
}
