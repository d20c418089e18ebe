import Foundation

/// The commit of the work tree in which this program was built: with it a seed goes the same way
/// again.
enum SourceCommit {
    /// The first twelve digits; nil for a program that was installed elsewhere.
    static func find(from program: URL? = Bundle.main.executableURL) -> String? {
        guard var folder = program?.resolvingSymlinksInPath().deletingLastPathComponent() else {
            return nil
        }
        for _ in 0..<32 where folder.path != "/" {
            let git = folder.appending(path: ".git")
            if let head = text(of: git.appending(path: "HEAD")) { return commit(head, in: git) }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    private static func commit(_ head: String, in git: URL) -> String? {
        guard head.hasPrefix("ref: ") else { return String(head.prefix(12)) }
        let name = String(head.dropFirst("ref: ".count))
        if let loose = text(of: git.appending(path: name)) { return String(loose.prefix(12)) }
        let packed = text(of: git.appending(path: "packed-refs")) ?? ""
        let line = packed.split(separator: "\n").first { $0.hasSuffix(" " + name) }
        return line.map { String($0.prefix(12)) }
    }

    private static func text(of file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
