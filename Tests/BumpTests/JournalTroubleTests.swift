import Foundation
import Testing

extension EndToEnd {
    /// What can happen to `.bump`, with a run open in it: a clear error each, with something to
    /// type, and nothing lost.
    struct JournalTroubleTests {
        @Test func `a journal or plan that cannot be trusted is refused, and kept as it is`()
            async throws
        {
            try await LabFixture.with(speed: 50) { lab in
                let open = try await lab.bumpKilled(after: 20, ["talos", "v1.9.4", "--yes"])
                #expect(open == nil, "\(String(describing: open))")
                let run = try #require(
                    FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs")).first)
                for trouble in Trouble.all {
                    try await expectRefusal(trouble, lab, run)
                }
                // A torn tail, at last, is no trouble.
                let journal = lab.path(".bump/runs/\(run)/journal")
                let bytes = try Data(contentsOf: URL(filePath: journal))
                try bytes.dropLast(3).write(to: URL(filePath: journal))
                let end = try await lab.bump("resume", "--yes")
                #expect(end.status == 0, "\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        struct Trouble: Sendable {
            var file: String
            var words: [String]
            var change: @Sendable (Data) -> Data?

            static let wayOut = ["mv .bump/runs/", ".damaged", "bump status"]

            static let all = [
                Trouble(file: "journal", words: ["The journal is damaged.", "journal:"] + wayOut) {
                    var bytes = $0
                    bytes[bytes.count / 2] ^= 0x04
                    return bytes
                },
                Trouble(file: "journal", words: ["The journal is damaged."] + wayOut) {
                    var bytes = $0
                    bytes[bytes.count - 3] ^= 0x04
                    return bytes
                },
                Trouble(file: "journal", words: ["is empty, and the run had begun"] + wayOut) { _ in
                    Data()
                },
                Trouble(
                    file: "journal",
                    words: ["written by a newer version of bump", "bump --version"]
                ) { bytes in
                    let json = #"{"teleported":{}}"#
                    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
                    for byte in json.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
                    let number = bytes.count { $0 == 0x0A } + 1
                    let sum = String(hash, radix: 16)
                    return bytes + Data("\(number) \(json.utf8.count) \(sum) \(json)\n".utf8)
                },
                Trouble(file: "plan.json", words: ["is missing"] + wayOut) { _ in nil },
                Trouble(file: "plan.json", words: ["is damaged"] + wayOut) { $0.prefix(200) },
                Trouble(file: "plan.json", words: ["is damaged"] + wayOut) {
                    Data(
                        String(decoding: $0, as: UTF8.self).replacing("v1.9.4", with: "v1.9.5").utf8
                    )
                },
                Trouble(file: "plan.json", words: ["written by another version of bump"]) {
                    let text = String(decoding: $0, as: UTF8.self)
                    return Data(text.replacing(/"version" : 1\n/, with: "\"version\" : 9\n").utf8)
                },
            ]
        }

        private func expectRefusal(
            _ trouble: Trouble, _ lab: LabFixture, _ run: String
        ) async throws {
            let file = URL(filePath: lab.path(".bump/runs/\(run)/\(trouble.file)"))
            let good = try Data(contentsOf: file)
            let bad = trouble.change(good)
            if let bad {
                try bad.write(to: file)
            } else {
                try FileManager.default.removeItem(at: file)
            }
            let before = try await Traces(lab)
            for command in [
                ["resume", "--yes"], ["abort", "--yes"], ["talos", "v1.9.4", "--yes"],
            ] {
                let outcome = try await lab.sandbox.run([Sandbox.binary] + command, in: lab.root)
                #expect(outcome.status == 3, "\(trouble.file): \(outcome)")
                for words in trouble.words {
                    #expect(outcome.flat.contains(words), "“\(words)” is missing: \(outcome)")
                }
            }
            let status = try await lab.bump("status")
            #expect(status.status == 0, "looking still works: \(status)")
            #expect(try await Traces(lab).differences(from: before) == [])
            #expect((try? Data(contentsOf: file)) == bad, "it is kept as it was found")
            try good.write(to: file)
        }

        @Test func `a file where the folder belongs is named`() async throws {
            try await LabFixture.with(workers: 0, speed: 50) { lab in
                try? FileManager.default.removeItem(atPath: lab.path(".bump"))
                try lab.write(".bump", "mine\n")
                let outcome = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(outcome.status == 3, "\(outcome)")
                #expect(outcome.flat.contains("a file where the folder .bump belongs"))
                #expect(outcome.flat.contains("mv .bump .bump.old"))
                #expect(try lab.text(".bump") == "mine\n")
            }
        }

        /// As another user where the tests run as root, whom no mode stops; else by its mode.
        @Test func `a folder of somebody else and a read-only journal stop everything`()
            async throws
        {
            try await LabFixture.with(speed: 50) { lab in
                _ = try await lab.bumpKilled(after: 12, ["talos", "v1.9.4", "--yes"])
                let run = try #require(
                    FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs")).first)
                let user = try await Visitor(lab)
                try await user.lock(".bump")
                for command in [["resume", "--yes"], ["talos", "v1.9.4", "--yes"]] {
                    let outcome = try await user.bump(command)
                    #expect(outcome.status == 3, "\(outcome)")
                    #expect(outcome.flat.contains("it must belong to you"), "\(outcome)")
                    #expect(outcome.flat.contains("ls -ld .bump"), "\(outcome)")
                }
                try await user.unlock(".bump")
                try await user.makeReadOnly(".bump/runs/\(run)/journal")
                let resume = try await user.bump(["resume", "--yes"])
                #expect(resume.status == 3, "\(resume)")
                #expect(
                    resume.flat.contains("The journal cannot be written, so nothing is done."),
                    "\(resume)")
                try await user.makeWritable(".bump/runs/\(run)/journal")
                let end = try await user.bump(["resume", "--yes"])
                #expect(end.status == 0, "\(end)")
                #expect(try await lab.trueVersions() == ["v1.9.4"])
            }
        }

