import Foundation
package import Model

/// A run's journal on disk: one record a line, `SEQUENCE LENGTH CHECKSUM JSON`, each synced before
/// the next thing happens. A torn tail is cut; damage before the tail is an error.
package final class Journal {
    private let handle: FileHandle
    private var sequence: Int

    /// What the file held when it was opened.
    package let records: [JournalRecord]

    /// Opens or makes the journal of `folder`. Throws a `Problem` when it cannot be read, is
    /// damaged, or cannot be written.
    package init(in folder: RunFolder) throws {
        let path = folder.path(of: "journal")
        let place = folder.relativePath(of: "journal")
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        let (records, whole) = try Self.parse(bytes, place: place)
        do {
            if !FileManager.default.fileExists(atPath: path) {
                let made = FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
                guard made else { throw CocoaError(.fileWriteNoPermission) }
            }
            handle = try FileHandle(forUpdating: URL(filePath: path))
            try handle.truncate(atOffset: UInt64(whole))
            try handle.seekToEnd()
        } catch {
            throw Problem(
                .refused, "The journal cannot be written, so nothing is done.", at: place,
                fix: "ls -l \(place); is the disk full, or the file another user's?",
                causes: [error.localizedDescription])
        }
        self.records = records
        sequence = records.count
    }

    /// Writes one record and waits until it is on disk.
    package func append(_ record: JournalRecord) throws {
        sequence += 1
        do {
            let json = try JSONEncoder().encode(record)
            var line = Data("\(sequence) \(json.count) \(Self.checksum(json)) ".utf8)
            line.append(json)
            line.append(0x0A)
            try handle.write(contentsOf: line)
            try handle.synchronize()
        } catch {
            throw Problem(
                .stopped, "The journal cannot be written; stopping here.",
                fix: "make room on the disk, then: bump resume",
                causes: [error.localizedDescription])
        }
    }

    package func close() { try? handle.close() }

    /// The records of a journal, without opening it for writing.
    package static func read(in folder: RunFolder) throws -> [JournalRecord] {
        let bytes = FileManager.default.contents(atPath: folder.path(of: "journal")) ?? Data()
        return try parse(bytes, place: folder.relativePath(of: "journal")).records
    }

    /// The whole records, and how many bytes they take. What is behind the last whole line is a
    /// torn write and does not count.
    static func parse(_ bytes: Data, place: String) throws -> (records: [JournalRecord], whole: Int)
    {
        var records: [JournalRecord] = []
        var offset = bytes.startIndex
        while let end = bytes[offset...].firstIndex(of: 0x0A) {
            let line = bytes[offset..<end]
            guard let record = record(in: line, number: records.count + 1) else {
                let isLast = bytes.index(after: end) == bytes.endIndex
                if isLast { break }
                throw Problem(
                    .refused, "The journal is damaged.", at: "\(place):\(records.count + 1)",
                    fix: "look at bump status; what the run did before this line is known, what "
                        + "it did after it is not")
            }
            records.append(record)
            offset = bytes.index(after: end)
        }
        return (records, offset - bytes.startIndex)
    }

    private static func record(in line: Data, number: Int) -> JournalRecord? {
        let parts = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, Int(text(parts[0])) == number,
            Int(text(parts[1])) == parts[3].count, text(parts[2]) == checksum(parts[3])
        else { return nil }
        return try? JSONDecoder().decode(JournalRecord.self, from: parts[3])
    }

    private static func text(_ bytes: Data) -> String { String(decoding: bytes, as: UTF8.self) }

    /// FNV-1a, 64 bits, in hex: finds torn and flipped bytes.
    static func checksum(_ bytes: Data) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
