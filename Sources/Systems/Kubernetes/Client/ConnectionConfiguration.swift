import AsyncHTTPClient
import Foundation
import Model
import NIOCore
import NIOSSL

extension HTTPClient.Configuration {
    /// HTTP/1.1 over TLS as a kubeconfig asks for it.
    ///
    /// - Throws: a `Problem` when the certificates or the key cannot be read, the client
    ///   certificate is not valid at `now`, or the environment names an unusable proxy.
    init(
        _ access: ClusterAccess, identity: PEMIdentity?, environment: [String: String],
        limits: ClusterLimits, now: Date
    ) throws {
        self.init(
            tlsConfiguration: try TLSConfiguration(access, identity: identity, now: now),
            redirectConfiguration: .disallow,
            timeout: Timeout(connect: TimeAmount(limits.connect)),
            connectionPool: HTTPClient.Configuration.ConnectionPool(
                idleTimeout: .seconds(20), concurrentHTTP1ConnectionsPerHostSoftLimit: 32))
        // One connection that died half-open must not take other requests with it.
        httpVersion = .http1Only
        // Repetitions are decided here, where it is known what may be repeated.
        connectionPool.retryConnectionEstablishment = false
        if let name = access.serverName { dnsOverride = [name: access.server.host] }
        let address = try access.proxy ?? ProxyEnvironment(environment).proxy(for: access.server)
        switch address {
        case nil: break
        case let address? where address.kind == .connect:
            proxy = .server(
                host: address.host, port: address.port,
                authorization: address.login.map {
                    .basic(credentials: Data($0.utf8).base64EncodedString())
                })
        case let address?:
            proxy = .socksServer(host: address.host, port: address.port)
        }
    }
}

extension TLSConfiguration {
    init(_ access: ClusterAccess, identity: PEMIdentity?, now: Date) throws {
        self = .makeClientConfiguration()
        minimumTLSVersion = .tlsv12
        // The defaults leave out Ed25519, which Talos uses for its own certificates.
        verifySignatureAlgorithms = Self.signatures
        signingSignatureAlgorithms = Self.signatures
        switch access.trust {
        case .system: break
        case .anything: certificateVerification = .none
        case .authorities(let pem):
            guard let roots = try? NIOSSLCertificate.fromPEMBytes(pem), !roots.isEmpty else {
                throw Problem(
                    .refused, "The kubeconfig's certificate authority is not a PEM certificate.",
                    at: access.origin, fix: "Get the cluster's kubeconfig anew.")
            }
            trustRoots = .certificates(roots)
        }
        if let identity {
            let (chain, key) = try identity.load(now: now)
            certificateChain = chain.map { .certificate($0) }
            privateKey = .privateKey(key)
        }
    }

    private static let signatures: [SignatureAlgorithm] = [
        .ed25519, .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .ecdsaSecp521R1Sha512,
        .rsaPssRsaeSha256, .rsaPssRsaeSha384, .rsaPssRsaeSha512, .rsaPkcs1Sha256,
        .rsaPkcs1Sha384, .rsaPkcs1Sha512,
    ]
}

extension PEMIdentity {
    /// The chain and the key: EC, RSA or Ed25519, in their own or PKCS #8 PEM.
    ///
    /// - Throws: a `Problem` when one cannot be read or the certificate is not valid at `now`.
    func load(now: Date) throws -> ([NIOSSLCertificate], NIOSSLPrivateKey) {
        let fix = "Get a fresh kubeconfig: terraform apply renews it."
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificates),
            let leaf = chain.first
        else {
            throw Problem(
                .refused, "The client certificate is not a PEM certificate.", at: origin, fix: fix)
        }
        // Talos labels PKCS #8 keys with the algorithm's name.
        let text = String(decoding: key, as: UTF8.self)
            .replacingOccurrences(of: " ED25519 PRIVATE KEY-----", with: " PRIVATE KEY-----")
        guard let key = try? NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem) else {
            throw Problem(
                .refused, "The client key is not an unencrypted PEM key of a known kind.",
                at: origin, fix: fix)
        }
        let expiry = Date(timeIntervalSince1970: TimeInterval(leaf.notValidAfter))
        guard expiry > now else {
            throw Problem(
                .refused,
                "The client certificate of the kubeconfig expired on "
                    + "\(KubernetesTime.seconds(expiry)).",
                at: origin, fix: fix)
        }
        return (chain, key)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let parts = duration.components
        self = .milliseconds(
            min(max(parts.seconds, 0), 86_400) * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
