import Foundation

/// The files of this checkout, as text.
struct SourceTree {
    struct File {
        /// Relative to the root.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var name: String { (path as NSString).lastPathComponent }
        var folder: String { (path as NSString).deletingLastPathComponent }
    }

    let root: URL

    init(testFile: String = #filePath) {
        root = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Files below a folder that end so, without what is generated, in the order of their paths.
    func files(below folder: String, ending: String) throws -> [File] {
        let all = FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []
        return try all.filter { $0.hasSuffix(ending) && !$0.contains("/Generated/") }.sorted()
            .map { try file("\(folder)/\($0)") }
    }

    func file(_ path: String) throws -> File {
        File(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).standardized.path)
    }
}
