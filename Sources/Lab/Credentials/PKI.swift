import Foundation
import Model

/// All the secrets of one cluster: made when it is created, gone when it is destroyed.
package struct PKI: Sendable, Codable {
    /// Organization `talos`, Ed25519; signs nodes and clients of the Talos API.
    package let talos: Authority
    /// CN `kubernetes`; signs the API servers and their clients.
    package let kubernetes: Authority
    /// `Infos.cluster` and the machine config. A secret.
    package let clusterSecret: String
    package let clusterID: String
    /// A token in the machine config, so that tests can look for leaks. A secret.
    package let machineToken: String

    /// Fresh authorities and tokens.
    package init() throws {
        talos = try Authority(algorithm: .ed25519, organization: "talos")
        kubernetes = try Authority(
            algorithm: .p256, commonName: "kubernetes", organization: "kubernetes")
        clusterSecret = Self.random(bytes: 32)
        clusterID = Self.random(bytes: 32)
        machineToken = "\(Self.letters(6)).\(Self.letters(16))"
    }

    /// Reads the file that `save` wrote; nil when there is none.
    package static func load(path: String) throws -> PKI? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(PKI.self, from: bytes)
        } catch {
            throw Problem(
                .refused, "The lab's certificates cannot be read.", at: path,
                fix: "Make a new lab with `bump lab new DIR`.")
        }
    }

    /// Writes the file, 0600.
    package func save(path: String) throws {
        try PrivateFile.write(try JSONEncoder().encode(self), to: path)
    }

    /// What a node serves on port 50000.
    package func talosNode(name: String, address: String) throws -> Identity {
        try talos.serverCertificate(
            commonName: name, names: [name, "localhost"], addresses: [address, "127.0.0.1"])
    }

    /// What API servers serve on port 6443.
    package func kubernetesServer(addresses: [String]) throws -> Identity {
        try kubernetes.serverCertificate(
            commonName: "kube-apiserver",
            names: [
                "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local", "localhost",
            ],
            addresses: addresses + ["10.96.0.1", "127.0.0.1"])
    }

    private static func random(bytes: Int) -> String {
        Data((0..<bytes).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }

    private static func letters(_ count: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).compactMap { _ in alphabet.randomElement() })
    }
}
