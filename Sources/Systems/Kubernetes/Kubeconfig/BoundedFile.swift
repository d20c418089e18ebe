import Foundation
import Model

/// Reads small files: kubeconfigs, certificates, keys and tokens.
enum BoundedFile {
    /// Far above any real kubeconfig, far below what would hurt.
    static let largest = 4 << 20

    /// The file's bytes. A file that cannot be read, or is larger than `largest`, is a `Problem`
    /// that names the path and never the contents.
    static func read(_ path: String, for purpose: String) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Problem(
                .refused, "The \(purpose) cannot be read.", at: path,
                fix: "Check that the file exists and that you may read it.")
        }
        defer { try? handle.close() }
        let data: Data
        do {
            data = try handle.read(upToCount: largest + 1) ?? Data()
        } catch {
            throw Problem(
                .refused, "The \(purpose) cannot be read.", at: path,
                fix: "Check that it is a file and that you may read it.")
        }
        guard data.count <= largest else {
            throw Problem(
                .refused, "The \(purpose) is larger than 4 MiB.", at: path,
                fix: "Check that the path names the right file.")
        }
        return [UInt8](data)
    }
}
