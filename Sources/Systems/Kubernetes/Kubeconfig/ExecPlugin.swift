import Foundation
import Model

/// A credential plug-in of a kubeconfig: a command that prints a token or a certificate.
/// Protocol: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
struct ExecPlugin: Sendable {
    /// A bare name is looked up in `PATH`.
    var command: String
    var arguments: [String]
    var environment: [(name: String, value: String)]
    var apiVersion: String
    var installHint: String?
    var provideClusterInfo: Bool
    /// For messages.
    var user: String

    /// Nil when it cannot be used; the reasons are added to the mistakes.
    init?(
        _ exec: KubeconfigDocument.Exec, user: String, source: Kubeconfig.Source,
        mistakes: inout [String]
    ) {
        let before = mistakes.count
        let version = exec.apiVersion ?? ""
        if !Self.versions.contains(version) {
            mistakes.append(
                "The exec plug-in of user \"\(user)\" needs apiVersion \(Self.versions[0]) or "
                    + "\(Self.versions[1]).")
        } else if version == Self.versions[0], exec.interactiveMode == nil {
            mistakes.append("The exec plug-in of user \"\(user)\" has no interactiveMode.")
        }
        if exec.interactiveMode == "Always" {
            mistakes.append(
                "The exec plug-in of user \"\(user)\" wants a terminal, which it cannot have.")
        }
        let written = exec.command ?? ""
        let path = written.contains("/") ? source.resolve(written) : written
        if written.isEmpty {
            mistakes.append("The exec plug-in of user \"\(user)\" has no command.")
        } else if path == nil {
            mistakes.append("The command of user \"\(user)\" is a relative path.")
        }
        guard mistakes.count == before, let path else { return nil }
        command = path
        arguments = exec.args ?? []
        environment = (exec.env ?? []).map { ($0.name, $0.value) }
        apiVersion = version
        installHint = exec.installHint
        provideClusterInfo = exec.provideClusterInfo ?? false
        self.user = user
    }

    /// Runs the plug-in and reads its answer. Blocks nobody, takes at most `limit`.
    ///
    /// - Parameter surroundings: the environment of the caller, which the plug-in inherits.
    func ask(
        for access: ClusterAccess, surroundings: [String: String], limit: Duration
    ) async throws -> ExecCredential {
        var variables = surroundings
        for (name, value) in environment { variables[name] = value }
        variables["KUBERNETES_EXEC_INFO"] = try info(access)
        guard let path = Self.find(command, in: surroundings["PATH"] ?? "") else {
            throw problem(
                "The command \(command) that the kubeconfig asks for credentials is missing.",
                fix: installHint ?? "Install \(command), or use another kubeconfig.")
        }
        let process = BoundedProcess(
            path: path, arguments: arguments, environment: variables, limit: limit)
        let result: BoundedProcess.Result
        do {
            result = try await process.run()
        } catch let failure as BoundedProcess.Failure {
            throw problem(
                "\(command), which the kubeconfig asks for credentials, \(failure.text).",
                fix: "Run \(command) by hand to see what it waits for.")
        }
        guard result.status == 0 else {
            var trouble = problem(
                "\(command), which the kubeconfig asks for credentials, ended with status "
                    + "\(result.status).",
                fix: installHint ?? "Run \(command) by hand and correct what it says.")
            trouble.details = result.lastErrorLines
            throw trouble
        }
        guard let credential = ExecCredential(result.output, apiVersion: apiVersion) else {
            throw problem(
                "\(command) did not print credentials of the kind \(apiVersion).",
                fix: "Update \(command), or correct apiVersion in the kubeconfig.")
        }
        return credential
    }

    /// The document that tells the plug-in what is asked of it.
    func info(_ access: ClusterAccess) throws -> String {
        var spec: JSONValue = ["interactive": false]
        if provideClusterInfo {
            var cluster: JSONValue = ["server": .string(access.server.description)]
            if let name = access.serverName { cluster["tls-server-name"] = .string(name) }
            switch access.trust {
            case .system: break
            case .anything: cluster["insecure-skip-tls-verify"] = true
            case .authorities(let pem):
                cluster["certificate-authority-data"] = .string(Data(pem).base64EncodedString())
            }
            spec["cluster"] = cluster
        }
        let document: JSONValue = [
            "apiVersion": .string(apiVersion), "kind": "ExecCredential", "spec": spec,
        ]
        return String(decoding: try JSONEncoder().encode(document), as: UTF8.self)
    }

    private func problem(_ summary: String, fix: String) -> Problem {
        Problem(.refused, summary, at: "user \(user)", fix: fix)
    }

    private static func find(_ command: String, in path: String) -> String? {
        let files = FileManager.default
        if command.contains("/") { return files.isExecutableFile(atPath: command) ? command : nil }
        return path.split(separator: ":").lazy.map { "\($0)/\(command)" }
            .first { files.isExecutableFile(atPath: $0) }
    }

    private static let versions = [
        "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1",
    ]
}

/// What a plug-in answered.
struct ExecCredential: Sendable, Equatable {
    var token: String?
    var identity: PEMIdentity?
    /// Nil: good for the life of the process.
    var expires: Date?

    /// Nil unless it is an ExecCredential of that version with a token or a certificate and key.
    init?(_ output: Data, apiVersion: String) {
        guard let document = try? JSONDecoder().decode(Document.self, from: output),
            document.kind == "ExecCredential", document.apiVersion == apiVersion,
            let status = document.status
        else { return nil }
        token = status.token.flatMap { $0.isEmpty ? nil : $0 }
        if let certificate = status.clientCertificateData, let key = status.clientKeyData {
            identity = PEMIdentity(
                certificates: [UInt8](certificate.utf8), key: [UInt8](key.utf8),
                origin: "the credential plug-in")
        }
        expires = status.expirationTimestamp.flatMap(KubernetesTime.parse)
        guard token != nil || identity != nil else { return nil }
    }

    private struct Document: Decodable {
        var apiVersion: String
        var kind: String
        var status: Status?

        struct Status: Decodable {
            var token: String?
            var clientCertificateData: String?
            var clientKeyData: String?
            var expirationTimestamp: String?
        }
    }
}
