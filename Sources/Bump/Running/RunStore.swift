import Execution
import Foundation
import Model

/// The runs of a repository, as `.bump/runs` holds them.
struct RunStore {
    let repository: URL

    /// Newest first.
    func runs() -> [RunID] {
        let names =
            (try? FileManager.default.contentsOfDirectory(
                atPath: RunFolder.runs(in: repository).path)) ?? []
        return names.map(RunID.init(_:)).sorted().reversed()
    }

    func folder(of run: RunID) -> RunFolder { RunFolder(id: run, repository: repository) }

    /// The run that has begun and has neither ended well nor been aborted. There is never more
    /// than one, since none begins while one is open.
    func open() throws -> OpenRun? {
        for run in runs() {
            let records = try Journal.read(in: folder(of: run))
            guard let began = Self.beginning(records) else { continue }
            let result = Memory(records).result
            guard result == nil || result == .stopped else { continue }
            let plan = try folder(of: run).loadPlan()
            return OpenRun(
                id: run, title: plan.target.title, startedAt: began,
                isAlive: LocalLock.holder(in: repository)?.hasPrefix(run.text) ?? false)
        }
        return nil
    }

    /// When the run began first; nil when it never did.
    static func beginning(_ records: [JournalRecord]) -> Double? {
        for case .begun(let time) in records { return time }
        return nil
    }
}
