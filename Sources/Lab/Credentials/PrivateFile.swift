package import Foundation
import Model

/// Files that only their owner may read.
package enum PrivateFile {
    /// Replaces the file in one step; it is 0600 from the moment it has content.
    package static func write(_ bytes: Data, to path: String) throws {
        let manager = FileManager.default
        let folder = (path as NSString).deletingLastPathComponent
        let draft = "\(path).new"
        do {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if manager.fileExists(atPath: draft) { try manager.removeItem(atPath: draft) }
            guard
                manager.createFile(
                    atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
                let file = FileHandle(forWritingAtPath: draft)
            else { throw CocoaError(.fileWriteUnknown) }
            try file.write(contentsOf: bytes)
            try file.close()
            guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw Problem(.refused, "A file of the lab cannot be written.", at: path)
        }
    }
}
