import Execution
import Foundation
import Git
import Model
import Terraform

/// Whether the file and HEAD still are what a run has made of them: its journal tells only what
/// was done, and somebody may have taken it back since.
struct DeclaredOutcome {
    let project: TerraformProject
    let repository: GitRepository
    let plan: Plan

    /// Looks at what the journal says is done.
    ///
    /// - Parameter isOver: The run has just ended, so that nothing is left to be taken up.
    /// - Throws: a `Problem` that names the place, what it says and what it should say.
    func check(_ memory: Memory, isOver: Bool) async throws {
        guard let edit = plan.edit, isSettled(memory, { $0 == .edit(edit) }) else { return }
        let file = try project.standingValue(of: edit)
        var committed: EditedValue?
        if isSettled(memory, { if case .commit = $0 { true } else { false } }) {
            committed = try project.value(
                of: edit, in: try await repository.contents(of: edit.place.file))
        }
        guard !file.isNew || committed?.isNew == false else { return }
        throw await problem(edit, file, committed, isOver: isOver)
    }

    private func isSettled(_ memory: Memory, _ isIt: (Model.Operation) -> Bool) -> Bool {
        plan.steps.contains { step in
            guard case .perform(let operation) = step.action else { return false }
            return isIt(operation) && memory.isSettled(step.id)
        }
    }

    private func problem(
        _ edit: ValueEdit, _ file: EditedValue, _ committed: EditedValue?, isOver: Bool
    ) async -> Problem {
        let path = edit.place.path
        var details: [String] = []
        if let committed, !committed.isNew, !file.isNew {
            details.append("HEAD says \(says(committed, path)) at \(committed.location).")
        }
        details.append(
            isOver
                ? "The run \(plan.id) is over, and the cluster is as \(edit.new) says."
                : "Nothing was touched: the run \(plan.id) goes on when they agree.")
        let subject = file.isNew ? "HEAD" : edit.place.file
        let found = file.isNew ? committed ?? file : file
        return Problem(
            isOver ? .stopped : .refused,
            "\(subject) says \(says(found, path)), and the run set it to \(edit.new).",
            at: file.isNew ? "HEAD:\(found.location)" : found.location, details: details,
            fix: await fix(edit, file, committed, isOver: isOver))
    }

    private func says(_ value: EditedValue, _ path: String) -> String {
        value.text.map { "\(path) is \($0)" } ?? "nothing of \(path)"
    }

    private func fix(
        _ edit: ValueEdit, _ file: EditedValue, _ committed: EditedValue?, isOver: Bool
    ) async -> String {
        var words: [String] = []
        if !file.isNew { words.append(setting(edit, isThere: file.text != nil)) }
        if committed?.isNew == false {
            let name = edit.place.file
            words.append("git commit -m '\(edit.place.path): \(edit.new)' -- \(name)")
        }
        var text = words.joined(separator: " && ")
        if committed?.isNew == false, let branch = await otherBranch() {
            text = "git checkout \(branch); or: \(text)"
        }
        if isOver { return text }
        text += "; then: bump resume"
        switch plan.target {
        case .abort, .rebuild: return text
        default:
            // Backing out refuses a third value as well.
            let isThird = !file.isNew && file.text != edit.old
            return isThird ? text : text + "; or back out: bump abort"
        }
    }

    /// Where the run's commit is, when that is not the branch that is checked out.
    private func otherBranch() async -> String? {
        guard let branch = try? await repository.branch(holding: plan.id) else { return nil }
        let present = try? await repository.facts(committing: []).branch
        return branch == present ? nil : branch
    }

    private func setting(_ edit: ValueEdit, isThere: Bool) -> String {
        let name = edit.place.file
        guard isThere, name.hasSuffix(".tfvars") || name.hasSuffix(".tfvars.json"),
            !edit.new.contains(",")
        else { return "set \(edit.place.path) to \(edit.new) in \(name)" }
        return "bump tfvars set \(name) \(edit.place.path) \(edit.new)"
    }
}

extension PlanExecution {
    /// Refuses to go on with a run whose edit or commit was taken back.
    func checkDeclared(_ plan: Plan, _ memory: Memory, isOver: Bool = false) async throws {
        try await DeclaredOutcome(
            project: workspace.project, repository: workspace.repository, plan: plan
        ).check(memory, isOver: isOver)
    }
}
