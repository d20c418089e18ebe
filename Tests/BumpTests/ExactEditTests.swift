import Foundation
import Testing

extension EndToEnd {
    /// A roll changes the bytes of the version and no others.
    struct ExactEditTests {
        /// A way of writing the file: what the lab's own becomes, for a version.
        struct Writing: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var rewrite: @Sendable (_ original: String, _ version: String) -> String
        }

        static let writings = [
            Writing(testDescription: "alignment, comments, and the version in other places") {
                $0.replacing(
                    "talos_version      = \"v1.9.2\"\n",
                    with: """
                        // talos_version = "v1.9.2"
                        /* talos_version = "v1.9.2"
                        */
                        \ttalos_version  \t=   "\($1)"   # renovate: was "v1.9.2"  \u{20}

                        """)
            },
            Writing(testDescription: "a heredoc that looks like the line") {
                "note = <<EOT\ntalos_version = \"v1.9.2\"\nEOT\n"
                    + $0.replacing("\"v1.9.2\"", with: "\"\($1)\"")
            },
            Writing(testDescription: "CRLF") {
                $0.replacing("\"v1.9.2\"", with: "\"\($1)\"").replacing("\n", with: "\r\n")
            },
            Writing(testDescription: "no newline at the end") {
                $0.replacing("talos_version      = \"v1.9.2\"\n", with: "")
                    + "talos_version=\"\($1)\""
            },
            Writing(testDescription: "BOM") {
                "\u{feff}" + $0.replacing("\"v1.9.2\"", with: "\"\($1)\"")
            },
            Writing(testDescription: "BOM, CRLF and no newline at the end") {
                "\u{feff}talos_version = \"\($1)\" // first\r\n"
                    + $0.replacing("talos_version      = \"v1.9.2\"\n", with: "")
                    .replacing("\n", with: "\r\n").trimmingCharacters(in: .newlines)
            },
        ]

        @Test(arguments: writings)
        func `only the bytes of the version change`(_ writing: Writing) async throws {
            try await LabFixture.with(workers: 0, speed: 50) { lab in
                let original = try lab.text(LabFixture.tfvarsPath)
                try lab.write(LabFixture.tfvarsPath, writing.rewrite(original, "v1.9.2"))
                try await lab.git("commit", "--quiet", "--all", "--message", "another writing")
                let run = try await lab.bump("talos", "1.9.4", "--yes", "--no-backup")
                #expect(run.status == 0, "\(run)")
                let expected = Data(writing.rewrite(original, "v1.9.4").utf8)
                let found = try lab.read(LabFixture.tfvarsPath)
                #expect(
                    found == expected, "\(String(decoding: found, as: UTF8.self).debugDescription)")
                let numbers = try await lab.git("show", "--numstat", "--format=", "HEAD")
                #expect(numbers == "1\t1\t\(LabFixture.tfvarsPath)\n")
                #expect(try await lab.git("status", "--porcelain") == "")
                #expect(try await lab.events("backup").isEmpty)
                #expect(try await lab.trueVersions() == ["v1.9.4"])
            }
        }
    }
}
