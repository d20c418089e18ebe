import Foundation

extension TerraformProject {
    /// Whether the configuration's own files hold this word anywhere.
    package func mentions(_ word: String) throws -> Bool {
        let folder = root + "/" + directory
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return names.filter { $0.hasSuffix(".tf") }.contains { name in
            let text = try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            return text?.contains(word) ?? false
        }
    }
}
