import Foundation
import Model

/// The file `.lab/events.jsonl`: appended to, one JSON object a line, never rewritten.
package struct EventLog: Sendable {
    private let file: FileHandle

    /// Opens the log for appending, making it (0600) when it is not there.
    package init(path: String) throws {
        let manager = FileManager.default
        if !manager.fileExists(atPath: path) {
            _ = manager.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw Problem(.refused, "The lab's event log cannot be written.", at: path)
        }
        handle.seekToEndOfFile()
        file = handle
    }

    /// Writes the records at once. A full disk must not stop the lab: what cannot be written is
    /// left out.
    package func append(_ records: [EventRecord]) {
        if records.isEmpty { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Data()
        for record in records {
            guard let line = try? encoder.encode(record) else { continue }
            bytes.append(line)
            bytes.append(10)
        }
        try? file.write(contentsOf: bytes)
    }

    /// All records of a log; an empty list when there is no log yet. A torn last line is left out.
    package static func read(path: String) -> [EventRecord] {
        guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        return bytes.split(separator: 10).compactMap {
            try? decoder.decode(EventRecord.self, from: $0)
        }
    }
}
