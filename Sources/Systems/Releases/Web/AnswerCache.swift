import Foundation

/// Earlier answers of feeds, one file each, readable by their owner alone.
///
/// A file that is damaged, too large or about something else counts as none, and a folder that
/// cannot be written is no reason to fail.
struct AnswerCache<Value: Codable & Sendable>: Sendable {
    /// Nil: nothing is kept.
    let folder: String?

    struct Entry: Codable {
        /// Raised when the shape changes.
        var format: Int
        /// What was asked.
        var url: String
        var etag: String?
        /// Seconds since 1970.
        var fetchedAt: Double
        var value: Value
    }

    func read(_ url: String, as name: String) -> Entry? {
        guard let path = path(name),
            let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int, size <= 8 << 20,
            let bytes = FileManager.default.contents(atPath: path),
            let entry = try? JSONDecoder().decode(Entry.self, from: bytes),
            entry.format == Self.format, entry.url == url, entry.fetchedAt.isFinite
        else { return nil }
        return entry
    }

    /// Replaces the file in one step.
    func write(_ value: Value, url: String, etag: String?, at time: Double, as name: String) {
        guard let folder, let path = path(name) else { return }
        let manager = FileManager.default
        let entry = Entry(
            format: Self.format, url: url, etag: etag, fetchedAt: time, value: value)
        guard let bytes = try? JSONEncoder().encode(entry) else { return }
        try? manager.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
        guard
            manager.createFile(
                atPath: draft, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { return }
        if rename(draft, path) != 0 { try? manager.removeItem(atPath: draft) }
    }

    private func path(_ name: String) -> String? { folder.map { "\($0)/\(name).json" } }

    private static var format: Int { 1 }
}
