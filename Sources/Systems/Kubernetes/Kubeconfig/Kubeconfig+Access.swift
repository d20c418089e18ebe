import Foundation
import Model

extension Kubeconfig {
    /// Resolves a context and checks it as a whole, by the rules of client-go
    /// (`tools/clientcmd/validation.go`), reading the certificate files it names.
    ///
    /// - Parameter named: the context; nil for the current one.
    /// - Throws: one `Problem` of kind `refused` with all mistakes.
    package func access(context named: String? = nil) throws -> ClusterAccess {
        let name = try contextName(named)
        guard let context = contexts[name] else {
            throw Problem(
                .refused, "The kubeconfig has no context \"\(name)\".", at: origin,
                fix: contextFix)
        }
        let clusterName = context.value.cluster ?? ""
        guard let cluster = clusters[clusterName] else {
            throw Problem(
                .refused,
                "The context \"\(name)\" names the cluster \"\(clusterName)\", which is missing.",
                at: context.source.name,
                fix: "Add the cluster, or use another context.")
        }
        var mistakes: [String] = []
        let userName = context.value.user ?? ""
        let user = users[userName]
        let resolved = ClusterEntryResolver(
            name: clusterName, entry: cluster, isAuthenticating: user?.value.hasCertificate == true
        ).resolve(&mistakes)
        let credentials =
            user.map {
                UserEntryResolver(name: userName, entry: $0).resolve(&mistakes)
            } ?? ClusterCredentials()
        guard mistakes.isEmpty, let resolved else {
            throw Self.problem(mistakes, at: cluster.source.name)
        }
        return ClusterAccess(
            server: resolved.server, origin: cluster.source.name, context: name,
            serverName: resolved.serverName, trust: resolved.trust, proxy: resolved.proxy,
            credentials: credentials)
    }

    private func contextName(_ named: String?) throws -> String {
        if let named { return named }
        if let currentContext { return currentContext }
        if contexts.isEmpty {
            throw Problem(
                .refused, "There is no kubeconfig with a context in it.", at: origin,
                fix: "Set KUBECONFIG to the cluster's kubeconfig.")
        }
        throw Problem(
            .refused, "The kubeconfig has no current context.", at: origin, fix: contextFix)
    }

    private var contextFix: String {
        let names = contextNames.prefix(5).joined(separator: ", ")
        return names.isEmpty
            ? "Set KUBECONFIG to the cluster's kubeconfig."
            : "Run kubectl config use-context NAME with one of: \(names)."
    }

    private static func problem(_ mistakes: [String], at place: String) -> Problem {
        if mistakes.count == 1, let only = mistakes.first {
            return Problem(.refused, only, at: place, fix: "Correct the kubeconfig.")
        }
        return Problem(
            .refused, "The kubeconfig has \(mistakes.count) mistakes.", at: place,
            details: mistakes, fix: "Correct the kubeconfig.")
    }
}

extension KubeconfigDocument.User {
    /// A certificate of one kind or the other is written.
    var hasCertificate: Bool { certificatePath?.isEmpty == false || certificateData != nil }
}

extension Kubeconfig.Source {
    /// A path of this file, made absolute. Nil when there is no folder to start from.
    func resolve(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        return folder?.appendingPathComponent(path).standardizedFileURL.path
    }

    /// The bytes of an entry that may be written as data or as a path. Nil when it is neither;
    /// whatever is wrong with it is added to the mistakes.
    func bytes(
        data: String?, path: String?, what: String, mistakes: inout [String]
    ) -> [UInt8]? {
        let path = path?.isEmpty == true ? nil : path
        let data = data?.isEmpty == true ? nil : data
        if path != nil, data != nil {
            mistakes.append("\(what) is given both as a path and as data.")
            return nil
        }
        if let data {
            guard let bytes = Data(base64Encoded: data.filter { !$0.isWhitespace }) else {
                mistakes.append("The data of \(what) is not base64.")
                return nil
            }
            return [UInt8](bytes)
        }
        guard let path else { return nil }
        guard let absolute = resolve(path) else {
            mistakes.append("\(what) is a relative path, but this kubeconfig is not a file.")
            return nil
        }
        do {
            return try BoundedFile.read(absolute, for: what)
        } catch {
            mistakes.append("\(what) cannot be read: \(absolute).")
            return nil
        }
    }
}
