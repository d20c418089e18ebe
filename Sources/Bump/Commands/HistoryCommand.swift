import ArgumentParser
import Display
import Execution
import Model

struct HistoryCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The runs of this repository, newest first.")

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        var runs = try workspace.store.runs().compactMap { Self.past($0, workspace.store) }
        // An abort that was killed before its last word: what it backed out of is over all the same.
        for done in runs where done.result == "done" && done.title.hasPrefix("abort of run ") {
            for index in runs.indices where done.title.hasSuffix(runs[index].id.text) {
                runs[index].result = "aborted"
            }
        }
        if shared.json {
            world.output.data([History.document(runs)])
        } else if runs.isEmpty {
            world.output.talk("No runs yet.")
        } else {
            world.output.data(History.lines(runs))
        }
    }

    /// Nil for a run that never began. One whose journal cannot be read is shown as that.
    private static func past(_ run: RunID, _ store: RunStore) -> PastRun? {
        let folder = store.folder(of: run)
        let title = (try? folder.loadPlan())?.target.title ?? "unknown"
        do {
            let records = try Journal.read(in: folder)
            guard let began = RunStore.beginning(records) else { return nil }
            return PastRun(
                id: run, title: title, result: Memory(records).result?.rawValue ?? "open",
                startedAt: .known(began))
        } catch {
            return PastRun(
                id: run, title: title, result: "unreadable",
                startedAt: .unknown(Problem(error).summary))
        }
    }
}
