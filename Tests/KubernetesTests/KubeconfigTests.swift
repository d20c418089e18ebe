import Foundation
import Model
import Testing

@testable import Kubernetes

struct KubeconfigTests {
    static let plain = """
        apiVersion: v1
        kind: Config
        current-context: admin@demo
        preferences: {}
        clusters:
        - name: demo
          cluster: {server: "https://10.0.0.1:6443/prefix/?a=b", unknown: 1}
        users:
        - {name: admin, user: {token: secret-token}}
        contexts:
        - name: admin@demo
          context: {cluster: demo, user: admin, namespace: default}
        """

    @Test func `a plain kubeconfig names server, context and token`() throws {
        let access = try Kubeconfig(text: Self.plain, origin: "output kubeconfig").access()
        #expect(access.server.description == "https://10.0.0.1:6443/prefix")
        #expect(access.context == "admin@demo")
        #expect(access.credentials.token == "secret-token")
        #expect(access.trust == .system)
        #expect(!access.description.contains("secret"))
    }

    @Test func `JSON is read as well, also with null lists`() throws {
        let text = #"{"clusters": null, "users": null, "contexts": null, "current-context": ""}"#
        let config = try Kubeconfig(text: text, origin: "x")
        #expect(config.currentContext == nil)
        #expect(config.contextNames.isEmpty)
    }

    @Test(arguments: ["", "\n", "# nothing\n", "null"])
    func `an empty text is an empty kubeconfig`(text: String) throws {
        #expect(try Kubeconfig(text: text, origin: "x").contextNames.isEmpty)
    }

    @Test(arguments: [
        ("clusters: [", "x:"),
        ("users:\n- name: a\n  user: {token: hidden\n", "x:"),
        ("- just\n- a list", "x"),
        ("users:\n- user: {token: hidden}", "x"),
        ("users:\n- name: a\n  name: b", "x:"),
    ])
    func `what is no kubeconfig is refused, with the place and without its text`(
        text: String, place: String
    ) {
        let problem = #expect(throws: Problem.self) { try Kubeconfig(text: text, origin: "x") }
        #expect(problem?.kind == .refused)
        #expect(problem?.location?.hasPrefix(place) == true)
        #expect(problem?.summary.contains("hidden") == false)
    }

    static let mistakes: [(String, String)] = [
        ("users: [{name: a, user: {}}, {name: a, user: {}}]", "twice"),
        (config(cluster: "{}"), "no server"),
        (config(cluster: "{server: 'ftp://x'}"), "not an http"),
        (config(cluster: "{server: x, certificate-authority-data: '!!'}"), "not base64"),
        (config(cluster: "{server: x, certificate-authority: ca.crt}"), "relative path"),
        (config(cluster: "{server: x, certificate-authority: /nowhere/ca}"), "cannot be read"),
        (
            config(cluster: "{server: x, certificate-authority: a, certificate-authority-data: b}"),
            "both as a path and as data"
        ),
        (
            config(
                cluster:
                    "{server: x, insecure-skip-tls-verify: true, certificate-authority: ca}"),
            "insecure-skip-tls-verify"
        ),
        (config(cluster: "{server: x, proxy-url: 'https://proxy:1'}"), "proxy-url"),
        (config(user: "{client-certificate-data: YQ==}"), "no client key"),
        (config(user: "{token: a, username: b}"), "both a token and a password"),
        (config(user: "{auth-provider: {name: gcp}}"), "gcp"),
        (config(user: "{exec: {command: x}}"), "apiVersion"),
        (
            config(user: "{exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}"),
            "interactiveMode"
        ),
        (
            config(user: "{exec: {apiVersion: client.authentication.k8s.io/v1beta1}}"),
            "no command"
        ),
        (config(user: "{as-groups: [a]}"), "without \"as\""),
        (config(context: "{cluster: other}"), "\"other\""),
        ("current-context: gone", "no context \"gone\""),
    ]

    @Test(arguments: mistakes)
    func `a mistake is named`(text: String, word: String) {
        let problem = #expect(throws: Problem.self) {
            _ = try Kubeconfig(text: text, origin: "x").access()
        }
        #expect(problem?.kind == .refused)
        let said = ([problem?.summary ?? ""] + (problem?.details ?? [])).joined(separator: "\n")
        #expect(said.contains(word), "\(said)")
    }

    @Test func `without a current context the names are offered`() {
        let text = "contexts: [{name: b, context: {}}, {name: a, context: {}}]"
        let problem = #expect(throws: Problem.self) {
            _ = try Kubeconfig(text: text, origin: "x").access()
        }
        #expect(problem?.fix?.contains("a, b") == true)
    }

    @Test func `the first file wins as a whole, and its paths start at its folder`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kubeconfig-\(UUID().uuidString)")
        let second = folder.appendingPathComponent("sub")
        try FileManager.default.createDirectory(at: second, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = folder.appendingPathComponent("one").path
        let other = second.appendingPathComponent("two").path
        try Data("clusters: [{name: c, cluster: {server: 'https://one'}}]".utf8)
            .write(to: URL(fileURLWithPath: first))
        try Data(
            """
            current-context: x
            clusters: [{name: c, cluster: {server: 'https://two', tls-server-name: n}}]
            users: [{name: u, user: {tokenFile: token}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """.utf8
        ).write(to: URL(fileURLWithPath: other))
        let config = try Kubeconfig(files: [first, "/nowhere", other], mayBeMissing: true)
        let access = try config.access()
        #expect(access.server.host == "one")
        #expect(access.serverName == nil)
        #expect(
            access.credentials.tokenFile?.hasSuffix("/sub/token") == true)
        #expect(throws: Problem.self) { try Kubeconfig(files: ["/nowhere"]) }
    }

    @Test func `the usual files are those of KUBECONFIG or the one at home`() {
        let listed = Kubeconfig.usualFiles(environment: ["KUBECONFIG": "/a::/b:/a"], home: "/h")
        #expect(listed == ["/a", "/b"])
        #expect(Kubeconfig.usualFiles(environment: [:], home: "/h") == ["/h/.kube/config"])
    }

    @Test(arguments: [
        ("10.0.0.1:6443", true, "https://10.0.0.1:6443"), ("api", false, "http://api"),
        ("https://[::1]:6443/", true, "https://[::1]:6443"),
        ("https://u:p@api/x", true, "https://api/x"),
        ("https://", true, nil), ("https://a:99999", true, nil), ("socks5://a", true, nil),
    ])
    func `a server is read`(text: String, secure: Bool, expected: String?) {
        #expect(ServerAddress(text, secureByDefault: secure)?.description == expected)
    }

    @Test func `impersonation becomes headers`() throws {
        let text = Self.config(user: "{as: bob, as-groups: [g], as-user-extra: {a/b: [v]}}")
        let headers = try Kubeconfig(text: text, origin: "x").access().credentials.impersonation
        #expect(
            headers.map(\.name) == [
                "Impersonate-User", "Impersonate-Group", "Impersonate-Extra-a%2Fb",
            ])
    }

    static func config(
        cluster: String = "{server: 'https://api'}", user: String = "{}",
        context: String = "{cluster: c, user: u}"
    ) -> String {
        """
        current-context: x
        clusters: [{name: c, cluster: \(cluster)}]
        users: [{name: u, user: \(user)}]
        contexts: [{name: x, context: \(context)}]
        """
    }
}