        /// A limit on the size of files, for `bump` and for terraform: the signal that comes with it
        /// must not end a run without a word.
        @Test(arguments: [4, 40, 400])
        func `files that may not grow are an error with words, and nothing is lost`(
            _ blocks: Int
        ) async throws {
            try await LabFixture.with(speed: 50) { lab in
                let limited = try await lab.sandbox.run(
                    [
                        "sh", "-c", "ulimit -f \(blocks); exec \"$@\"", "-", Sandbox.binary,
                        "talos",
                        "v1.9.4", "--yes",
                    ], in: lab.root)
                #expect([1, 3].contains(limited.status), "\(limited)")
                #expect(limited.err.contains("\nfix: "), "\(limited)")
                let again =
                    limited.status == 1 ? ["resume", "--yes"] : ["talos", "v1.9.4", "--yes"]
                let end = try await lab.sandbox.run([Sandbox.binary] + again, in: lab.root)
                #expect(end.status == 0, "\(limited)\n\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        @Test(.enabled(if: geteuid() == 0, "mounting a small file system takes root"))
        func `a disk that is full stops a run with words, and the run goes on with room`()
            async throws
        {
            try await LabFixture.with(speed: 50) { lab in
                let folder = lab.path(".bump")
                for (target, size) in [("v1.9.3", 12), ("v1.9.4", 48), ("v1.9.5", 120)] {
                    try? FileManager.default.removeItem(atPath: folder)
                    try FileManager.default.createDirectory(
                        atPath: folder, withIntermediateDirectories: true)
                    let mount = try await lab.sandbox.run(
                        ["mount", "-t", "tmpfs", "-o", "size=\(size)k,mode=0700", "none", folder])
                    try #require(mount.status == 0, "\(mount)")
                    let full = try await lab.bump("talos", target, "--yes")
                    #expect([1, 3].contains(full.status), "\(size): \(full)")
                    #expect(full.err.contains("\nfix: "), "\(size): \(full)")
                    try await lab.sandbox.run(["mount", "-o", "remount,size=64m", folder])
                    let open = full.status == 1
                    let again =
                        try await open
                        ? lab.bump("resume", "--yes") : lab.bump("talos", target, "--yes")
                    #expect(again.status == 0, "\(size): \(again)")
                    try await expectGoodEnd(lab, at: target, "\(size) KiB")
                    try await lab.sandbox.run(["umount", folder])
                }
            }
        }
    }
}

/// Runs `bump` as somebody whom file modes stop: another user where the tests run as root.
private struct Visitor {
    private let lab: LabFixture
    private let isRoot = geteuid() == 0
    private static let number = "65534"

    init(_ lab: LabFixture) async throws {
        self.lab = lab
        if isRoot { try await sh("chown -R \(Self.number) \"$0\" .", lab.sandbox.home.path) }
    }

    func bump(_ arguments: [String]) async throws -> Outcome {
        let prefix =
            isRoot
            ? ["setpriv", "--reuid", Self.number, "--regid", Self.number, "--clear-groups"] : []
        return try await lab.sandbox.run(prefix + [Sandbox.binary] + arguments, in: lab.root)
    }

    func lock(_ path: String) async throws {
        try await sh(isRoot ? "chown 0 \"$0\"; chmod 700 \"$0\"" : "chmod 0 \"$0\"", path)
    }

    func unlock(_ path: String) async throws {
        try await sh(isRoot ? "chown \(Self.number) \"$0\"" : "chmod 700 \"$0\"", path)
    }

    func makeReadOnly(_ path: String) async throws { try await sh("chmod 400 \"$0\"", path) }

    func makeWritable(_ path: String) async throws { try await sh("chmod 600 \"$0\"", path) }

    private func sh(_ script: String, _ path: String) async throws {
        let outcome = try await lab.sandbox.run(["sh", "-c", script, path], in: lab.root)
        try #require(outcome.status == 0, "\(outcome)")
    }
}
