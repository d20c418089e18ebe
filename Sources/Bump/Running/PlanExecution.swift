import ArgumentParser
import Display
import Execution
import Foundation
import Inspection
import Kubernetes
import Model
import Planning
import Synchronization

/// Shows a plan, judges it, asks, and executes it.
struct PlanExecution: Sendable {
    let workspace: Workspace
    let shared: SharedOptions
    /// Whom the cluster's lock is taken from, as was allowed; nil when it is free or ours.
    var deadHolder: String?

    init(workspace: Workspace, shared: SharedOptions) {
        self.workspace = workspace
        self.shared = shared
    }

    var output: Output { workspace.world.output }

    /// Where the records of the run come from.
    enum Records {
        case new
        /// Take up the run of the same id again.
        case resumed
    }

    /// The plan as data under `--json`, else as text: to stdout when it is what was asked for, to
    /// stderr when it is only to be confirmed.
    func show(_ plan: Plan, json: Bool, next: PlanText.Next = .question) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            output.data([String(decoding: try encoder.encode(plan), as: UTF8.self)])
        } else if case .planOnly = next {
            output.data(PlanText(plan, output.dataStyle).lines(next: next))
        } else if !shared.json {
            output.talk(PlanText(plan, output.style).lines(next: next))
        }
    }

    /// Refuses a plan with errors: the planner's own, or the checker's.
    func judge(_ plan: Plan) throws {
        let errors = plan.findings.filter { $0.severity == .error }
        let wrong = Checker(plan).findings().filter { $0.severity == .error }
        if let first = errors.first {
            let isAway = errors.contains { $0.code == "node.unreachable" }
            throw Problem(
                isAway ? .unreachable : .refused, first.summary, at: first.location,
                details: errors.dropFirst().map { also in
                    let place = also.location.map { "\($0): " } ?? ""
                    return "also \(place)\(also.summary)"
                }, fix: first.fix)
        }
        if !plan.isEmpty, let first = wrong.first {
            throw Problem(
                .refused, first.summary, details: wrong.dropFirst().map(\.summary), fix: first.fix)
        }
    }

    /// Asks; without somebody to ask, `--yes` has to be said.
    func confirm(yes: Bool, question: String = "Go ahead?") throws {
        if yes { return }
        guard output.canAsk else {
            throw Problem(
                .refused, "Nobody is here to confirm the plan.", fix: "look at it, then add --yes")
        }
        let answer = output.ask("\(question) [y/N]")?.trimmingCharacters(in: .whitespaces)
        guard let answer, ["y", "yes"].contains(answer.lowercased()) else {
            throw Problem(.refused, "Not confirmed; nothing was changed.")
        }
    }

    func finishEmpty(_ plan: Plan) {
        output.data([
            EventJSON.line(
                Event(
                    time: workspace.world.now, kind: .runDone,
                    message: "nothing to do: \(plan.target.title)"))
        ])
    }

    /// Runs the plan and throws how it ended, when that is not well. `ending` is the run that is
    /// over once this one is done.
    func execute(
        _ plan: Plan, _ connection: Workspace.Connection, records: Records, ending: RunID? = nil
    ) async throws {
        let folder = workspace.store.folder(of: plan.id)
        if case .new = records {
            guard !folder.exists else {
                throw Problem(
                    .refused, "This plan was executed before, as run \(plan.id).",
                    fix: "make the plan anew")
            }
            if let holder = LocalLock.holder(in: workspace.root) {
                throw LocalLock.problem(holder: holder)
            }
            try folder.create()
            try folder.save(plan)
        }
        let holder = ClusterLock.holder(of: ending ?? plan.id, in: workspace.world)
        if let deadHolder {
            try await connection.cluster.takeOverLease(
                from: deadHolder, holder: holder.description, lasting: Operator.leaseDuration)
            if !shared.json { output.talk("Took the cluster's lock over from \(deadHolder).") }
        }
        // Before anything is done: the last word is written there when all is over.
        let ended = try ending.map { try Journal(in: workspace.store.folder(of: $0)) }
        let lock = LocalLock(
            repository: workspace.root, run: plan.id, title: plan.target.title)
        let printer = EventPrinter(
            output: output, json: shared.json, plan: plan, file: folder.path(of: "events.jsonl"))
        let drive = { (connection: Workspace.Connection, isReconnected: Bool) in
            try await Interruption().guarding {
                try await driver(
                    plan, connection, holder: holder, lock: lock, isReconnected: isReconnected,
                    sink: { printer.print($0) }
                ).run()
            }
        }
        var (result, problem) = try await drive(connection, false)
        if problem == Driver.reconnection {
            (result, problem) = try await drive(try await reconnect(), true)
        }
        lock.release()
        if result == .done { try ended?.append(.finished(.aborted)) }
        var told = problem
        if result == .stopped, let records = try? Journal.read(in: folder) {
            told?.details += LeftBehind(plan: plan, memory: Memory(records)).lines()
        }
        if result == .done {
            try await checkDeclared(plan, Memory(try Journal.read(in: folder)), isOver: true)
        }
        try finish(plan, result, told, records)
    }

    /// To the cluster that the run has made.
    private func reconnect() async throws -> Workspace.Connection {
        do {
            return try await workspace.connect()
        } catch var problem as Problem {
            problem.fix = (problem.fix.map { "\($0); then: " } ?? "") + "bump resume"
            throw problem
        }
    }

    private func driver(
        _ plan: Plan, _ connection: Workspace.Connection, holder: LeaseHolder, lock: LocalLock,
        isReconnected: Bool, sink: @escaping @Sendable (Event) -> Void
    ) throws -> Driver {
        let folder = workspace.store.folder(of: plan.id)
        let rescue = Rescue(workspace: workspace, connection: connection)
        let hooks = HookRunner(
            root: workspace.root, environment: workspace.world.environment,
            hooks: workspace.settings.rebuildHooks, kubeconfig: connection.kubernetesText)
        let operating = Operator(
            run: plan.id, holder: holder, folder: folder, machines: connection.changer,
            cluster: connection.cluster, repository: workspace.repository,
            infrastructure: workspace.project,
            componentReading: connection.machines, components: connection.changer,
            workloads: connection.cluster, lock: lock,
            recovery: Recovery(
                cluster: connection.cluster,
                leavesOut: { [allowed = workspace.settings.gates.allowed] in
                    Exceptions(allowed).allow("backup.claim", at: $0)
                },
                rescue: { try await rescue.save(backup: $0, into: $1) },
                run: {
                    try await hooks.run($0, keepingOutputIn: $1, within: $2, report: $3)
                }))
        return Driver(
            plan: plan, journal: try Journal(in: folder),
            observing: Observer(
                machines: connection.machines, cluster: connection.cluster,
                components: connection.machines, workloads: connection.cluster),
            operating: operating, controlPlanes: plan.controlPlanes,
            shield: { body in await Task { await body() }.value },
            isReconnected: isReconnected, clock: workspace.world.clock, sink: sink)
    }

    /// From the kept events, so that a run that was taken up again tells of all its parts.
    private func times(of plan: Plan) -> [(part: String, seconds: Double)] {
        let file = workspace.store.folder(of: plan.id).path(of: "events.jsonl")
        guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
        var times: [(part: String, seconds: Double)] = []
        var last: (part: String, since: Double)?
        for line in bytes.split(separator: 0x0A) {
            guard let event = try? JSONDecoder().decode(JSONValue.self, from: Data(line)),
                let kind = event["kind"]?.string.flatMap(Event.Kind.init(rawValue:)),
                [.stageStarted, .runStopped, .runDone].contains(kind),
                let time = event["time"]?.string.flatMap(Self.seconds)
            else { continue }
            if let last {
                if let at = times.firstIndex(where: { $0.part == last.part }) {
                    times[at].seconds += time - last.since
                } else {
                    times.append((last.part, time - last.since))
                }
            }
            last = kind == .stageStarted ? (event["message"]?.string ?? "", time) : nil
        }
        return times
    }

    /// Seconds since 1970, with the fraction that `ISOTime` drops.
    private static func seconds(_ text: String) -> Double? {
        guard let whole = ISOTime.seconds(text) else { return nil }
        let fraction = text.drop { $0 != "." }.dropLast()
        return whole + (Double("0" + fraction) ?? 0)
    }

    private func finish(
        _ plan: Plan, _ result: RunResult, _ problem: Problem?, _ records: Records
    ) throws {
        if let problem { throw problem }
        guard result == .done || result == .aborted else {
            throw Problem(.stopped, "The run \(plan.id) stopped.", fix: "bump resume")
        }
        if !shared.json {
            let closing = Closing(plan, times: times(of: plan), endsHere: records == .resumed)
            output.talk(closing.lines())
        }
    }

    /// Why nothing new begins while this run is open.
    func refusal(_ open: OpenRun) -> Problem {
        let started = Date(timeIntervalSince1970: open.startedAt).formatted(.iso8601)
        if open.isAlive {
            return Problem(
                .refused,
                "Another run is going on: \(open.title), run \(open.id), begun \(started).",
                fix: "wait for it, or stop it with Ctrl-C")
        }
        return Problem(
            .refused, "A run is open: \(open.title), run \(open.id), begun \(started).",
            fix: "finish it with bump resume, or back out of it with bump abort")
    }
}
