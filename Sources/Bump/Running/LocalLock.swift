import Execution
import Foundation
import Model
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `.bump/lock`: held by flock(2) as long as a run's process lives, so that a killed one never
/// leaves it behind. Its text names the holder.
final class LocalLock: RunLocking {
    private let path: String
    private let text: String
    private let descriptor = Mutex<Int32?>(nil)

    init(repository: URL, run: RunID, title: String) {
        path = Self.path(in: repository)
        text = "\(run) (\(title)), process \(ProcessInfo.processInfo.processIdentifier)"
    }

    func take() throws {
        try descriptor.withLock { held in
            guard held == nil else { return }
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard opened >= 0 else {
                throw Problem(
                    .refused, "The lock cannot be opened.", at: ".bump/lock",
                    fix: "ls -ld .bump; it must belong to you",
                    causes: [String(cString: strerror(errno))])
            }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                close(opened)
                throw Self.problem(holder: Self.holder(path))
            }
            let bytes = Array(text.utf8)
            ftruncate(opened, 0)
            _ = bytes.withUnsafeBytes { pwrite(opened, $0.baseAddress, $0.count, 0) }
            held = opened
        }
    }

    func release() {
        descriptor.withLock { held in
            if let held { close(held) }
            held = nil
        }
    }

    /// Who holds the lock at this moment; nil when nobody does.
    static func holder(in repository: URL) -> String? {
        let path = path(in: repository)
        let opened = open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        defer { close(opened) }
        if flock(opened, LOCK_SH | LOCK_NB) == 0 { return nil }
        return holder(path)
    }

    static func problem(holder: String) -> Problem {
        Problem(
            .refused, "Another run is going on in this repository: \(holder).",
            fix: "wait for it, or stop it with Ctrl-C")
    }

    private static func holder(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? "unknown"
    }

    private static func path(in repository: URL) -> String {
        repository.appending(path: ".bump/lock").path
    }
}
