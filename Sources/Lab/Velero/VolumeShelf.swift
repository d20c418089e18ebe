import Foundation
import Model

/// The contents of volumes: a folder for each claim, which anybody may fill and read.
///
/// They are on the disks of the machines, and go with them.
package struct VolumeShelf: Sendable {
    let root: String

    package init(root: String) { self.root = root }

    /// The folder of a claim; made when it is not there.
    func folder(_ namespace: String, _ claim: String) -> String {
        let path = "\(root)/\(Self.safe(namespace))/\(Self.safe(claim))"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Files by their path below the folder.
    func contents(_ namespace: String, _ claim: String) -> [String: Data] {
        let base = folder(namespace, claim)
        var files: [String: Data] = [:]
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: base)) ?? []
        for name in names.prefix(10_000) {
            var isFolder: ObjCBool = false
            let path = "\(base)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue, let bytes = FileManager.default.contents(atPath: path)
            else { continue }
            files[name] = bytes
        }
        return files
    }

    /// Puts files into the folder; others stay.
    func write(_ files: [String: Data], _ namespace: String, _ claim: String) {
        let base = folder(namespace, claim)
        for (name, bytes) in files where !name.split(separator: "/").contains("..") {
            let path = "\(base)/\(name)"
            try? FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            try? bytes.write(to: URL(fileURLWithPath: path))
        }
    }

    /// The disk is gone.
    func lose(_ namespace: String, _ claim: String) {
        try? FileManager.default.removeItem(
            atPath: "\(root)/\(Self.safe(namespace))/\(Self.safe(claim))")
    }

    /// All disks are gone.
    func loseEverything() { try? FileManager.default.removeItem(atPath: root) }

    private static func safe(_ name: String) -> String {
        name.replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "..", with: "_")
    }
}
