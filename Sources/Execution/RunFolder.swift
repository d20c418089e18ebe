package import Foundation
package import Model

/// The folder of one run: `.bump/runs/ID` with the plan, the journal and the snapshots.
///
/// `.bump` is mode 0700 and holds a `.gitignore` of `*`, so that nothing in it is ever committed.
package struct RunFolder: Sendable {
    package let id: RunID
    private let root: URL

    /// - Parameter repository: the work tree's root.
    package init(id: RunID, repository: URL) {
        self.id = id
        root = repository
    }

    private var url: URL { Self.runs(in: root).appending(path: id.text) }

    package func path(of file: String) -> String { url.appending(path: file).path }

    package func relativePath(of file: String) -> String { ".bump/runs/\(id)/\(file)" }

    package var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

    package static func runs(in repository: URL) -> URL {
        repository.appending(path: ".bump/runs")
    }

    /// Makes the folder and `.bump` around it. Throws a `Problem` when it cannot.
    package func create() throws {
        try Self.prepareHome(in: root)
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem(
                .refused, "The folder of the run cannot be made.", at: ".bump/runs/\(id)",
                fix: "ls -ld .bump; it must belong to you and be writable",
                causes: [error.localizedDescription])
        }
    }

    /// Makes `.bump`. Throws a `Problem` when it cannot.
    package static func prepareHome(in repository: URL) throws {
        let files = FileManager.default
        let home = repository.appending(path: ".bump")
        do {
            try files.createDirectory(
                at: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let ignore = home.appending(path: ".gitignore")
            if !files.fileExists(atPath: ignore.path) {
                try Data("*\n".utf8).write(to: ignore)
            }
        } catch {
            throw Problem(
                .refused, "The folder .bump cannot be written.", at: home.path,
                fix: "ls -ld .bump; it must belong to you and be writable",
                causes: [error.localizedDescription])
        }
    }

    /// Writes the plan, mode 0600.
    package func save(_ plan: Plan) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let file = url.appending(path: "plan.json")
            try encoder.encode(plan).write(to: file, options: .atomic)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: file.path)
        } catch {
            throw Problem(
                .refused, "The plan cannot be saved.", at: relativePath(of: "plan.json"),
                causes: [error.localizedDescription])
        }
    }

    package func loadPlan() throws -> Plan {
        do {
            return try JSONDecoder().decode(
                Plan.self, from: Data(contentsOf: url.appending(path: "plan.json")))
        } catch {
            throw Problem(
                .refused, "The plan of run \(id) cannot be read.",
                at: relativePath(of: "plan.json"), causes: ["\(error)"])
        }
    }
}
