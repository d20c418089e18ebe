import ArgumentParser
import Display
import Foundation
import Model
import Planning
import Releases
import Terraform

struct OutdatedCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "outdated",
        abstract: "Newer releases, their risk, and whether it is time.",
        discussion: """
            Changes nothing. Exits 2 when the cadence asks for something now, else 0: made for a \
            monthly job. Without a cluster in reach it judges what is declared; without a network, \
            by the releases bundled with bump.
            """)

    @Flag(help: "Show the release notes, what breaks marked.")
    var notes = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        let sources = try workspace.releaseSources()
        if !shared.json { world.output.talk("Looking at the cluster and for releases …") }
        async let known = sources.feeds.all()
        let (running, remark) = try await running(in: workspace)
        var report = OutdatedRules(
            running: running, known: await known, cadence: workspace.settings.cadence,
            now: world.now
        ).report()
        report.remarks += [remark].compactMap(\.self)
        if notes { await addNotes(to: &report, from: sources.feeds) }
        if shared.json {
            world.output.data([OutdatedJSON.document(report)])
        } else {
            world.output.data(OutdatedText(report, world.output.dataStyle).lines())
        }
        if report.isDue { throw ExitStatus.pending }
    }

    /// What runs; what is declared when the cluster cannot be asked, with the reason.
    private func running(
        in workspace: Workspace
    ) async throws -> (OutdatedRules.Running, remark: String?) {
        do {
            let snapshot = try await workspace.inspect(try await workspace.connect())
            let isSilent = snapshot.nodes.allSatisfy { $0.machine.value == nil }
            return (
                OutdatedRules.Running(snapshot),
                isSilent ? "No node answers, so this is about what is declared." : nil
            )
        } catch {
            let problem = Problem(error)
            if problem.kind == .interrupted { throw problem }
            let declared = try await workspace.project.declaration()
            guard declared.talos.value != nil || declared.kubernetes.value != nil else {
                throw problem
            }
            let running = OutdatedRules.Running(
                clusterName: workspace.root.lastPathComponent,
                talos: declared.talos.value?.version,
                kubernetes: declared.kubernetes.value?.version)
            return (
                running,
                "The cluster cannot be asked, so this is about what is declared: \(problem.summary)"
            )
        }
    }

    /// Asked one after the other, which is how GitHub wants it. The first that fails ends it.
    private func addNotes(to report: inout OutdatedReport, from feeds: ReleaseFeeds) async {
        for index in report.items.indices {
            let item = report.items[index]
            for version in OutdatedRules.notable(item) {
                do {
                    report.items[index].notes.append(
                        try await feeds.notes(of: item.product, version))
                } catch {
                    let problem = Problem(error)
                    report.remarks.append(
                        "No notes of \(item.product.title) \(item.product.spelling(version)): "
                            + problem.summary)
                    if problem.kind != .refused { return }
                }
            }
        }
    }
}
