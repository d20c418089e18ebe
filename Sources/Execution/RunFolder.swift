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

    /// What to type when neither `resume` nor `abort` can read what the run did: the folder is kept,
    /// and the cluster itself tells what is left to do.
    package var wayOut: String {
        "mv .bump/runs/\(id) .bump/\(id).damaged, then bump status: a node shown cordoned wants "
            + "kubectl uncordon NODE, and the command that began the run does what is left"
    }

    /// Whether something was told of the run: the first word of it comes after the first record.
    var hasEvents: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: "events.jsonl"))
        return (attributes?[.size] as? Int ?? 0) > 0
    }

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
            for made in [url, Self.runs(in: root), root.appending(path: ".bump")] {
                DurableFile.synchronizeFolder(of: made.path)
            }
        } catch {
            throw Problem(
                .refused, "The folder of the run cannot be made.", at: ".bump/runs/\(id)",
                fix: "ls -ld .bump; df -h .bump; it must belong to you, and need room",
                causes: [error.localizedDescription])
        }
    }

    /// Makes `.bump`. Throws a `Problem` when it cannot.
    package static func prepareHome(in repository: URL) throws {
        let files = FileManager.default
        let home = repository.appending(path: ".bump")
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: home.path, isDirectory: &isFolder), !isFolder.boolValue {
            throw Problem(
                .refused, "There is a file where the folder .bump belongs.", at: home.path,
                fix: "mv .bump .bump.old")
        }
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
                fix: "ls -ld .bump; df -h .bump; it must belong to you, and need room",
                causes: [error.localizedDescription])
        }
    }

    /// Removes the etcd snapshots and the rescue folders of all runs but the newest ones. They hold
    /// every secret of the cluster, so none is kept without need; what cannot be removed stays.
    package func keepNewestSecrets(_ count: Int = 3) {
        keepNewest(count) { $0.hasPrefix("etcd-") && $0.hasSuffix(".snapshot") }
        keepNewest(count) { $0 == "rescue" }
    }

    private func keepNewest(_ count: Int, _ isMeant: (String) -> Bool) {
        let files = FileManager.default
        let runs = Self.runs(in: root)
        var found: [(path: String, made: Date)] = []
        for run in (try? files.contentsOfDirectory(atPath: runs.path)) ?? [] {
            let names = (try? files.contentsOfDirectory(atPath: "\(runs.path)/\(run)")) ?? []
            for name in names where isMeant(name) {
                let path = "\(runs.path)/\(run)/\(name)"
                let attributes = try? files.attributesOfItem(atPath: path)
                found.append((path, attributes?[.modificationDate] as? Date ?? .distantPast))
            }
        }
        for old in found.sorted(by: { $0.made > $1.made }).dropFirst(count) {
            try? files.removeItem(atPath: old.path)
        }
    }

    /// Writes the plan and its checksum, mode 0600.
    package func save(_ plan: Plan) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let bytes = try encoder.encode(plan)
            for (name, content) in [
                ("plan.sum", Data(Journal.checksum(bytes).utf8)), ("plan.json", bytes),
            ] {
                try DurableFile.write(content, to: path(of: name))
            }
        } catch {
            throw Problem(
                .refused, "The plan cannot be saved, so nothing is done.",
                at: relativePath(of: "plan.json"), fix: "df -h .bump",
                causes: [error.localizedDescription])
        }
    }

    /// The plan that the run carries out. Throws a `Problem` when it is missing or damaged, or was
    /// written by another version.
    package func loadPlan() throws -> Plan {
        let place = relativePath(of: "plan.json")
        do {
            let bytes = try Data(contentsOf: url.appending(path: "plan.json"))
            let version = try JSONDecoder().decode(Format.self, from: bytes).version
            guard version == Plan.currentVersion else {
                throw Problem(
                    .refused, "The plan of run \(id) was written by another version of bump.",
                    at: place,
                    details: ["Its format is \(version), this one reads \(Plan.currentVersion)."],
                    fix: "bump --version; go on with the version that began the run")
            }
            let sum = try? Data(contentsOf: url.appending(path: "plan.sum"))
            if let sum, String(decoding: sum, as: UTF8.self) != Journal.checksum(bytes) {
                throw damagedPlan
            }
            return try JSONDecoder().decode(Plan.self, from: bytes)
        } catch let problem as Problem {
            throw problem
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw Problem(
                .refused, "The plan of run \(id) is missing.", at: place, fix: wayOut)
        } catch is DecodingError {
            throw damagedPlan
        } catch {
            throw Problem(
                .refused, "The plan of run \(id) cannot be read.", at: place,
                fix: "ls -l \(place); it must belong to you", causes: [error.localizedDescription])
        }
    }

    private var damagedPlan: Problem {
        Problem(
            .refused, "The plan of run \(id) is damaged.", at: relativePath(of: "plan.json"),
            fix: wayOut)
    }

    private struct Format: Decodable { var version: Int }
}
