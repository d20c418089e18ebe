import GRPCCore
import Model

/// A call that a node, or the way to it, did not carry out.
struct CallFailure: Error {
    /// The method's name: `Reboot`.
    var method: String
    var code: RPCError.Code
    /// What the server wrote.
    var message: String

    /// The registry has no such image. `ImageService` says so by its code; the older `ImagePull`
    /// only in the text of containerd's error.
    var isMissingImage: Bool {
        code == .notFound || (method == "ImagePull" && message.hasSuffix(": not found"))
    }

    /// As the user sees it. `roles` are those of the certificate in use.
    func problem(on node: String, roles: [String]) -> Problem {
        switch code {
        case .unavailable, .cancelled, .aborted:
            return Problem(
                .unreachable, "The connection to the Talos API of \(node) broke during \(method).",
                at: node, fix: DialFailure.probe(node), causes: causes)
        case .deadlineExceeded:
            return Problem(
                .unreachable, "\(node) did not answer \(method) in time.", at: node,
                fix: DialFailure.probe(node), causes: causes)
        case .permissionDenied, .unauthenticated:
            return denied(on: node, roles: roles)
        case .unimplemented:
            return Problem(
                .refused, "\(node) does not offer \(method).", at: node,
                fix: "Look at its role and its version of Talos: bump status", causes: causes)
        case .internalError, .dataLoss:
            return Problem(
                .stopped, "\(method) failed on \(node).", at: node,
                fix: "See what the node says: talosctl -n \(node) dmesg", causes: causes)
        default:
            return Problem(
                .refused, "\(node) refused \(method).", at: node,
                fix: "Put right what it says, then run the same command again.", causes: causes)
        }
    }

    private func denied(on node: String, roles: [String]) -> Problem {
        if message.contains("no request forwarding") {
            return Problem(
                .refused, "An endpoint of the talosconfig is not a control-plane node.", at: node,
                fix: "List only control-plane addresses under `endpoints` in the talosconfig.",
                causes: causes)
        }
        let held = roles.isEmpty ? "no role" : roles.joined(separator: ", ")
        return Problem(
            .refused, "\(node) does not allow \(method) with this talosconfig (it has \(held)).",
            at: node, fix: "Use a talosconfig with the role \(Self.role(for: method)).",
            causes: causes)
    }

    /// The least role that may call a method.
    /// Source: `internal/app/machined/pkg/system/services/machined.go`, rules.
    static func role(for method: String) -> String {
        switch method {
        case "Reboot", "ImagePull", "ImageService.Pull": "os:operator"
        case "EtcdSnapshot": "os:etcd:backup"
        case "Upgrade", "Rollback", "EtcdForfeitLeadership", "LifecycleService.Upgrade", "Read",
            "ApplyConfiguration", "Get of MachineConfigs.config.talos.dev",
            "Get of KubeletSpecs.kubernetes.talos.dev",
            "Get of APIServerConfigs.kubernetes.talos.dev":
            "os:admin"
        default: "os:reader"
        }
    }

    /// The server's words as one short line.
    private var causes: [String] {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard !line.isEmpty else { return [] }
        return [String(line.prefix(300))]
    }
}

extension DialFailure {
    static func probe(_ node: String) -> String {
        "Check that the node is up and TCP port 50000 is open: nc -vz \(node) 50000"
    }

    /// As the user sees it: what stood in the way to `node` at `endpoint`.
    func problem(on node: String, at endpoint: Endpoint, source: String) -> Problem {
        let api = "The Talos API at \(endpoint)"
        switch self {
        case .unanswered(let reason):
            return Problem(
                .unreachable, "\(node) cannot be reached.", at: node, fix: Self.probe(node),
                causes: ["\(endpoint): \(reason)"])
        case .silent:
            return Problem(
                .unreachable, "\(node) accepts connections but says nothing.", at: node,
                fix: Self.probe(node), causes: ["\(endpoint): no handshake in 5 s"])
        case .closed:
            return Problem(
                .unreachable, "\(node) closed the connection.", at: node, fix: Self.probe(node),
                causes: ["\(endpoint): closed during the handshake"])
        case .foreignCertificate:
            return Problem(
                .refused, "\(api) belongs to another cluster than this talosconfig.", at: node,
                details: [
                    "Its certificate is of another CA or has expired; a node in maintenance "
                        + "mode (without a configuration) looks the same."
                ],
                fix: "Check that \(source) belongs to this cluster: "
                    + "terraform output -raw talosconfig")
        case .wrongName:
            return Problem(
                .refused, "\(api) has a certificate that does not name \(endpoint.host).",
                at: node,
                fix: "Add \(endpoint.host) to `machine.certSANs` of the nodes, or use an address "
                    + "of theirs.")
        case .certificateRejected(let meaning):
            return Problem(
                .refused, "\(api) does not accept our certificate: it calls it \(meaning).",
                at: node,
                fix: "The talosconfig belongs to another cluster or its certificate is no longer "
                    + "valid; get a fresh one: terraform output -raw talosconfig",
                causes: ["used: \(source)"])
        case .tls(let reason):
            return Problem(
                .refused, "\(api) does not speak TLS as Talos does.", at: node,
                fix: Self.probe(node), causes: [reason])
        }
    }
}
