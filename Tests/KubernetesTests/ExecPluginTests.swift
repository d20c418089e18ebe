import Foundation
import Model
import Testing

@testable import Kubernetes

struct ExecPluginTests {
    static let good = """
        {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":\
        {"token":"t0","expirationTimestamp":"2026-05-01T12:00:00Z"}}
        """

    @Test func `a plug-in is asked with the environment of its entry`() async throws {
        let script = #"test "$A" = b && echo "$KUBERNETES_EXEC_INFO" | grep -q https && echo '"#
        let credential = try await ask(script + Self.good + "'")
        #expect(credential.token == "t0")
        #expect(credential.expires == Date(timeIntervalSince1970: 1_777_636_800))
    }

    @Test(arguments: [
        ("echo please log in >&2; exit 3", "status 3"), ("echo {}", "did not print"),
        ("sleep 60", "did not end within 1 s"),
        ("head -c 3000000 /dev/zero", "more than 1 MiB"),
    ])
    func `a plug-in that fails is named`(script: String, word: String) async throws {
        let problem = await #expect(throws: Problem.self) { _ = try await ask(script) }
        #expect(problem?.summary.contains(word) == true, "\(problem?.summary ?? "")")
    }

    private func ask(_ script: String) async throws -> ExecCredential {
        let user: JSONValue = [
            "exec": [
                "apiVersion": "client.authentication.k8s.io/v1", "command": "sh",
                "args": ["-c", .string(script)], "interactiveMode": "Never",
                "provideClusterInfo": true, "env": [["name": "A", "value": "b"]],
            ]
        ]
        let json = String(decoding: try JSONEncoder().encode(user), as: UTF8.self)
        let text = KubeconfigTests.config(user: json)
        let access = try Kubeconfig(text: text, origin: "x").access()
        let plugin = try #require(access.credentials.exec)
        return try await plugin.ask(
            for: access, surroundings: ["PATH": "/usr/bin:/bin"], limit: .seconds(1))
    }
}
