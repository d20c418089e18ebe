import Foundation
import Model

/// What a plan would do, by address and action alone: no value of it, so no secret.
///
/// That of the review is kept until the next one, so that a plan that has to be made anew, in
/// another process even, applies nothing that nobody has seen.
struct ReviewedChanges: Codable, Equatable {
    /// The Terraform directory.
    let directory: String
    /// Actions by address, as Terraform names them: `create`, `update`, `delete`, `forget`.
    let actions: [String: Set<String>]

    /// One line for each change here that is not in `reviewed`: `ADDRESS would be created`.
    ///
    /// The way back of what was reviewed is fine: an abort takes it. So is what is left of it:
    /// an apply may have been cut short.
    func beyond(_ reviewed: ReviewedChanges) -> [String] {
        actions.keys.sorted().flatMap { address in
            let known = reviewed.actions[address] ?? []
            let allowed = known.union(known.compactMap { Self.reverse[$0] })
            return (actions[address] ?? []).subtracting(allowed).sorted().map {
                "\(address) would be \(Self.words[$0] ?? "changed (\($0))")"
            }
        }
    }

    private static let reverse = ["create": "delete", "delete": "create"]
    private static let words = [
        "create": "created", "update": "changed", "delete": "destroyed", "forget": "forgotten",
    ]

    // MARK: Keeping

    /// Nil when nothing was reviewed, or another directory.
    static func kept(in folder: String, for directory: String) -> ReviewedChanges? {
        guard let bytes = FileManager.default.contents(atPath: path(in: folder)),
            let kept = try? JSONDecoder().decode(Self.self, from: bytes),
            kept.directory == directory
        else { return nil }
        return kept
    }

    /// Throws a `Problem` when it cannot be kept: nothing could be compared with it later.
    func keep(in folder: String) throws {
        let path = Self.path(in: folder)
        let fresh = path + ".new"
        let manager = FileManager.default
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self),
            manager.createFile(
                atPath: fresh, contents: bytes, attributes: [.posixPermissions: 0o600]),
            rename(fresh, path) == 0
        else {
            throw Problem(
                .refused, "What was reviewed cannot be kept.", at: path, fix: "ls -ld \(folder)")
        }
    }

    /// What follows is nothing that was reviewed.
    static func forget(in folder: String) {
        try? FileManager.default.removeItem(atPath: path(in: folder))
    }

    private static func path(in folder: String) -> String {
        folder + "/terraform.tfplan.reviewed"
    }
}
