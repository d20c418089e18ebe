import Execution
import Foundation
import Model

/// The runs of a repository, as `.bump/runs` holds them.
struct RunStore {
    let repository: URL

    /// Newest first. Throws a `Problem` when the folder is there and cannot be read: a run that
    /// cannot be seen must not count as none.
    func runs() throws -> [RunID] {
        let home = RunFolder.runs(in: repository)
        do {
            let items = try FileManager.default.contentsOfDirectory(
                at: home, includingPropertiesForKeys: [.isDirectoryKey],
                options: .skipsHiddenFiles)
            return items.filter {
                (try? $0.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? true
            }
            .map { RunID($0.lastPathComponent) }.sorted().reversed()
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return []
        } catch {
            throw Problem(
                .refused, "The runs of this repository cannot be read.", at: ".bump/runs",
                fix: "ls -ld .bump .bump/runs; they must belong to you",
                causes: [error.localizedDescription])
        }
    }

    func folder(of run: RunID) -> RunFolder { RunFolder(id: run, repository: repository) }

    /// The run that has begun and has neither ended well nor been aborted. There is never more
    /// than one, since none begins while one is open; but an abort that is under way comes before
    /// the run that it backs out of.
    ///
    /// Throws a `Problem` when a run cannot be read: it may be the open one.
    func open() throws -> OpenRun? {
        var ended: [RunID] = []
        for run in try runs() {
            let records = try Journal.read(in: folder(of: run))
            guard let began = Self.beginning(records) else { continue }
            let result = Memory(records).result
            guard result == nil || result == .stopped else {
                if result == .done { ended.append(run) }
                continue
            }
            // Killed between the abort's last record and the word of it in the run's own journal.
            if ended.contains(where: { isAbort($0, of: run) }) { continue }
            let plan = try folder(of: run).loadPlan()
            return OpenRun(
                id: run, title: plan.target.title, startedAt: began,
                isAlive: LocalLock.holder(in: repository)?.hasPrefix(run.text) ?? false)
        }
        return nil
    }

    /// Whether the run was of this repository and is over.
    func hasEnded(_ run: RunID) -> Bool {
        guard let records = try? Journal.read(in: folder(of: run)),
            let result = Memory(records).result
        else { return false }
        return result != .stopped
    }

    /// The newest run that has saved what a rebuild needs.
    func newestRescue() -> RunFolder? {
        ((try? runs()) ?? []).map(folder).first {
            FileManager.default.fileExists(atPath: $0.path(of: "rescue/" + Rescue.kubernetesFile))
        }
    }

    /// Whether `run` is an abort of `other`.
    func isAbort(_ run: RunID, of other: RunID) -> Bool {
        (try? folder(of: run).loadPlan())?.target == .abort(other)
    }

    func isRebuild(_ run: RunID) -> Bool {
        if case .rebuild = (try? folder(of: run).loadPlan())?.target { true } else { false }
    }

    /// When the run began first; nil when it never did.
    static func beginning(_ records: [JournalRecord]) -> Double? {
        for case .begun(let time) in records { return time }
        return nil
    }
}
