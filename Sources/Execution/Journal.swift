import Foundation
package import Model

/// A run's journal on disk: one record a line, `SEQUENCE LENGTH CHECKSUM JSON`, each synced before
/// the next thing happens. A torn tail is cut; any other damage is an error, and so is a record that
/// this version does not know: what was written is never taken for less than it says.
package final class Journal {
    private let handle: FileHandle
    private let place: String
    private var sequence: Int

    /// What the file held when it was opened.
    package let records: [JournalRecord]

    /// Opens or makes the journal of `folder`. Throws a `Problem` when it cannot be read, is
    /// damaged, or cannot be written.
    package init(in folder: RunFolder) throws {
        let path = folder.path(of: "journal")
        place = folder.relativePath(of: "journal")
        let (records, whole) = try Self.parse(try Self.bytes(in: folder), in: folder)
        do {
            if !FileManager.default.fileExists(atPath: path) { try DurableFile.make(path) }
            handle = try FileHandle(forUpdating: URL(filePath: path))
            try handle.truncate(atOffset: UInt64(whole))
            try handle.seekToEnd()
        } catch {
            throw Problem(
                .refused, "The journal cannot be written, so nothing is done.", at: place,
                fix: "ls -l \(place); df -h .bump; it must belong to you, and need room",
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
            // Without a first record there is no run yet, and nothing to resume.
            let hasBegun = sequence > 1
            throw Problem(
                hasBegun ? .stopped : .refused,
                hasBegun
                    ? "The journal cannot be written; stopping here."
                    : "The journal cannot be written, so nothing is done.", at: place,
                fix: "df -h .bump; make room, then: "
                    + (hasBegun ? "bump resume" : "the same command again"),
                causes: [error.localizedDescription])
        }
    }

    package func close() { try? handle.close() }

    /// The records of a journal, without opening it for writing; none when there is no journal.
    package static func read(in folder: RunFolder) throws -> [JournalRecord] {
        try parse(try bytes(in: folder), in: folder).records
    }

    private static func bytes(in folder: RunFolder) throws -> Data {
        let path = folder.path(of: "journal")
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return Data()
        } catch {
            let place = folder.relativePath(of: "journal")
            throw Problem(
                .refused, "The journal of run \(folder.id) cannot be read.", at: place,
                fix: "ls -l \(place); it must belong to you", causes: [error.localizedDescription])
        }
    }

    /// The whole records, and how many bytes they take. What is behind the last whole line is a
    /// torn write and does not count.
    static func parse(
        _ bytes: Data, in folder: RunFolder
    ) throws -> (records: [JournalRecord], whole: Int) {
        let place = folder.relativePath(of: "journal")
        var records: [JournalRecord] = []
        var offset = bytes.startIndex
        if bytes.isEmpty, folder.hasEvents {
            throw Problem(
                .refused, "The journal of run \(folder.id) is empty, and the run had begun.",
                at: place, details: ["What it did is not known."], fix: folder.wayOut)
        }
        while let end = bytes[offset...].firstIndex(of: 0x0A) {
            let line = bytes[offset..<end]
            let number = records.count + 1
            switch record(in: line, number: number) {
            case .record(let record): records.append(record)
            case .unknown:
                throw Problem(
                    .refused, "The journal was written by a newer version of bump.",
                    at: "\(place):\(number)",
                    fix: "bump --version; go on with the version that began run \(folder.id)")
            case .damaged:
                // A block of a torn write that never reached the disk reads as zeros.
                let isLast = bytes.index(after: end) == bytes.endIndex
                if isLast, line.contains(0) { return (records, offset - bytes.startIndex) }
                throw Problem(
                    .refused, "The journal is damaged.", at: "\(place):\(number)",
                    details: [
                        "What run \(folder.id) did before this line is known, what it did after "
                            + "it is not."
                    ], fix: folder.wayOut)
            }
            offset = bytes.index(after: end)
        }
        return (records, offset - bytes.startIndex)
    }

    private enum Line {
        case record(JournalRecord)
        /// Whole, and not of this version.
        case unknown
        case damaged
    }

    private static func record(in line: Data, number: Int) -> Line {
        let parts = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, Int(text(parts[0])) == number,
            Int(text(parts[1])) == parts[3].count, text(parts[2]) == checksum(parts[3])
        else { return .damaged }
        return (try? JSONDecoder().decode(JournalRecord.self, from: parts[3]))
            .map(Line.record) ?? .unknown
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
