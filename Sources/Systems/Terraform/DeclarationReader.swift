import Foundation
import HCL
import Model

/// Turns what the files say into a `Declaration`.
struct DeclarationReader {
    var directory: String
    var sources: VariableSources
    var names: VariableNames
    /// Encrypted files that Terraform does not load by itself.
    var sealedFiles: [String] = []

    func declaration() throws -> Declaration {
        Declaration(
            directory: directory, talos: try version(names.talos),
            kubernetes: try version(names.kubernetes), extensions: try list(names.extensions),
            extensionsPlace: try effective(names.extensions).value?.place)
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
            if case .null = found.value {
                return .unknown(
                    "\(found.place): \(name) is null, so the Talos provider chooses one")
            }
            guard case .string(let text) = found.value else {
                return .unknown(
                    "\(found.place): \(name) is \(found.value.kindName), not a plain string")
            }
            guard let version = Version(text) else {
                return .unknown("\(found.place): \(text) is not a full version such as v1.9.4")
            }
            var notes = found.overridden.map { "overrides \($0)" }
            notes += try mentions(of: version, besides: found.place).map {
                "\($0) names \(version.number) too, and is not changed with it"
            }
            if let backend = sources.backend, ["cloud", "remote"].contains(backend.type) {
                notes.append(
                    "\(backend.place) keeps runs with HCP Terraform, where a variable of the "
                        + "workspace named \(name) would win")
            }
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
            let sealed = sealedFiles.first.map {
                "; \($0) is encrypted, and Terraform does not read it by itself"
            }
            return .unknown("the variable \(path.name) is set nowhere\(sealed ?? "")")
        }
        let others = settings.dropLast()
        guard case .file(let place) = winner.origin else {
            let instead = others.last.map { "; an edit of \($0.place) would not take effect" }
            return .unknown("\(name) is set by \(winner.place)\(instead ?? "") until that is unset")
        }
        if let encryption = winner.encryption {
            return .unknown(
                "\(place): the file is encrypted with \(encryption), so it can be neither read "
                    + "nor edited; set \(path.name) in a plain *.auto.tfvars file")
        }
        guard !winner.isExpression else {
            return .unknown("\(place): \(name) is computed, not a plain value")
        }
        guard let value = winner.value else {
            return .unknown(
                "\(place): \(path.name) is set without \(name.dropFirst(path.name.count + 1)), "
                    + "so a default inside its type applies, if any; write it there")
        }
        return .known(
            Effective(value: value, place: place, overridden: others.map(\.place)))
    }

    /// Other values that hold the same version, such as the URL of an image: at most five.
    private func mentions(of version: Version, besides place: Place) throws -> [String] {
        let number = version.number
        let found = sources.leaves().filter { leaf in
            leaf.place.file != place.file || leaf.place.path != place.path
        }.filter { leaf in
            guard let text = leaf.value.string, let range = text.range(of: number) else {
                return false
            }
            let before = text[..<range.lowerBound].last
            let after = text[range.upperBound...].first
            return before?.isNumber != true && before != "." && after?.isNumber != true
        }
        return found.prefix(5).map { "\($0.place) (\($0.path))" }
    }
}
