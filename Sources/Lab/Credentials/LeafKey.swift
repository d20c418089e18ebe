import Crypto
import Foundation
import X509

/// A private key of either kind, in the forms that certificates and files need. A secret.
struct LeafKey {
    private let kind: Kind

    private enum Kind {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    init(_ algorithm: Authority.Algorithm) {
        switch algorithm {
        case .ed25519: kind = .ed25519(Curve25519.Signing.PrivateKey())
        case .p256: kind = .p256(P256.Signing.PrivateKey())
        }
    }

    init(_ algorithm: Authority.Algorithm, raw: Data) throws {
        switch algorithm {
        case .ed25519: kind = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: raw))
        case .p256: kind = .p256(try P256.Signing.PrivateKey(rawRepresentation: raw))
        }
    }

    var raw: Data {
        switch kind {
        case .ed25519(let key): key.rawRepresentation
        case .p256(let key): key.rawRepresentation
        }
    }

    func signer() throws -> Certificate.PrivateKey {
        switch kind {
        case .ed25519(let key): Certificate.PrivateKey(key)
        case .p256(let key): Certificate.PrivateKey(key)
        }
    }

    /// PKCS #8.
    var der: [UInt8] {
        switch kind {
        case .ed25519(let key): Self.ed25519Header + Array(key.rawRepresentation)
        case .p256(let key): Array(key.derRepresentation)
        }
    }

    var pem: String {
        switch kind {
        case .ed25519:
            let body = Data(der).base64EncodedString()
            return
                "-----BEGIN ED25519 PRIVATE KEY-----\n\(body)\n-----END ED25519 PRIVATE KEY-----\n"
        case .p256(let key): return key.pemRepresentation + "\n"
        }
    }

    /// PrivateKeyInfo of RFC 8410 up to the 32 bytes of the key.
    private static let ed25519Header: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
}
