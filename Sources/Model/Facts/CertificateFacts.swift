/// How long a certificate holds.
package struct CertificateFacts: Sendable, Codable, Equatable {
    package var holder: Holder
    /// Where it came from: `output talosconfig`, `https://10.0.0.10:6443`.
    package var source: String
    /// Seconds since 1970, UTC.
    package var expires: Double

    package init(_ holder: Holder, source: String, expires: Double) {
        self.holder = holder
        self.source = source
        self.expires = expires
    }

    package enum Holder: String, Sendable, Codable {
        /// Our client certificate for the Talos API.
        case talosconfig
        /// Our client certificate for Kubernetes.
        case kubeconfig
        /// What the API server shows to its clients.
        case apiServer = "api-server"
    }
}
