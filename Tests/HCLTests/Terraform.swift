import Foundation

/// The installed Terraform, as judge of what is right.
struct Terraform {
    /// A complaint of Terraform about a file.
    struct Complaint: Equatable {
        let line: Int
        let column: Int
        let byte: Int
        let summary: String
    }

    private let executable: URL
    private let directory: URL

    /// Nil when there is no `terraform` on the search path.
    init?() throws {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { URL(fileURLWithPath: "\($0)/terraform") }
        let found = candidates.first {
            FileManager.default.isExecutableFile(atPath: $0.path)
        }
        guard let found else { return nil }
        executable = found
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("hcl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write(Terraform.module, as: "main.tf")
    }

    private static let module = """
        terraform {
          required_providers {
            terraform = { source = "terraform.io/builtin/terraform" }
          }
        }

        """

    /// Declares the variables of some files, so that their values are evaluated.
    func declare(_ files: [(file: String, variables: [String])]) throws {
        let blocks = files.flatMap(\.variables).map { "variable \"\($0)\" {\n}\n" }
        let lists = files.map { file, names in
            // JSON has no infinity, which a division can give.
            "    \"\(file)\" = try(jsonencode({ values = ["
                + names.map { "var.\($0)" }.joined(separator: ", ") + "] }), null)\n"
        }
        let local = "locals {\n  files = {\n\(lists.joined())  }\n}\n"
        try write(Terraform.module + blocks.joined() + local, as: "main.tf")
    }

    /// The values of the declared variables as JSON: for each file the text of an object whose
    /// `values` are a list, or null when there is no JSON for them.
    func declaredValues(from names: [String]) throws -> [UInt8] {
        let files = names.map { "-var-file=\($0)" }
        let query = "base64encode(jsonencode(local.files))\n"
        let output = try run(["console", "-no-color"] + files, input: query)
        let text = String(decoding: output, as: UTF8.self).filter { !$0.isWhitespace && $0 != "\"" }
        guard let data = Data(base64Encoded: text), !data.isEmpty else {
            throw Failure(message: try read("errors"))
        }
        return Array(data)
    }

    /// What Terraform said instead of an answer.
    struct Failure: Error {
        let message: String
    }

    static let isInstalled = (try? Terraform())?.removed() ?? false

    func remove() { try? FileManager.default.removeItem(at: directory) }

    private func removed() -> Bool {
        remove()
        return true
    }

    func write(_ text: String, as name: String) throws { try write(Array(text.utf8), as: name) }

    func write(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: directory.appendingPathComponent(name))
    }

    func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appendingPathComponent(name)))
    }

    func delete(_ name: String) throws {
        try FileManager.default.removeItem(at: directory.appendingPathComponent(name))
    }

    func read(_ name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: directory.appendingPathComponent(name)), as: UTF8.self)
    }

    /// The syntax errors of variable files, by file.
    func complaints(about names: [String]) throws -> [String: [Complaint]] {
        let files = names.map { "-var-file=\($0)" }
        let output = try run(["plan", "-json", "-lock=false", "-input=false"] + files)
        var result: [String: [Complaint]] = [:]
        for line in output.split(separator: UInt8(ascii: "\n")) {
            guard let object = try JSONSerialization.jsonObject(with: line) as? [String: Any],
                let diagnostic = object["diagnostic"] as? [String: Any],
                diagnostic["severity"] as? String == "error",
                let range = diagnostic["range"] as? [String: Any],
                let file = range["filename"] as? String,
                let start = range["start"] as? [String: Int]
            else { continue }
            let complaint = Complaint(
                line: start["line"] ?? 0, column: start["column"] ?? 0, byte: start["byte"] ?? 0,
                summary: diagnostic["summary"] as? String ?? "")
            result[file, default: []].append(complaint)
        }
        return result
    }

    /// The values of variable files as JSON, nil for files that cannot be evaluated.
    func values(of names: [String]) throws -> [String?] {
        let calls = names.map {
            "try(jsonencode(provider::terraform::decode_tfvars(file(\"\($0)\"))), null)"
        }
        let query = "base64encode(jsonencode([\(calls.joined(separator: ","))]))\n"
        let output = try run(["console", "-no-color"], input: query)
        let text = String(decoding: output, as: UTF8.self).filter { !$0.isWhitespace && $0 != "\"" }
        guard let data = Data(base64Encoded: text),
            let list = try JSONSerialization.jsonObject(with: data) as? [Any]
        else { return [] }
        return list.map { $0 as? String }
    }

    /// The names of the files that `terraform fmt` would change.
    func unformatted() throws -> [String] {
        let output = try run(["fmt", "-check", "-list=true"])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Formats all files.
    func format() throws { _ = try run(["fmt"]) }

    /// Runs a command and gives its standard output. Input and output go through files, so no
    /// pipe can fill up; the timer keeps a hanging Terraform from hanging the tests.
    private func run(_ arguments: [String], input: String = "") throws -> Data {
        let inputFile = directory.appendingPathComponent("input")
        let outputFile = directory.appendingPathComponent("output")
        try Data(input.utf8).write(to: inputFile)
        let errorFile = directory.appendingPathComponent("errors")
        try Data().write(to: outputFile)
        try Data().write(to: errorFile)
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": directory.path, "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": "/dev/null",
        ]
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + 60)
        timer.setEventHandler { process.terminate() }
        timer.resume()
        process.waitUntilExit()
        timer.cancel()
        return try Data(contentsOf: outputFile)
    }
}
