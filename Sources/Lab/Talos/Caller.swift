import SwiftASN1
import X509

/// Who calls, as the client's certificate says.
struct Caller: Sendable, Equatable {
    /// The certificate's common name, else its roles: `os:admin`.
    var name: String
    var roles: Set<String>
    var hasClientAuth: Bool

    init(name: String, roles: Set<String>, hasClientAuth: Bool = true) {
        self.name = name
        self.roles = roles
        self.hasClientAuth = hasClientAuth
    }

    /// Roles are the Organization values of the subject.
    init(certificateDER: [UInt8]) throws {
        let certificate = try Certificate(derEncoded: certificateDER)
        var roles: [String] = []
        var commonName = ""
        for part in certificate.subject {
            for attribute in part {
                guard let text = String(attribute.value) else { continue }
                if attribute.type == .RDNAttributeType.organizationName { roles.append(text) }
                if attribute.type == .RDNAttributeType.commonName { commonName = text }
            }
        }
        let usage = try certificate.extensions.extendedKeyUsage
        self.init(
            name: commonName.isEmpty ? roles.sorted().joined(separator: ",") : commonName,
            roles: Set(roles),
            hasClientAuth: usage?.contains(.clientAuth) ?? false)
    }

    var isAdmin: Bool { roles.contains("os:admin") }
}
