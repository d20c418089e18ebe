import ArgumentParser
import Foundation
import Model
import Rehearsal
import Simulation

struct LabSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Rehearse whole upgrades in virtual time, with faults and crashes.",
        discussion: """
            bump lab simulate --seeds 1..3000

            One seed in a dozen is a rebuild. Every invariant is judged after every event. A seed \
            that breaks one is printed with what it stands for, and goes the same way again. With \
            --shrink it is also told how little it takes: what has no part in it is left out as \
            long as it still breaks.
            """)

    @Option(help: ArgumentHelp("One seed, or a range.", valueName: "a..b"))
    var seeds = "1..1000"

    @Flag(help: "Print each run's events.")
    var verbose = false

    @Flag(help: "Find the smallest variation of a seed that breaks the same invariant.")
    var shrink = false

    func run() throws {
        guard let range = Self.range(seeds) else {
            throw Problem(
                .usage, "\(seeds) is no range of seeds.", fix: "bump lab simulate --seeds 1..3000")
        }
        let output = Output(environment: ProcessInfo.processInfo.environment, noColor: true)
        let commit = SourceCommit.find().map { "commit \($0)" } ?? "of no known commit"
        let clock = ContinuousClock()
        let began = clock.now
        var stock = ClusterStock()
        var broken = 0
        var ends: [String: Int] = [:]
        for seed in range {
            let rehearsal = Rehearsal(seed: seed)
            let outcome = rehearsal.run(on: &stock)
            ends[outcome.result?.rawValue ?? "no end", default: 0] += 1
            if verbose {
                output.data(outcome.events.map(Self.line))
            }
            if let how = outcome.broken {
                broken += 1
                output.data([
                    "seed \(seed): \(how)", "  \(rehearsal.scenario)",
                    "  again: bump lab simulate --seeds \(seed) --verbose  "
                        + "(bump \(BumpCommand.version), \(commit))",
                ])
                if shrink, let least = rehearsal.shrunk() { output.data(Self.lines(least)) }
            }
        }
        let seconds = (clock.now - began) / .seconds(1)
        let total = range.count
        let summary = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        output.data([
            "\(total) upgrades (\(summary.joined(separator: ", "))), \(broken) broke an invariant, "
                + String(
                    format: "%.1f s, %.0f a second", seconds, Double(total) / max(seconds, 1e-9))
        ])
        if broken > 0 { throw ExitCode(1) }
    }

    /// The smallest variation, with the ground truth of how it went.
    private static func lines(
        _ least: (rehearsal: Rehearsal, outcome: Rehearsal.Outcome)
    ) -> [String] {
        ["  at least: \(least.rehearsal.scenario)", "    \(least.outcome.broken ?? "")"]
            + least.outcome.events.suffix(40).map { "  " + line($0) }
    }

    private static func line(_ event: LabEvent) -> String {
        "  \(event.time)  \(event.kind.rawValue)  \(event.node?.text ?? "-")  \(event.by)  "
            + event.detail
    }

    private static func range(_ text: String) -> ClosedRange<UInt64>? {
        let parts = text.components(separatedBy: "..")
        guard let first = UInt64(parts[0]) else { return nil }
        if parts.count == 1 { return first...first }
        guard parts.count == 2, let last = UInt64(parts[1]), first <= last,
            last - first < 10_000_000
        else { return nil }
        return first...last
    }
}
