import Foundation
package import Model
import NIOCore
import NIOPosix
import NIOSSL

extension ClusterClient {
    /// Until when the certificates hold by which we and the API server know each other; what
    /// cannot be found out is left out.
    package func certificates() async -> [CertificateFacts] {
        var found: [CertificateFacts] = []
        if let pem = access.credentials.identity?.certificates,
            let leaf = try? NIOSSLCertificate.fromPEMBytes(pem).first
        {
            found.append(
                CertificateFacts(
                    .kubeconfig, source: access.origin, expires: Double(leaf.notValidAfter)))
        }
        if access.server.isSecure, access.proxy == nil,
            let expires = try? await ServingCertificate(access.server).expiry()
        {
            found.append(
                CertificateFacts(.apiServer, source: endpoint, expires: Double(expires)))
        }
        return found
    }
}

/// The certificate that a server shows at the beginning of a handshake. Nothing is sent to it but
/// the handshake, which ends with the certificate.
struct ServingCertificate {
    let server: ServerAddress

    init(_ server: ServerAddress) {
        self.server = server
    }

    /// Seconds since 1970.
    func expiry() async throws -> Int {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.verifySignatureAlgorithms = [
            .ed25519, .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha256,
            .rsaPssRsaeSha384, .rsaPssRsaeSha512, .rsaPkcs1Sha256,
        ]
        let context = try NIOSSLContext(configuration: settings)
        let isAddress = (try? SocketAddress(ipAddress: server.host, port: 0)) != nil
        let name = isAddress ? nil : server.host
        let group = MultiThreadedEventLoopGroup.singleton
        let seen = group.next().makePromise(of: Int.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(.seconds(4))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: context, serverHostname: name,
                                customVerificationCallback: { certificates, verdict in
                                    if let leaf = certificates.first {
                                        seen.succeed(Int(leaf.notValidAfter))
                                    }
                                    verdict.succeed(.failed)
                                }))
                    }
                }
                .connect(host: server.host, port: server.port ?? 443).get()
        } catch {
            seen.fail(error)
            throw error
        }
        let timer = channel.eventLoop.scheduleTask(in: .seconds(5)) {
            seen.fail(ChannelError.connectTimeout(.seconds(5)))
        }
        channel.closeFuture.whenComplete { _ in seen.fail(ChannelError.eof) }
        defer {
            timer.cancel()
            channel.close(promise: nil)
        }
        return try await seen.futureResult.get()
    }
}
