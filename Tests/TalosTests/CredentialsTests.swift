import Foundation
import Model
import Testing

@testable import Talos

struct CredentialsTests {
    private func credentials(_ yaml: String = Certificates.talosconfig()) throws -> Credentials {
        try Credentials(TalosConfig(yaml: yaml, source: "generated/talosconfig").context())
    }

    @Test func `Ed25519 credentials with the label of Talos load, and roles are read`() throws {
        #expect(try credentials().roles == ["os:admin"])
    }

    @Test func `a key with the standard label loads too`() throws {
        let key = Certificates.key.replacing("ED25519 PRIVATE", with: "PRIVATE")
        #expect(try credentials(Certificates.talosconfig(key: key)).roles == ["os:admin"])
    }

    @Test func `an expired certificate is refused with its date`() throws {
        let credentials = try credentials()
        try credentials.check(at: credentials.validUntil)
        let problem = try #require(throws: Problem.self) {
            try credentials.check(at: credentials.validUntil + 1)
        }
        #expect(problem.kind == .refused)
        #expect(problem.summary.contains("expired on 2027-11-22"))
        #expect(problem.location == "generated/talosconfig")
    }

    @Test func `a certificate of the future points at the clock`() throws {
        let credentials = try credentials()
        let problem = try #require(throws: Problem.self) {
            try credentials.check(at: credentials.validFrom - 1)
        }
        #expect(problem.fix?.contains("clock") == true)
    }

    enum Damage: CaseIterable {
        case noKey, noCertificate, noAuthority, rubbish, keyAsCertificate, emptyKey

        var talosconfig: String {
            switch self {
            case .noKey: Certificates.talosconfig(key: nil)
            case .noCertificate: Certificates.talosconfig(client: nil)
            case .noAuthority: Certificates.talosconfig(authority: nil)
            case .rubbish: Certificates.talosconfig(key: "rubbish")
            case .keyAsCertificate: Certificates.talosconfig(client: Certificates.key)
            case .emptyKey:
                Certificates.talosconfig(
                    key: "-----BEGIN ED25519 PRIVATE KEY-----\n-----END ED25519 PRIVATE KEY-----")
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func `missing or damaged credentials are refused`(damage: Damage) throws {
        let problem = try #require(throws: Problem.self) {
            _ = try credentials(damage.talosconfig)
        }
        #expect(problem.kind == .refused)
        #expect(!"\(problem)".contains("MC4CAQ"))
    }
}
