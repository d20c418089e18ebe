import Execution
import Foundation
import Model

/// Finds what to rebuild from in the history of runs and in git: the version that was good, and a
/// backup that was seen to be complete.
struct KnownGood {
    let store: RunStore

    typealias Choice = (version: Version, reason: String)

    /// A version that the files declared, and the run whose commit brought it.
    struct Declared: Equatable {
        var version: Version
        var run: RunID?
    }

    /// What ran before the run that is open; what every node runs as declared; where the last run
    /// ended well; what git tells of the time before a run whose end nobody here knows; what the
    /// files declare.
    ///
    /// - Parameter history: newest first; the first is what is declared now.
    func talos(_ snapshot: Snapshot, history: [Declared]) -> Choice? {
        let last = lastRun()
        if let last, !last.endedWell { return last.choice }
        guard let declared = snapshot.declaration.talos.value?.version ?? history.first?.version
        else { return last?.choice }
        if isRunning(declared, snapshot), declared != last?.choice.version {
            return (declared, "which every node runs")
        }
        if let last { return last.choice }
        return beforeUnknownRun(declared, history) ?? (declared, "what the files declare")
    }

    private func lastRun() -> (choice: Choice, endedWell: Bool)? {
        for run in (try? store.runs()) ?? [] {
            guard let (plan, memory) = read(run) else { continue }
            switch plan.target {
            case .talos(let version) where memory.result == .done,
                .rebuild(let version, _) where memory.result == .done:
                return ((version, "where run \(run) ended well"), true)
            case .rollback where memory.result == .done:
                guard let version = plan.nodes.map(\.to).min() else { continue }
                return ((version, "where run \(run) ended well"), true)
            case .talos where memory.result == .stopped || memory.result == nil:
                guard let before = plan.nodes.map(\.from).min() else { continue }
                return ((before, "what ran before run \(run)"), false)
            default: continue
            }
        }
        return nil
    }

    private func isRunning(_ version: Version, _ snapshot: Snapshot) -> Bool {
        !snapshot.nodes.isEmpty
            && snapshot.nodes.allSatisfy { node in
                node.machine.value.map { $0.version == version && $0.isReady } ?? false
                    && node.kubernetes.value?.isReady == true
            }
    }

    /// A commit of a run says what was wanted, not that it went well; one that went back was wanted
    /// because the other was not good.
    private func beforeUnknownRun(_ declared: Version, _ history: [Declared]) -> Choice? {
        guard let newest = history.first, newest.version == declared, let run = newest.run,
            let before = history.first(where: { $0.version != declared }),
            before.version < declared
        else { return nil }
        return (before.version, "what git has before run \(run), whose end is not known here")
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
