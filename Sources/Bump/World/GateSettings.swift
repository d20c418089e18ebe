import Model
import Yams

/// The settings `gates` and `check` of `.bump.yaml`.
///
///     gates:
///       - {apiVersion: v1, kind: Node, condition: Ready}
///       - apiVersion: longhorn.io/v1beta2
///         kind: Volume
///         namespace: longhorn-system
///         condition: .status.robustness=healthy
///     check:
///       allow: [flux.failed, "pod.crash-loop:demo/flaky-*"]
struct GateSettings: Sendable, Equatable {
    var gates: [GateRule] = []
    /// Codes of findings that do not stop a run, alone or with `:place`.
    var allowed: [String] = []

    /// A message and where in the file what it is about stands.
    struct Mistake: Error {
        var mark: String
        var what: String

        init(node: Node, what: String) {
            mark = node.fileMark
            self.what = what
        }
    }

    mutating func readGates(_ value: Node, file: String) throws(Mistake) {
        guard let items = value.sequence else {
            throw Mistake(node: value, what: "gates is a list")
        }
        guard items.count <= Self.most else {
            throw Mistake(node: value, what: "there are more than \(Self.most) gates")
        }
        gates = []
        for item in items { gates.append(try Self.gate(item, file)) }
    }

    mutating func readCheck(_ value: Node) throws(Mistake) {
        guard let mapping = value.mapping else {
            throw Mistake(node: value, what: "a mapping belongs here")
        }
        for (key, node) in mapping {
            guard key.string == "allow" else {
                throw Mistake(
                    node: key, what: "unknown setting \(key.string ?? "?"); there is allow")
            }
            guard let items = node.sequence else {
                throw Mistake(node: node, what: "check.allow is a list of codes")
            }
            allowed = items.compactMap { $0.scalar?.string }
        }
    }

    private static func gate(_ item: Node, _ file: String) throws(Mistake) -> GateRule {
        guard let mapping = item.mapping else {
            throw Mistake(node: item, what: "a gate is a mapping with kind and condition")
        }
        var texts: [String: String] = [:]
        var marks: [String: Node] = [:]
        for (key, node) in mapping {
            guard let name = key.string, known.contains(name) else {
                throw Mistake(
                    node: key,
                    what: "unknown \(key.string ?? "?") in a gate; there is "
                        + known.joined(separator: ", "))
            }
            guard let text = node.scalar?.string else {
                throw Mistake(node: node, what: "a text belongs here")
            }
            texts[name] = text
            marks[name] = node
        }
        guard let kind = texts["kind"], let written = texts["condition"] else {
            throw Mistake(node: item, what: "a gate needs kind and condition")
        }
        guard let condition = GateRule.Condition(written) else {
            throw Mistake(
                node: marks["condition"] ?? item,
                what: "\"\(written)\" is no condition such as Ready, Ready=False, "
                    + ".status.phase=Ready or .status.phase!=Failed"
            )
        }
        return GateRule(
            apiVersion: texts["apiVersion"] ?? "v1", kind: kind, namespace: texts["namespace"],
            name: texts["name"], selector: texts["selector"], condition: condition,
            place: file + item.fileMark)
    }

    private static let known = [
        "apiVersion", "kind", "namespace", "name", "selector", "condition",
    ]
    private static let most = 100
}

extension Node {
    /// `:LINE:COLUMN`; empty where it is not known.
    var fileMark: String { mark.map { ":\($0.line):\($0.column)" } ?? "" }
}
