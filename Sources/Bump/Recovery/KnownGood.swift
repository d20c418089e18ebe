import Execution
import Foundation
import Model

/// Finds what to rebuild from in the history of runs: the version that was good, and a backup that
/// was seen to be complete.
struct KnownGood {
    let store: RunStore

    /// The version that the cluster ran before the open run, else the one that the last Talos run
    /// ended well at; nil without such a run.
    func talos() -> (version: Version, reason: String)? {
        for run in (try? store.runs()) ?? [] {
            guard let (plan, memory) = read(run) else { continue }
            let name = "run \(run)"
            switch plan.target {
            case .talos(let version) where memory.result == .done:
                return (version, "where \(name) ended well")
            case .talos where memory.result == .stopped || memory.result == nil:
                if let before = plan.nodes.map(\.from).min() {
                    return (before, "what ran before \(name)")
                }
            case .rebuild(let version, _) where memory.result == .done:
                return (version, "where \(name) ended well")
            default: continue
            }
        }
        return nil
    }

    /// The newest backup that a run has seen end as Completed.
    func backup() -> String? { backups().first }

    /// Newest first.
    func backups() -> [String] {
        ((try? store.runs()) ?? []).compactMap { run in
            guard let (plan, memory) = read(run), memory.isSettled("backup") else { return nil }
            return plan.steps.lazy.compactMap { step -> String? in
                guard case .perform(.backUp(let name)) = step.action else { return nil }
                return name
            }.first
        }
    }

    private func read(_ run: RunID) -> (Plan, Memory)? {
        let folder = store.folder(of: run)
        guard let records = try? Journal.read(in: folder), !records.isEmpty,
            let plan = try? folder.loadPlan()
        else { return nil }
        return (plan, Memory(records))
    }
}
