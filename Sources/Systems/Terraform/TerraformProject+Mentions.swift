import Foundation

extension TerraformProject {
    /// Whether the configuration's own files hold this word anywhere.
    package func mentions(_ word: String) throws -> Bool {
        try texts().contains { $0.contains(word) }
    }

    /// Whether the configuration sorts its extensions: `sort(` or `toset(` on a line that speaks of
    /// them, or a variable of theirs that is a set, which Terraform keeps sorted.
    package func sortsExtensions() throws -> Bool {
        try texts().contains { text in
            var variable = ""
            return text.split(whereSeparator: \.isNewline).contains { raw in
                let line = raw.drop { $0 == " " || $0 == "\t" }.lowercased()
                guard !line.hasPrefix("#"), !line.hasPrefix("//") else { return false }
                if line.hasPrefix("variable ") { variable = line }
                if line.contains("sort(") || line.contains("toset(") {
                    return line.contains("extension")
                }
                return line.contains("set(string)") && variable.contains("extension")
            }
        }
    }

    private func texts() throws -> [String] {
        let folder = root + "/" + directory
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".tf")
        }.compactMap { try? String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }
    }
}
