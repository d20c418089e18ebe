import Execution
import Model

/// Takes an open run up again: shows what is left, asks, and carries it out.
struct Resumption {
    let workspace: Workspace
    let shared: SharedOptions
    let yes: Bool
    let takesOver: Bool

    func run(_ open: OpenRun) async throws {
        var execution = PlanExecution(workspace: workspace, shared: shared)
        if open.isAlive { throw execution.refusal(open) }
        let folder = workspace.store.folder(of: open.id)
        let plan = try folder.loadPlan()
        try execution.judge(plan)
        let memory = Memory(try Journal.read(in: folder))
        try await execution.checkDeclared(plan, memory)
        if !shared.json { workspace.world.output.talk(lines(plan, memory)) }
        try execution.confirm(yes: yes)
        let connection = try await connection(to: plan, folder)
        let backsOutOf: RunID? = if case .abort(let run) = plan.target { run } else { nil }
        if case .rebuild = plan.target {
        } else {
            try await execution.awaitCluster(connection, of: plan)
        }
        try await execution.checkLock(
            connection, own: backsOutOf ?? open.id, takesOver: takesOver)
        try await execution.execute(plan, connection, records: .resumed, ending: backsOutOf)
    }

    /// A rebuild may have to be taken up where there is no cluster: by what it has saved.
    private func connection(
        to plan: Plan, _ folder: RunFolder
    ) async throws -> Workspace.Connection {
        guard case .rebuild = plan.target else { return try await workspace.connect() }
        do {
            return try await workspace.connect()
        } catch {
            return try await workspace.connect(rescued: folder)
        }
    }

    private func lines(_ plan: Plan, _ memory: Memory) -> [String] {
        let left = plan.steps.filter { !memory.isSettled($0.id) }
        var lines = [
            "Run \(plan.id), \(plan.target.title): \(left.count) of "
                + "\(plan.steps.count) steps are left."
        ]
        lines += left.prefix(12).map { "  " + $0.title }
        if left.count > 12 { lines.append("  … and \(left.count - 12) more") }
        return lines
    }
}
