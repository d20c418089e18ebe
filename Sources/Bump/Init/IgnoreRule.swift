import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The line of a `.gitignore` that hides a file which is not there yet.
/// Source: https://git-scm.com/docs/gitignore#_pattern_format
struct IgnoreRule: Sendable, Equatable {
    /// Relative to the repository root.
    var file: String
    var line: Int
    var pattern: String
    /// The line that takes the path out again; it has to come after the pattern.
    var exception: String

    /// The last rule that matches wins; nil when none does, or an exception.
    static func hiding(_ path: String, in root: URL) -> IgnoreRule? {
        var found: IgnoreRule?
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last else { return nil }
        for depth in parts.indices {
            let folder = parts.prefix(depth).joined(separator: "/")
            let rest = parts.dropFirst(depth).joined(separator: "/")
            let file = folder.isEmpty ? ".gitignore" : folder + "/.gitignore"
            let text = try? String(contentsOf: root.appending(path: file), encoding: .utf8)
            let lines = (text ?? "").split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for (index, line) in lines.enumerated() {
                let rule = line.trimmingCharacters(in: .whitespaces)
                guard !rule.isEmpty, !rule.hasPrefix("#") else { continue }
                let isException = rule.hasPrefix("!")
                let pattern = isException ? String(rule.dropFirst()) : rule
                guard matches(pattern, path: rest, name: name) else { continue }
                found =
                    isException
                    ? nil
                    : IgnoreRule(
                        file: file, line: index + 1, pattern: pattern, exception: "!/" + rest)
            }
        }
        return found
    }

    /// Adds the exception at the end of the file that has the pattern.
    func addException(in root: URL) throws {
        let target = root.appending(path: file)
        do {
            let text = try String(contentsOf: target, encoding: .utf8)
            let start = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
            // Written through, so that mode and links stay as they are.
            try Data((start + exception + "\n").utf8).write(to: target)
        } catch {
            throw Problem(
                .refused, "\(file) cannot be written.", at: file,
                fix: "echo '\(exception)' >> \(file)", causes: [error.localizedDescription])
        }
    }

    private static func matches(_ pattern: String, path: String, name: String) -> Bool {
        if pattern.hasSuffix("/") { return false }
        guard pattern.contains("/") else { return fnmatch(pattern, name, 0) == 0 }
        let anchored = pattern.hasPrefix("/") ? String(pattern.dropFirst()) : pattern
        if anchored.hasPrefix("**/") {
            return matches(String(anchored.dropFirst(3)), path: path, name: name)
        }
        return fnmatch(anchored, path, FNM_PATHNAME) == 0
    }
}
