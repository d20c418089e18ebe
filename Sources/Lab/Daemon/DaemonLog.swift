import Foundation

/// The daemon's own diary: standard error, which `bump lab new` and `start` send to
/// `.lab/daemon.log`. Never a secret.
enum DaemonLog {
    static func write(_ text: String) {
        let time = Date().formatted(.iso8601)
        try? FileHandle.standardError.write(contentsOf: Data("\(time) \(text)\n".utf8))
    }
}
