import Foundation

/// Checks a cluster's entry and reads the files it names.
struct ClusterEntryResolver {
    let name: String
    let entry: Kubeconfig.Entry<KubeconfigDocument.Cluster>
    /// The user has a client certificate, which makes https the default scheme.
    let isAuthenticating: Bool

    struct Resolved {
        var server: ServerAddress
        var serverName: String?
        var trust: ClusterAccess.Trust
        var proxy: ProxyAddress?
    }

    /// Nil when a mistake makes it useless; every mistake is added.
    func resolve(_ mistakes: inout [String]) -> Resolved? {
        let cluster = entry.value
        let insecure = cluster.insecure ?? false
        let hasAuthority =
            cluster.authorityPath?.isEmpty == false || cluster.authorityData?.isEmpty == false
        let authorities = entry.source.bytes(
            data: cluster.authorityData, path: cluster.authorityPath,
            what: "The certificate authority of cluster \"\(name)\"", mistakes: &mistakes)
        if hasAuthority, insecure {
            mistakes.append(
                "Cluster \"\(name)\" has a certificate authority and insecure-skip-tls-verify.")
        }
        var proxy: ProxyAddress?
        if let text = cluster.proxy, !text.isEmpty {
            proxy = ProxyAddress(text)
            if proxy == nil {
                mistakes.append(
                    "The proxy-url of cluster \"\(name)\" is not of a supported kind: "
                        + "http://host:port, or socks5://host:port without a password.")
            }
        }
        guard let server = cluster.server, !server.isEmpty else {
            mistakes.append("Cluster \"\(name)\" has no server.")
            return nil
        }
        guard
            let address = ServerAddress(
                server, secureByDefault: hasAuthority || insecure || isAuthenticating)
        else {
            mistakes.append("The server of cluster \"\(name)\" is not an http or https URL.")
            return nil
        }
        let trust: ClusterAccess.Trust =
            insecure ? .anything : authorities.map { .authorities($0) } ?? .system
        let serverName = cluster.tlsServerName.flatMap { $0.isEmpty ? nil : $0 }
        return Resolved(server: address, serverName: serverName, trust: trust, proxy: proxy)
    }
}

/// Checks a user's entry and reads the files it names.
struct UserEntryResolver {
    let name: String
    let entry: Kubeconfig.Entry<KubeconfigDocument.User>

    func resolve(_ mistakes: inout [String]) -> ClusterCredentials {
        let user = entry.value
        var credentials = ClusterCredentials()
        credentials.identity = identity(&mistakes)
        credentials.token = user.token.flatMap { $0.isEmpty ? nil : $0 }
        if let path = user.tokenFile, !path.isEmpty, credentials.token == nil {
            credentials.tokenFile = entry.source.resolve(path)
            if credentials.tokenFile == nil {
                mistakes.append("The tokenFile of user \"\(name)\" is a relative path.")
            }
        }
        if let login = user.username, !login.isEmpty {
            credentials.basic = (login, user.password ?? "")
            if credentials.token != nil || credentials.tokenFile != nil {
                mistakes.append("User \"\(name)\" has both a token and a password.")
            }
        }
        if let provider = user.authProvider {
            mistakes.append(
                user.exec == nil
                    ? "User \"\(name)\" uses the auth-provider \"\(provider.name ?? "")\", which "
                        + "is not supported: use an exec plug-in."
                    : "User \"\(name)\" has both exec and auth-provider.")
        }
        if let exec = user.exec {
            let plugin = ExecPlugin(
                exec, user: name, source: entry.source, mistakes: &mistakes)
            let isStatic =
                credentials.identity != nil || credentials.token != nil
                || credentials.tokenFile != nil || credentials.basic != nil
            credentials.exec = isStatic ? nil : plugin
        }
        credentials.impersonation = impersonation(&mistakes)
        return credentials
    }

    private func identity(_ mistakes: inout [String]) -> PEMIdentity? {
        let user = entry.value
        let certificates = entry.source.bytes(
            data: user.certificateData, path: user.certificatePath,
            what: "The client certificate of user \"\(name)\"", mistakes: &mistakes)
        let key = entry.source.bytes(
            data: user.keyData, path: user.keyPath,
            what: "The client key of user \"\(name)\"", mistakes: &mistakes)
        guard let certificates else { return nil }
        guard let key else {
            if user.keyData == nil, user.keyPath == nil {
                mistakes.append("User \"\(name)\" has a client certificate but no client key.")
            }
            return nil
        }
        return PEMIdentity(
            certificates: certificates, key: key, origin: "user \(name) of \(entry.source.name)")
    }

    private func impersonation(_ mistakes: inout [String]) -> [(name: String, value: String)] {
        let user = entry.value
        let groups = user.impersonateGroups ?? []
        let extra = user.impersonateExtra ?? [:]
        guard let login = user.impersonate, !login.isEmpty else {
            if user.impersonateUID != nil || !groups.isEmpty || !extra.isEmpty {
                mistakes.append("User \"\(name)\" impersonates a group or uid without \"as\".")
            }
            return []
        }
        var headers = [(name: "Impersonate-User", value: login)]
        if let uid = user.impersonateUID { headers.append(("Impersonate-Uid", uid)) }
        headers += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            let escaped = ResourcePath.escape(key)
            headers += values.map { ("Impersonate-Extra-\(escaped)", $0) }
        }
        return headers
    }
}
