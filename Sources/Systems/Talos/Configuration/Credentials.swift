import Foundation
import Model
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// The client certificate of a talosconfig context, ready to dial with.
struct Credentials: Sendable {
    /// Everything a handshake needs; made once, shared by all connections.
    let context: NIOSSLContext
    /// Every Organization of the certificate's subject: `os:admin`.
    let roles: [String]
    let validFrom: Date
    let validUntil: Date
    /// Where they came from, for messages.
    let source: String

    /// Decodes the context's certificate, key and CA. Throws `.refused` when one is missing or
    /// damaged; what they hold is never in the message.
    init(_ context: TalosConfig.Context) throws(Problem) {
        source = context.source
        let authority = try Self.pem(context.authority, "ca", context)
        let certificate = try Self.pem(context.certificate, "crt", context)
        let key = try Self.pem(context.key, "key", context)
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
            guard let leaf = chain.first else { throw NIOSSLError.failedToLoadCertificate }
            validFrom = Date(timeIntervalSince1970: TimeInterval(leaf.notValidBefore))
            validUntil = Date(timeIntervalSince1970: TimeInterval(leaf.notValidAfter))
            roles = try Self.organizations(ofDER: try leaf.toDERBytes())
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
            settings.certificateChain = chain.map { .certificate($0) }
            settings.privateKey = .privateKey(try Self.privateKey(pem: key))
            settings.certificateVerification = .fullVerification
            settings.minimumTLSVersion = .tlsv12
            settings.applicationProtocols = ["h2"]
            // The library's own list lacks Ed25519, which is what Talos signs with.
            settings.verifySignatureAlgorithms = Self.signatureAlgorithms
            settings.signingSignatureAlgorithms = Self.signatureAlgorithms
            settings.shutdownTimeout = .milliseconds(500)
            self.context = try NIOSSLContext(configuration: settings)
        } catch {
            throw TalosConfig.unreadable(
                "has a certificate or key that cannot be used (context “\(context.name)”)",
                at: context.source)
        }
    }

    /// Throws `.refused`, with the date, when the certificate is not valid at `moment`.
    func check(at moment: Date) throws(Problem) {
        if moment > validUntil {
            throw Problem(
                .refused,
                "The client certificate in the talosconfig expired on \(Self.day(validUntil)).",
                at: source,
                fix: "Get a fresh one: terraform apply, or on a machine that still has access: "
                    + "talosctl config new --roles os:admin talosconfig")
        }
        if moment < validFrom {
            throw Problem(
                .refused,
                "The client certificate in the talosconfig is valid only from "
                    + "\(Self.day(validFrom)).",
                at: source, fix: "Check the clock of this machine: date")
        }
    }

    /// Loads a private key. Talos labels Ed25519 keys `ED25519 PRIVATE KEY`, which BoringSSL does
    /// not know, around an ordinary PKCS#8 body.
    static func privateKey(pem: String) throws -> NIOSSLPrivateKey {
        let lines = pem.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard let first = lines.first(where: { $0.hasPrefix("-----BEGIN ") }) else {
            throw NIOSSLError.failedToLoadPrivateKey
        }
        guard first == "-----BEGIN ED25519 PRIVATE KEY-----" else {
            return try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem)
        }
        let body = lines.filter { !$0.hasPrefix("-----") }.joined()
        guard let der = Data(base64Encoded: body) else {
            throw NIOSSLError.failedToLoadPrivateKey
        }
        return try NIOSSLPrivateKey(bytes: Array(der), format: .der)
    }

    /// The Organization values of a certificate's subject, in order.
    static func organizations(ofDER bytes: [UInt8]) throws -> [String] {
        let certificate = try Certificate(derEncoded: bytes)
        return certificate.subject.flatMap { name in
            name.compactMap { attribute in
                attribute.type == .RDNAttributeType.organizationName
                    ? String(describing: attribute.value) : nil
            }
        }
    }

    /// `2026-11-22`, in UTC.
    static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }

    private static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ed25519, .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha256,
        .rsaPssRsaeSha384, .rsaPssRsaeSha512, .rsaPkcs1Sha256,
    ]

    private static func pem(
        _ value: Secret?, _ field: String, _ context: TalosConfig.Context
    ) throws(Problem) -> String {
        guard let value else {
            throw TalosConfig.unreadable(
                "has no `\(field)` in context “\(context.name)”", at: context.source)
        }
        guard let data = Data(base64Encoded: value.text, options: .ignoreUnknownCharacters),
            let text = String(data: data, encoding: .utf8), text.contains("-----BEGIN ")
        else {
            throw TalosConfig.unreadable(
                "has a damaged `\(field)` in context “\(context.name)”", at: context.source)
        }
        return text
    }
}
