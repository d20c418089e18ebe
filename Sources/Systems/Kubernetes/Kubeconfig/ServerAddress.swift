import Foundation

/// Where an API server answers: the `server` of a kubeconfig's cluster.
package struct ServerAddress: Sendable, Equatable, CustomStringConvertible {
    package var isSecure: Bool
    /// Host name or IP address; IPv6 without brackets.
    package var host: String
    package var port: Int?
    /// Path prefix without a trailing slash; empty for most clusters.
    package var prefix: String

    /// Reads a URL. Query, fragment and user information are dropped.
    ///
    /// - Parameter secureByDefault: the scheme when none is written: https when true
    ///   (client-go `rest/url_utils.go`).
    /// - Returns: nil unless it is an http or https URL with a host.
    init?(_ text: String, secureByDefault: Bool) {
        let scheme = secureByDefault ? "https" : "http"
        let whole = text.contains("://") ? text : "\(scheme)://\(text)"
        guard let parts = URLComponents(string: whole), let host = parts.host, !host.isEmpty,
            let written = parts.scheme?.lowercased(), ["http", "https"].contains(written),
            parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        isSecure = written == "https"
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        port = parts.port
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
    }

    /// `https://10.0.0.1:6443`, with the prefix.
    package var description: String { url(host: host) }

    /// The same address with another host in it.
    func url(host: String) -> String {
        "\(isSecure ? "https" : "http")://\(authority(host: host))\(prefix)"
    }

    /// `host:port`, as in a `Host` header.
    func authority(host: String) -> String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(bracketed):\($0)" } ?? bracketed
    }
}
