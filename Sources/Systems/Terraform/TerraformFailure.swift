import Foundation
import Model

/// What Terraform complained about, made into a `Problem`.
struct TerraformFailure {
    var program: String
    /// Relative to the repository root.
    var directory: String
    /// What was being done, such as `plan`.
    var doing: String
    var kind: Problem.Kind
    /// The process on this machine that works with the state.
    var holder: Int32?
    /// The folder of ours, or Terraform's, whose disk has no room left.
    var full: String?

    /// Whether a disk has no room for what Terraform writes.
    static func isFull(_ folder: String) -> Bool {
        let facts = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (facts?[.systemFreeSize] as? Int).map { $0 < 1 << 16 } ?? false
    }

    /// - Parameter messages: the lines of a `-json` stream, or the diagnostics themselves.
    func problem(_ outcome: Invocation.Outcome, messages: [JSONValue]) -> Problem {
        withRoom(told(outcome, messages: messages))
    }

    /// For commands that only speak to people.
    func problem(text: String) -> Problem { withRoom(told(text: text)) }

    /// On a full disk Terraform complains of anything but the disk.
    private func withRoom(_ problem: Problem) -> Problem {
        guard let full else { return problem }
        var told = problem
        told.summary = "\(program) \(doing) failed: the disk is full."
        told.location = full
        told.details = []
        told.fix = "df -h \(full); make room, then try again"
        told.causes = [problem.summary] + problem.causes
        return told
    }

    private func told(_ outcome: Invocation.Outcome, messages: [JSONValue]) -> Problem {
        guard let status = outcome.status else {
            return Problem(
                kind, "\(program) \(doing) took too long and was stopped.",
                fix: "\(command(doing)), to see what hangs")
        }
        if status < 0 {
            return Problem(
                kind, "\(program) \(doing) was killed by signal \(-status).",
                fix: "\(command("plan")), to look at the state before anything else")
        }
        let diagnostics =
            messages
            .compactMap { $0["diagnostic"] ?? ($0["summary"] != nil ? $0 : nil) }
            .filter { $0["severity"]?.string == "error" }
        if let first = diagnostics.first { return problem(first, others: diagnostics.dropFirst()) }
        if status == Self.panic {
            return Problem(
                kind, "\(program) \(doing) crashed.", at: directory,
                fix: "\(command("plan")), to look at the state before anything else",
                causes: outcome.errors.split(separator: "\n").map(String.init)
                    .filter { $0.hasPrefix("panic: ") })
        }
        return told(text: outcome.errors)
    }

    private func told(text: String) -> Problem {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "╷│╵ ")) }
        let start = lines.firstIndex { $0.hasPrefix("Error: ") } ?? lines.endIndex
        guard start < lines.endIndex else {
            return Problem(
                kind, "\(program) \(doing) failed.", fix: command(doing),
                causes: lines.filter { !$0.isEmpty }.prefix(5).map { $0 })
        }
        let summary = String(lines[start].dropFirst("Error: ".count))
        let rest = lines[(start + 1)...].filter { !$0.isEmpty }
        let diagnostic: JSONValue = .object([
            "summary": .string(summary), "detail": .string(rest.joined(separator: "\n")),
        ])
        return problem(diagnostic, others: [])
    }

    private func problem(_ diagnostic: JSONValue, others: ArraySlice<JSONValue>) -> Problem {
        let summary = diagnostic["summary"]?.string ?? "unknown error"
        let detail = diagnostic["detail"]?.string ?? ""
        if summary.contains("Error acquiring the state lock") { return locked(detail) }
        if summary.contains("Saving a generated plan") {
            return Problem(
                .refused, "Terraform runs remotely here, where plans cannot be saved.",
                at: directory, details: [detail.split(separator: "\n").joined(separator: " ")],
                fix: "Set the workspace's execution mode to Local: then plans are made here, "
                    + "judged, and applied as judged.", causes: [summary])
        }
        if Self.missing.contains(where: { (summary + "\n" + detail).contains($0) }) {
            return Problem(
                .refused, "The Terraform directory \(directory) is not initialised.",
                at: directory, fix: command("init"), causes: [summary])
        }
        let isTooOld = summary.hasPrefix("Unsupported ") && summary.hasSuffix(" Core version")
        var lines = source(diagnostic)
        lines += detail.split(separator: "\n").prefix(12).map(String.init)
        let others = Set(others.compactMap { $0["summary"]?.string }).subtracting([summary])
            .sorted().prefix(5)
        return Problem(
            kind, "\(program) \(doing) failed: \(summary).".replacing("..", with: "."),
            at: place(diagnostic), details: lines,
            fix: isTooOld
                ? "Install a version that it accepts, and name it: export BUMP_TERRAFORM=PATH"
                : command(doing == "output" ? "plan" : doing), causes: Array(others))
    }

    private func locked(_ detail: String) -> Problem {
        func field(_ name: String) -> String? {
            detail.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                .first { $0.hasPrefix(name + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
        // Then the lock that is shown is the one that was asked for, up to Terraform 1.14.
        let foreign = detail.firstMatch(of: /already locked: ID=(\S+)/).map { String($0.1) }
        let id = foreign ?? field("ID") ?? "ID"
        let who = foreign == nil ? field("Who") ?? "somebody" : "somebody else"
        let work = field("Operation").map { $0.replacing("OperationType", with: "").lowercased() }
        let way =
            holder.map { "or ask it to stop: kill -INT \($0)" }
            ?? "and only if it is dead: \(command("force-unlock \(id)"))"
        return Problem(
            .refused,
            "The Terraform state is locked by \(who)"
                + (foreign == nil ? work.map { ", who runs \($0)" } ?? "" : "")
                + (holder.map { " as process \($0)" } ?? "") + ".",
            at: directory,
            details: ["lock \(id)"]
                + (foreign == nil ? ["taken \(field("Created") ?? "at an unknown time")"] : []),
            fix: "Wait until that is over, \(way)")
    }

    /// The line of source and a caret below it.
    private func source(_ diagnostic: JSONValue) -> [String] {
        guard let code = diagnostic["snippet", "code"]?.string, !code.isEmpty else {
            return []
        }
        let line = code.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        let column = diagnostic["range", "start", "column"]?.integer ?? 1
        let padding = String(repeating: " ", count: Int(min(max(column - 1, 0), 400)))
        return [String(line), padding + "^"]
    }

    private func place(_ diagnostic: JSONValue) -> String? {
        guard let file = diagnostic["range", "filename"]?.string else {
            return diagnostic["address"]?.string
        }
        let line = diagnostic["range", "start", "line"]?.integer ?? 1
        let column = diagnostic["range", "start", "column"]?.integer ?? 1
        return "\(directory == "." ? "" : directory + "/")\(file):\(line):\(column)"
    }

    private func command(_ name: String) -> String {
        directory == "." ? "\(program) \(name)" : "\(program) -chdir=\(directory) \(name)"
    }

    /// The exit status of Terraform when it crashes.
    private static let panic: Int32 = 11

    /// Parts of the texts that mean `init` has not been run, or not since something changed.
    private static let missing = [
        "Inconsistent dependency lock file", "Backend initialization required",
        "Module not installed", "Required plugins are not installed", "terraform init",
        "tofu init", "Backend configuration changed", "Missing required provider",
    ]
}
