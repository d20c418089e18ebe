import Crypto
package import Foundation
import SwiftASN1
import X509

/// A certificate authority of the lab: its certificate and its key, as they are kept on disk.
package struct Authority: Sendable, Codable {
    /// PEM, label `CERTIFICATE`.
    package let certificatePEM: String
    private let algorithm: Algorithm
    /// The raw key. A secret.
    private let key: Data
    private let validity: Validity

    /// Talos signs with Ed25519, Kubernetes with ECDSA over P-256.
    package enum Algorithm: String, Sendable, Codable {
        case ed25519, p256
    }

    /// From ten seconds ago, as Talos does, for a number of seconds.
    package struct Validity: Sendable, Codable {
        package var start: Date
        package var end: Date

        package init(seconds: TimeInterval, from start: Date = Date()) {
            self.start = start - 10
            end = start + seconds
        }

        package static var year: Validity { Validity(seconds: 365 * 86_400) }
    }

    /// A self-signed authority for ten years. `commonName` and `organization` are its subject;
    /// empty ones are left out.
    package init(algorithm: Algorithm, commonName: String = "", organization: String = "") throws {
        let key = LeafKey(algorithm)
        let subject = try Self.name(commonName, [organization].filter { !$0.isEmpty })
        let validity = Validity(seconds: 3650 * 86_400)
        let signer = try key.signer()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signer.publicKey,
            notValidBefore: validity.start, notValidAfter: validity.end, issuer: subject,
            subject: subject,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectKeyIdentifier(hash: signer.publicKey)
            },
            issuerPrivateKey: signer)
        certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
        self.algorithm = algorithm
        self.key = key.raw
        self.validity = validity
    }

    /// A certificate for a server that answers under these names and IPv4 addresses.
    package func serverCertificate(
        commonName: String, names: [String], addresses: [String]
    ) throws -> Identity {
        var alternatives = names.map { GeneralName.dnsName($0) }
        for address in addresses {
            let parts = address.split(separator: ".").compactMap { UInt8($0) }
            guard parts.count == 4 else { continue }
            alternatives.append(.ipAddress(ASN1OctetString(contentBytes: parts[...])))
        }
        return try issue(
            subject: Self.name(commonName, []), validity: .year, usage: .serverAuth,
            alternatives: alternatives)
    }

    /// A certificate for a client. Talos reads roles, and Kubernetes groups, from the
    /// organizations.
    package func clientCertificate(
        commonName: String = "", organizations: [String], validity: Validity = .year
    ) throws -> Identity {
        try issue(
            subject: Self.name(commonName, organizations), validity: validity,
            usage: .clientAuth, alternatives: [])
    }

    private func issue(
        subject: DistinguishedName, validity: Validity, usage: ExtendedKeyUsage.Usage,
        alternatives: [GeneralName]
    ) throws -> Identity {
        let leaf = LeafKey(algorithm)
        let signer = try LeafKey(algorithm, raw: key).signer()
        let authority = try Certificate(pemEncoded: certificatePEM)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: try leaf.signer().publicKey, notValidBefore: validity.start,
            notValidAfter: validity.end, issuer: authority.subject, subject: subject,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: signer.publicKey).keyIdentifier)
                if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
            },
            issuerPrivateKey: signer)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return Identity(
            certificatePEM: try certificate.serializeAsPEM().pemString + "\n",
            certificateDER: serializer.serializedBytes, keyPEM: leaf.pem, keyDER: leaf.der)
    }

    private static func name(
        _ commonName: String, _ organizations: [String]
    ) throws -> DistinguishedName {
        try DistinguishedName {
            for organization in organizations { OrganizationName(organization) }
            if !commonName.isEmpty { CommonName(commonName) }
        }
    }
}

/// A certificate with its key.
package struct Identity: Sendable {
    package let certificatePEM: String
    package let certificateDER: [UInt8]
    /// A secret. Ed25519 keys have Talos' own label `ED25519 PRIVATE KEY`.
    package let keyPEM: String
    /// PKCS #8. A secret.
    package let keyDER: [UInt8]
}
