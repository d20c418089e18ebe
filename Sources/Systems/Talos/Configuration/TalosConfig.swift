import Foundation
package import Model
import Yams

/// A talosconfig file: named contexts, each with endpoints and the credentials to use there.
///
/// Format: <https://docs.siderolabs.com/talos/latest/learn-more/talosctl>, `config.Config` in
/// `pkg/machinery/client/config`. Unknown keys are ignored.
package struct TalosConfig: Sendable {
    /// The name of the context in use, nil when the file names none.
    package var current: String?
    package var contexts: [String: Context]
    /// Where the text came from, for messages.
    package var source: String

    /// One cluster, as seen by one user.
    package struct Context: Sendable {
        package var name: String
        /// Hosts to dial when a node cannot be reached by its own address.
        package var endpoints: [Endpoint]
        /// The nodes the user works with by default.
        package var nodes: [String]
        /// Sent as metadata `context`, for proxies that serve several clusters.
        package var cluster: String?
        /// The three base64 values, not yet decoded. They stay inside this module.
        var authority: Secret?
        var certificate: Secret?
        var key: Secret?
        var source: String
    }

    /// Reads the YAML of a talosconfig. `source` is the path or a description of its origin.
    /// Throws `.refused` with the line when it is not one; the text itself is never shown.
    package init(yaml: String, source: String) throws(Problem) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw Self.unreadable("is not valid YAML", at: source + YAMLPlace.suffix(of: error))
        }
        guard let root, root.mapping != nil, let contexts = root["contexts"]?.mapping else {
            throw Self.unreadable("is not a talosconfig: it has no contexts", at: source)
        }
        self.source = source
        current = root["context"]?.nonEmptyString
        self.contexts = [:]
        for (key, value) in contexts {
            guard let name = key.string else { continue }
            self.contexts[name] = try Context(name: name, node: value, source: source)
        }
    }

    /// The context called `name`, or the one in use. Throws `.refused` and lists what there is.
    package func context(named name: String? = nil) throws(Problem) -> Context {
        guard !contexts.isEmpty else {
            throw Self.unreadable("holds no context", at: source)
        }
        if let wanted = name ?? current, let found = contexts[wanted] { return found }
        let known = contexts.keys.sorted().joined(separator: ", ")
        let summary =
            if let wanted = name ?? current {
                "The talosconfig has no context “\(wanted)”."
            } else {
                "The talosconfig does not say which context is in use."
            }
        throw Problem(
            .refused, summary, at: source, details: ["It has: \(known)."],
            fix: "Set `context:` in \(source) to one of them.")
    }

    static func unreadable(_ what: String, at place: String) -> Problem {
        Problem(
            .refused, "The talosconfig \(what).", at: place,
            fix: "Get a fresh one: terraform output -raw talosconfig")
    }
}

extension TalosConfig.Context {
    fileprivate init(name: String, node: Node, source: String) throws(Problem) {
        self.name = name
        self.source = source
        endpoints = []
        var written = node["endpoints"]?.strings ?? []
        if let old = node["target"]?.nonEmptyString { written.append(old) }
        for text in written {
            guard let endpoint = Endpoint(text) else {
                throw Problem(
                    .refused, "“\(text)” is not an endpoint.", at: source,
                    fix: "Write it as an address, a host name, host:port or [IPv6]:port.")
            }
            endpoints.append(endpoint)
        }
        nodes = node["nodes"]?.strings ?? []
        cluster = node["cluster"]?.nonEmptyString
        authority = node["ca"]?.nonEmptyString.map(Secret.init)
        certificate = node["crt"]?.nonEmptyString.map(Secret.init)
        key = node["key"]?.nonEmptyString.map(Secret.init)
    }
}

/// Text that must not reach a log: it prints as a placeholder.
struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String
    var description: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
