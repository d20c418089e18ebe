import Foundation

/// Files that are on the disk, whole and under their names, when a call returns: also when the
/// power fails right after.
enum DurableFile {
    /// Replaces the file at `path`, mode 0600.
    static func write(_ bytes: Data, to path: String) throws {
        let fresh = path + ".new"
        try make(fresh, holding: bytes)
        guard rename(fresh, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        synchronizeFolder(of: path)
    }

    /// Makes an empty file, mode 0600.
    static func make(_ path: String) throws {
        try make(path, holding: Data())
        synchronizeFolder(of: path)
    }

    /// A name is in its folder, and only the folder's own sync keeps it there. Some file systems
    /// know no such thing, and then it is left to them.
    static func synchronizeFolder(of path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        guard let handle = try? FileHandle(forReadingFrom: folder) else { return }
        try? handle.synchronize()
        try? handle.close()
    }

    private static func make(_ path: String, holding bytes: Data) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteNoPermission) }
        let handle = try FileHandle(forUpdating: URL(filePath: path))
        defer { try? handle.close() }
        try handle.write(contentsOf: bytes)
        try handle.synchronize()
    }
}
