import Foundation
import Model
import Terraform

/// What `bump init` found and would do, for people and for programs.
struct InitReport {
    let result: InitSurvey.Result
    let settingsName: String

    /// The version for a variable that was asked for.
    var kubernetes: Version?

    var isPending: Bool {
        !result.proposal.isEmpty || result.move != nil || kubernetes != nil
    }

    var lines: [String] {
        let width = result.findings.map(\.name.count).max() ?? 0
        var lines = result.findings.flatMap { $0.lines(width: width) } + [""]
        if !result.proposal.isEmpty {
            lines += ["\(settingsName) would say:", ""]
            lines += result.proposal.lines.map { "    " + $0 } + [""]
        }
        if let move = result.move {
            lines.append("These would move to \(move.target), which Terraform loads last:")
            lines += [""] + move.variables.map { "    \($0.name) from \($0.place)" } + [""]
        }
        if let rule = result.ignoreRule {
            lines += [
                "\(rule.file):\(rule.line) ignores that file with \(rule.pattern), so",
                "\(rule.exception) would be added at the end of \(rule.file).", "",
            ]
        }
        if let kubernetes, let offer = result.kubernetes {
            lines += [
                "kubernetes_version = \"\(kubernetes.number)\" would be declared in \(offer.target)",
                "and handed to \(offer.users.joined(separator: ", ")).", "",
            ]
        }
        if !isPending { lines.append("Nothing has to be written.") }
        return lines
    }

    /// One document on one line.
    func json() throws -> String {
        let move = result.move.map { move -> JSONValue in
            let variables = move.variables.map { variable -> JSONValue in
                [
                    "name": .string(variable.name),
                    "from": .string(variable.place.description),
                ]
            }
            let exception = result.ignoreRule.map { rule -> JSONValue in
                [
                    "file": .string(rule.file), "line": .integer(Int64(rule.line)),
                    "pattern": .string(rule.pattern), "exception": .string(rule.exception),
                ]
            }
            return [
                "target": .string(move.target), "variables": .array(variables),
                "ignoredBy": exception ?? .null,
            ]
        }
        let settings: JSONValue =
            result.proposal.isEmpty
            ? .null
            : ["file": .string(settingsName), "text": .string(result.proposal.text)]
        let document: JSONValue = [
            "version": 1, "findings": .array(result.findings.map(\.json)), "settings": settings,
            "move": move ?? .null,
            "kubernetesVariable": result.kubernetes.map { offer -> JSONValue in
                [
                    "target": .string(offer.target),
                    "users": .array(offer.users.map(JSONValue.string)),
                ]
            } ?? .null,
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
