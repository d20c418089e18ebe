import Foundation
import Testing

@testable import Lab

@Suite struct CredentialsTests {
    @Test func `roles come from the certificate`() throws {
        let pki = try PKI()
        let identity = try pki.talos.clientCertificate(organizations: ["os:reader", "os:operator"])
        let caller = try Caller(certificateDER: identity.certificateDER)
        #expect(caller.roles == ["os:reader", "os:operator"])
        #expect(caller.hasClientAuth)
        #expect(caller.name == "os:operator,os:reader")
        #expect(identity.keyPEM.hasPrefix("-----BEGIN ED25519 PRIVATE KEY-----"))
    }

    @Test func `a node's certificate is not for clients`() throws {
        let node = try PKI().talosNode(name: "demo-cp-1", address: "127.66.0.11")
        #expect(try !Caller(certificateDER: node.certificateDER).hasClientAuth)
    }

    @Test func `secrets on disk are for their owner alone`() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try PKI().save(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.int16Value == 0o600)
        #expect(try PKI.load(path: path) != nil)
    }
}
