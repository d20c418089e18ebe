import Foundation

/// What a file was before its last edit, so that going back gives the same bytes again, comments of
/// what was taken away included. Private: the file may hold secrets.
struct Keepsake: Codable {
    private var before: Data
    private var after: Data

    /// Keeps the bytes of a file before an edit, in place of what was kept of it.
    static func keep(_ before: [UInt8], after: [UInt8], of file: String, in folder: String) {
        let path = path(of: file, in: folder)
        guard
            let bytes = try? JSONEncoder().encode(
                Keepsake(before: Data(before), after: Data(after)))
        else { return }
        let manager = FileManager.default
        try? manager.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let fresh = path + ".new"
        guard
            manager.createFile(
                atPath: fresh, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { return }
        if rename(fresh, path) != 0 { try? manager.removeItem(atPath: fresh) }
    }

    /// The other side of the last edit: what the file was before it, when it is as that edit left
    /// it; what it should have become, when the edit was kept and then not made.
    static func other(side now: [UInt8], of file: String, in folder: String) -> [UInt8]? {
        guard let bytes = FileManager.default.contents(atPath: path(of: file, in: folder)),
            let kept = try? JSONDecoder().decode(Keepsake.self, from: bytes)
        else { return nil }
        if [UInt8](kept.after) == now { return [UInt8](kept.before) }
        return [UInt8](kept.before) == now ? [UInt8](kept.after) : nil
    }

    private static func path(of file: String, in folder: String) -> String {
        let name = file.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "_" }
        return folder + "/before-" + String(name.suffix(120)) + ".json"
    }
}
