import Foundation
import Model
import Testing

extension Sandbox {
    /// The values of all variables as the real program sees them.
    func values(in directory: String) throws -> JSONValue {
        let path = directory == "." ? root : root + "/" + directory
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".tf") || $0.hasSuffix(".tf.json") }
            .flatMap { name -> [String] in
                let text = try String(contentsOfFile: path + "/" + name, encoding: .utf8)
                let blocks = text.matches(of: /(?m)^variable "([a-z0-9_]+)"/).map { String($0.1) }
                guard name.hasSuffix(".json") else { return blocks }
                let document = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
                return blocks + (document["variable"]?.object ?? [:]).keys
            }
        let members = Set(names).sorted().map { "\($0) = var.\($0)" }.joined(separator: ", ")
        let printed = try run(
            ["terraform", "-chdir=" + path, "console"], input: "jsonencode({\(members)})\n")
        let text = try JSONDecoder().decode(String.self, from: Data(printed.utf8))
        return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// All files with their bytes; the program's own left out.
    func files() throws -> [String: Data] {
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let kept = names.filter { !$0.contains(".terraform") && !$0.contains("tfstate") }
        return Dictionary(
            uniqueKeysWithValues: kept.compactMap { name in
                FileManager.default.contents(atPath: root + "/" + name).map { (name, $0) }
            })
    }

    /// `files` with the text at the place of a value replaced, by line and column alone.
    func replacing(
        _ value: DeclaredValue, by text: String, in files: [String: Data]
    ) throws -> [String: Data] {
        var files = files
        let old = String(decoding: try #require(files[value.place.file]), as: UTF8.self)
        var lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let line = lines[value.place.line - 1]
        let start = line.index(line.startIndex, offsetBy: value.place.column)
        let end = line.index(start, offsetBy: value.text.count)
        #expect(line[start..<end] == value.text)
        // Comments that are aligned below each other stay so.
        lines[value.place.line - 1] = line.replacingCharacters(in: start..<end, with: text)
        files[value.place.file] = Data(lines.joined(separator: "\n").utf8)
        return files
    }

    /// `a.b["c"]` as `a`, `b`, `c`.
    func steps(_ path: String) -> [String] {
        path.split { ".[]\"".contains($0) }.map(String.init)
    }

    /// What a program says on stdout. A failure of it fails the test.
    func run(_ words: [String], input: String) throws -> String {
        let process = Process()
        let (stdin, stdout) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = environment
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let data = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(words)")
        return String(decoding: data, as: UTF8.self)
    }
}

extension JSONValue {
    /// With one value inside replaced.
    func setting(_ steps: ArraySlice<String>, to value: JSONValue) -> JSONValue {
        guard let first = steps.first else { return value }
        var copy = self
        copy[first] = (self[first] ?? .null).setting(steps.dropFirst(), to: value)
        return copy
    }
}
