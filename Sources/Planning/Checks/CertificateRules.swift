import Model

/// Certificates that end before the run may.
struct CertificateRules {
    let health: HealthFacts
    let now: Double

    func findings() -> [Finding] {
        health.certificates.compactMap { certificate in
            let left = certificate.expires - now
            guard left < Self.soon else { return nil }
            let days = Int(left / 86_400)
            let what = Self.name(certificate.holder)
            let summary =
                left <= 0
                ? "\(what) has expired."
                : left < 86_400
                    ? "\(what) expires in \(max(1, Int(left / 3600))) h: a run may last longer."
                    : "\(what) expires in \(days) days."
            let isOver = left < 86_400
            return Finding(
                isOver ? .error : .warning, isOver ? "certificate.over" : "certificate.soon",
                summary, at: certificate.source, fix: Self.fix(certificate.holder))
        }
    }

    private static func name(_ holder: CertificateFacts.Holder) -> String {
        switch holder {
        case .talosconfig: "The client certificate of the talosconfig"
        case .kubeconfig: "The client certificate of the kubeconfig"
        case .apiServer: "The certificate of the API server"
        }
    }

    private static func fix(_ holder: CertificateFacts.Holder) -> String {
        switch holder {
        case .talosconfig:
            "terraform apply renews it; or: talosctl config new --roles os:admin talosconfig"
        case .kubeconfig: "terraform apply renews it; or: talosctl kubeconfig"
        case .apiServer: "Talos renews it by itself; if not: talosctl reboot of that control plane"
        }
    }

    private static let soon = 30.0 * 86_400
}
