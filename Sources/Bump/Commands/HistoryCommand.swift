import ArgumentParser
import Execution
import Foundation
import Model

struct HistoryCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The runs of this repository, newest first.")

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        var entries = try workspace.store.runs().compactMap { Entry($0, workspace.store) }
        // An abort that was killed before its last word: what it backed out of is over all the same.
        for done in entries where done.result == "done" && done.title.hasPrefix("abort of run ") {
            let title = done.title
            for index in entries.indices where title.hasSuffix(entries[index].id) {
                entries[index].result = "aborted"
            }
        }
        if shared.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let document = Document(version: 1, runs: entries)
            world.output.data([String(decoding: try encoder.encode(document), as: UTF8.self)])
        } else if entries.isEmpty {
            world.output.talk("No runs yet.")
        } else {
            world.output.data(entries.map { "\($0.id)  \($0.result)  \($0.title)" })
        }
    }

    private struct Document: Encodable {
        var version: Int
        var runs: [Entry]
    }

    private struct Entry: Encodable {
        var id: String
        var title: String
        var result: String
        var startedAt: Double

        /// Nil for a run that never began. One whose journal cannot be read is shown as that.
        init?(_ run: RunID, _ store: RunStore) {
            let folder = store.folder(of: run)
            id = run.text
            title = (try? folder.loadPlan())?.target.title ?? "unknown"
            guard let records = try? Journal.read(in: folder) else {
                result = "unreadable"
                startedAt = 0
                return
            }
            guard let began = RunStore.beginning(records) else { return nil }
            result = Memory(records).result?.rawValue ?? "open"
            startedAt = began
        }
    }
}
