import Foundation
import Model

/// Writes an etcd snapshot: a stream of chunks into a file that only its owner can read.
enum SnapshotFile {
    /// Writes beside `path` and renames when the file is whole and on disk, so that `path` is
    /// either absent or good. Gives the size in bytes. Throws `.stopped`; what was begun is
    /// removed.
    static func write<Chunks: AsyncSequence>(
        _ chunks: Chunks, to path: String
    ) async throws -> Int64 where Chunks.Element == Data {
        let part = path + ".part"
        unlink(part)
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw trouble("cannot be created", at: path) }
        var isOpen = true
        defer {
            if isOpen { close(file) }
            unlink(part)
        }
        var size: Int64 = 0
        var digest = SnapshotDigest()
        for try await chunk in chunks {
            try writeAll(chunk, to: file, path: path)
            digest.update(chunk)
            size += Int64(chunk.count)
        }
        try check(size: size, path: path)
        guard digest.isRight else {
            throw Problem(
                .stopped, "The etcd snapshot is damaged: its checksum is another.", at: path,
                fix: "Run the same command again.")
        }
        guard fsync(file) == 0 else { throw trouble("cannot be written", at: path) }
        isOpen = false
        guard close(file) == 0, rename(part, path) == 0 else {
            throw trouble("cannot be put in place", at: path)
        }
        return size
    }

    /// A whole snapshot is a database of pages and a SHA-256 behind it.
    private static func check(size: Int64, path: String) throws {
        guard size > 32, size % 512 == 32 else {
            throw Problem(
                .stopped, "The etcd snapshot is not whole: \(size) bytes.", at: path,
                fix: "Run the same command again.")
        }
    }

    private static func writeAll(_ chunk: Data, to file: CInt, path: String) throws {
        try chunk.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { throw trouble("cannot be written", at: path) }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func trouble(_ what: String, at path: String) -> Problem {
        let reason = String(cString: strerror(errno))
        return Problem(
            .stopped, "The etcd snapshot \(what).", at: path,
            fix: "df -h \(URL(filePath: path).deletingLastPathComponent().path); make room, then: "
                + "bump resume", causes: [reason])
    }
}
