import Foundation
import Model
import Yams

/// One kubeconfig file as it is written. Unknown fields are ignored; nothing is checked beyond
/// the shape. Schema: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
struct KubeconfigDocument: Decodable, Sendable {
    var currentContext: String?
    var clusters: [Named<Cluster>]
    var users: [Named<User>]
    var contexts: [Named<Context>]

    /// Reads YAML or JSON. An empty text is an empty kubeconfig.
    init(text: String, origin: String) throws {
        do {
            let trimmed = text.drop { $0.isWhitespace }
            if trimmed.first == "{", let json = try? Self.json(text) {
                self = json
            } else if let node = try Yams.compose(yaml: text), node.null == nil {
                self = try YAMLDecoder().decode(Self.self, from: node)
            } else {
                self = Self()
            }
        } catch let error as YamlError {
            throw Self.problem(error, origin: origin)
        } catch let error as DecodingError {
            throw Self.problem(error, origin: origin)
        }
    }

    private init() {
        clusters = []
        users = []
        contexts = []
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        currentContext = try container.decodeIfPresent(String.self, forKey: .currentContext)
        clusters = try container.decodeIfPresent([Named<Cluster>].self, forKey: .clusters) ?? []
        users = try container.decodeIfPresent([Named<User>].self, forKey: .users) ?? []
        contexts = try container.decodeIfPresent([Named<Context>].self, forKey: .contexts) ?? []
    }

    enum CodingKeys: String, CodingKey {
        case currentContext = "current-context"
        case clusters, users, contexts
    }

    private static func json(_ text: String) throws -> Self {
        try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}

extension KubeconfigDocument {
    /// An item of one of the three lists: `name` beside `cluster`, `user` or `context`.
    struct Named<Value: KubeconfigEntry>: Decodable, Sendable {
        var name: String
        var value: Value

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            name = try container.decode(String.self, forKey: Key("name"))
            value = try container.decodeIfPresent(Value.self, forKey: Key(Value.key)) ?? Value()
        }

        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(_ text: String) { stringValue = text }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    struct Cluster: KubeconfigEntry {
        static let key = "cluster"
        var server: String?
        var tlsServerName: String?
        var insecure: Bool?
        var authorityPath: String?
        var authorityData: String?
        var proxy: String?

        enum CodingKeys: String, CodingKey {
            case server
            case tlsServerName = "tls-server-name"
            case insecure = "insecure-skip-tls-verify"
            case authorityPath = "certificate-authority"
            case authorityData = "certificate-authority-data"
            case proxy = "proxy-url"
        }
    }

    struct Context: KubeconfigEntry {
        static let key = "context"
        var cluster: String?
        var user: String?
    }

    struct User: KubeconfigEntry {
        static let key = "user"
        var certificatePath: String?
        var certificateData: String?
        var keyPath: String?
        var keyData: String?
        var token: String?
        var tokenFile: String?
        var username: String?
        var password: String?
        var impersonate: String?
        var impersonateUID: String?
        var impersonateGroups: [String]?
        var impersonateExtra: [String: [String]]?
        var exec: Exec?
        var authProvider: AuthProvider?

        enum CodingKeys: String, CodingKey {
            case certificatePath = "client-certificate"
            case certificateData = "client-certificate-data"
            case keyPath = "client-key"
            case keyData = "client-key-data"
            case token, tokenFile, username, password, exec
            case impersonate = "as"
            case impersonateUID = "as-uid"
            case impersonateGroups = "as-groups"
            case impersonateExtra = "as-user-extra"
            case authProvider = "auth-provider"
        }
    }

    struct Exec: Decodable, Sendable {
        var command: String?
        var args: [String]?
        var env: [Variable]?
        var apiVersion: String?
        var installHint: String?
        var provideClusterInfo: Bool?
        var interactiveMode: String?

        struct Variable: Decodable, Sendable {
            var name: String
            var value: String
        }
    }

    struct AuthProvider: Decodable, Sendable {
        var name: String?
    }
}

/// What an item of a kubeconfig list holds beside its name.
protocol KubeconfigEntry: Decodable, Sendable {
    /// The field of the item that holds it.
    static var key: String { get }
    init()
}

extension KubeconfigDocument {
    /// Where the YAML breaks. The parser's own text quotes the line, which may be a secret.
    private static func problem(_ error: YamlError, origin: String) -> Problem {
        let fix = "Restore the file, or write it anew."
        switch error {
        case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _),
            .composer(_, let what, let mark, _):
            return Problem(
                .refused, "The kubeconfig is not valid YAML: \(what).",
                at: "\(origin):\(mark.line):\(mark.column)", fix: fix)
        case .duplicatedKeysInMapping(_, let context):
            return Problem(
                .refused, "The kubeconfig has the same key twice.",
                at: "\(origin):\(context.mark.line):\(context.mark.column)", fix: fix)
        default:
            return Problem(.refused, "The kubeconfig is not valid YAML.", at: origin, fix: fix)
        }
    }

    private static func problem(_ error: DecodingError, origin: String) -> Problem {
        let what =
            switch error {
            case .keyNotFound(let key, let context):
                "\(place(context.codingPath)) lacks \"\(key.stringValue)\""
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                "\(place(context.codingPath)) is not of the expected kind"
            @unknown default:
                "a field cannot be read"
            }
        return Problem(
            .refused, "This is not a kubeconfig: \(what).", at: origin,
            fix: "Check that it is a kubeconfig and nothing else.")
    }

    private static func place(_ path: [any CodingKey]) -> String {
        if path.isEmpty { return "the document" }
        return path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            .trimmingPrefix(".").description
    }
}
