import HCL
import Model

/// Turns what the files say into a `Declaration`.
struct DeclarationReader {
    var directory: String
    var sources: VariableSources
    var names: VariableNames

    func declaration() throws -> Declaration {
        Declaration(
            directory: directory, talos: try version(names.talos),
            kubernetes: try version(names.kubernetes), extensions: try list(names.extensions))
    }

    /// The place that takes effect; nil when it is not in a file or nothing is set.
    func place(of name: String) throws -> Place? {
        guard
            case .file(let place)? =
                try sources.settings(of: VariableNames.path(name)).last?.origin
        else { return nil }
        return place
    }

    private func version(_ name: String) throws -> Observed<DeclaredValue> {
        switch try effective(name) {
        case .unknown(let reason): return .unknown(reason)
        case .known(let found):
            guard case .string(let text) = found.value else {
                return .unknown(
                    "\(found.place): \(name) is \(found.value.kindName), not a plain string")
            }
            guard let version = Version(text) else {
                return .unknown("\(found.place): \(text) is not a full version such as v1.9.4")
            }
            let notes = found.overridden.map { "overrides \($0)" }
            return .known(
                DeclaredValue(text: text, version: version, place: found.place, notes: notes))
        }
    }

    private func list(_ name: String) throws -> Observed<[String]> {
        switch try effective(name) {
        case .unknown(let reason): return .unknown(reason)
        case .known(let found):
            if case .null = found.value { return .known([]) }
            guard let items = found.value.list else {
                return .unknown("\(found.place): \(name) is \(found.value.kindName), not a list")
            }
            let texts = items.compactMap(\.string)
            guard texts.count == items.count else {
                return .unknown("\(found.place): \(name) holds more than plain strings")
            }
            return .known(texts)
        }
    }

    private struct Effective: Sendable {
        var value: HCLValue
        var place: Place
        var overridden: [String]
    }

    private func effective(_ name: String) throws -> Observed<Effective> {
        let path = try VariableNames.path(name)
        guard sources.isDeclared(path.name) else {
            return .unknown("no variable \(path.name) is declared in \(directory)")
        }
        let settings = sources.settings(of: path)
        guard let winner = settings.last else {
            return .unknown("the variable \(path.name) is set nowhere")
        }
        let others = settings.dropLast()
        guard case .file(let place) = winner.origin else {
            let instead = others.last.map { "; an edit of \($0.place) would not take effect" }
            return .unknown("\(name) is set by \(winner.place)\(instead ?? "") until that is unset")
        }
        guard let value = winner.value, !winner.isExpression else {
            return .unknown(
                winner.isExpression
                    ? "\(place): \(name) is computed, not a plain value"
                    : "\(place): \(path.name) is set without \(name)")
        }
        return .known(
            Effective(value: value, place: place, overridden: others.map(\.place)))
    }
}
