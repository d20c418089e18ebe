import Foundation
import Testing

extension EndToEnd {
    /// A talosconfig that leads nowhere, or to another cluster.
    struct TalosconfigTests {
        @Test func `a missing one is asked for, with the places looked at`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await lab.removeCredentialOutputs()
                try FileManager.default.removeItem(atPath: lab.path("generated/talosconfig"))
                try await expectRefusal(
                    lab, "There is no talosconfig.", "generated/talosconfig", ".talos/config",
                    "TALOSCONFIG")
            }
        }

        @Test func `an unreadable or damaged one is named with its file`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await lab.removeCredentialOutputs()
                for (text, words) in [
                    ("contexts: [\n", "not valid YAML"), ("hello\n", "no contexts"),
                    ("", "no contexts"), (Self.damaged, "damaged `ca`"),
                ] {
                    try lab.write("generated/talosconfig", text)
                    try await expectRefusal(lab, "talosconfig", words, "generated/talosconfig")
                }
                try FileManager.default.removeItem(atPath: lab.path("generated/talosconfig"))
                try FileManager.default.createDirectory(
                    atPath: lab.path("generated/talosconfig"), withIntermediateDirectories: false)
                try await expectRefusal(
                    lab, "The talosconfig cannot be read.", "generated/talosconfig")
            }
        }

        @Test func `an expired one is called expired`() async throws {
            try await LabFixture.with(workers: 0) { lab in
                try await lab.removeCredentialOutputs()
                let good = try lab.text("generated/talosconfig")
                let expired = good.split(separator: "\n").map { line in
                    let indent = line.prefix { $0 == " " }
                    if line.hasPrefix(indent + "crt:") { return indent + "crt: " + Self.crt }
                    if line.hasPrefix(indent + "key:") { return indent + "key: " + Self.key }
                    return String(line)
                }
                try lab.write("generated/talosconfig", expired.joined(separator: "\n") + "\n")
                try await expectRefusal(
                    lab, "The client certificate in the talosconfig expired on 2025-01-01",
                    "Get a fresh one: terraform apply")
            }
        }

        /// The whole file of the other cluster, and its certificates with our addresses, as after
        /// a cluster was built anew.
        @Test(arguments: [false, true])
        func `one of another cluster is called that`(_ hasOurAddresses: Bool) async throws {
            try await LabFixture.with(workers: 0) { other in
                try await LabFixture.with { lab in
                    try await lab.removeCredentialOutputs()
                    var text = try other.text("generated/talosconfig")
                    if hasOurAddresses {
                        let ours = try Self.endpoint(lab.text("generated/talosconfig"))
                        text = text.replacing(try Self.endpoint(text), with: ours)
                    }
                    try lab.write("generated/talosconfig", text)
                    let before = try await Traces(other)
                    try await expectRefusal(lab, "another cluster", "talosconfig")
                    #expect(try await Traces(other).differences(from: before) == [])
                }
            }
        }

        private static func endpoint(_ text: String) throws -> String {
            String(try #require(text.firstMatch(of: /127\.\d+\.\d+\.\d+/)).output)
        }

        private static let damaged = """
            context: demo
            contexts:
              demo:
                endpoints: [127.0.0.1]
                ca: abc
                crt: x
                key: y

            """

        /// A throw-away client certificate (`O=os:admin`, Ed25519) that ended on 2025-01-01.
        private static let crt = base64(
            """
            -----BEGIN CERTIFICATE-----
            MIIBNTCB6KADAgECAgEBMAUGAytlcDAQMQ4wDAYDVQQKDAV0YWxvczAeFw0yNDAx
            MDEwMDAwMDBaFw0yNTAxMDEwMDAwMDBaMBMxETAPBgNVBAoMCG9zOmFkbWluMCow
            BQYDK2VwAyEAAiD9LUBGiCKN54Y6OiHw3Lu0Ueo7ZOe5sPqdGId2abijZDBiMAsG
            A1UdDwQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQU5QH1e9O3
            RUqu4C2N37z8oT1/gkswHwYDVR0jBBgwFoAU0rYk+44+778nJCjZ6NLdsfhKshMw
            BQYDK2VwA0EAFd4O0gbIvKe5tlDaTlwgl5s4suzvXSqK12xQYH05mHTt2RaRblx/
            /0CBk8LiuqerYrewZY4JD4xAUSob8Hi1Aw==
            -----END CERTIFICATE-----

            """)

        /// Its key.
        private static let key = base64(
            """
            -----BEGIN ED25519 PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIEY//TDgaMBgy2afax712eJ27pwTqHOo5YvrZnZJhIvF
            -----END ED25519 PRIVATE KEY-----

            """)

        private static func base64(_ text: String) -> String {
            Data(text.utf8).base64EncodedString()
        }
    }
}
