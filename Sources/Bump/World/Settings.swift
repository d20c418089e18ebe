import Foundation
import Model
import Yams

/// `.bump.yaml` at the repository root: overrides of what convention finds.
struct Settings: Sendable, Equatable {
    /// `terraform.directory`, relative to the root.
    var terraformDirectory: String?
    /// `terraform.apply`: `before`, `after` or `never`.
    var apply: PlanOptions.ApplyMoment?
    /// `variables.*`: the path of a value, such as `talos_image.version`.
    var variables: [String: String] = [:]
    /// `schematic`: the file with the image's schematic, relative to the root, where no list of
    /// extensions is declared.
    var schematic: String?
    var talosconfig: String?
    var kubeconfig: String?
    /// `backup: none` makes no backup unless asked.
    var backup = true
    /// `factory.url`: an Image Factory of one's own.
    var factoryURL: String?
    /// `releases.url`: where release feeds are read instead of GitHub and dl.k8s.io.
    var releasesURL: String?
    var cadence = Cadence()
    /// `rebuild.hooks`: what is installed between the new cluster and the restore.
    var rebuildHooks: [RebuildHook] = []
    var limits = Limits()
    /// `gates` and `check`.
    var gates = GateSettings()

    /// Reads the file; a missing one gives the defaults. Throws a `Problem` with file and line for
    /// anything it does not know.
    static func read(_ file: URL, name: String) throws -> Settings {
        guard FileManager.default.fileExists(atPath: file.path) else { return Settings() }
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw Problem(.refused, "The settings cannot be read.", at: name, fix: "ls -l \(name)")
        }
        do {
            var settings = Settings()
            guard let root = try Yams.compose(yaml: text) else { return settings }
            guard let mapping = root.mapping else {
                throw Problem(.refused, "The settings are not a mapping.", at: name)
            }
            for (key, value) in mapping { try settings.set(key, value, file: name) }
            return settings
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.refused, "The settings are not YAML.", at: name, causes: ["\(error)"])
        }
    }

    private mutating func set(_ key: Node, _ value: Node, file: String) throws {
        switch key.string {
        case "terraform":
            try each(value, file) { name, node in
                switch name.string {
                case "directory": terraformDirectory = try text(node, file)
                case "apply": apply = try word(node, file)
                default: throw unknown(name, file, "directory, apply")
                }
            }
        case "variables":
            try each(value, file) { name, node in
                guard let variable = name.string,
                    ["talos", "kubernetes", "extensions", "schematic"].contains(variable)
                else { throw unknown(name, file, "talos, kubernetes, extensions, schematic") }
                variables[variable] = try text(node, file)
            }
        case "timeouts":
            try each(value, file) { name, node in try setLimit(name, node, file) }
        case "rebuild":
            try each(value, file) { name, node in
                guard name.string == "hooks" else { throw unknown(name, file, "hooks") }
                try each(node, file) { name, command in
                    rebuildHooks.append(
                        RebuildHook(
                            name: try text(name, file), command: try text(command, file)))
                }
            }
        case "factory": factoryURL = try url(value, file)
        case "releases": releasesURL = try url(value, file)
        case "cadence":
            try each(value, file) { name, node in try setCadence(name, node, file) }
        case "schematic":
            let name = try text(value, file)
            guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                throw wrong(value, file, "schematic names a file below the repository's root")
            }
            schematic = name
        case "talosconfig": talosconfig = try text(value, file)
        case "kubeconfig": kubeconfig = try text(value, file)
        case "backup":
            let choice = try text(value, file)
            guard ["none", "velero"].contains(choice) else {
                throw wrong(value, file, "backup is velero or none, not \(choice)")
            }
            backup = choice == "velero"
        case "gates", "check":
            do throws(GateSettings.Mistake) {
                if key.string == "gates" {
                    try gates.readGates(value, file: file)
                } else {
                    try gates.readCheck(value)
                }
            } catch {
                throw wrong(at: file + error.mark, file, error.what)
            }
        default:
            throw unknown(
                key, file,
                "terraform, variables, schematic, talosconfig, kubeconfig, backup, timeouts, factory, "
                    + "releases, cadence, rebuild, gates, check")
        }
    }

    private mutating func setLimit(_ name: Node, _ node: Node, _ file: String) throws {
        let written = try text(node, file)
        guard let duration = DurationText.parse(written) else {
            throw wrong(node, file, "\(written) is not a duration such as 90s, 10m or 1h")
        }
        switch name.string {
        case "prefetch": limits.prefetch = duration
        case "drain": limits.drain = duration
        case "install": limits.install = duration
        case "boot": limits.boot = duration
        case "component": limits.component = duration
        case "gate": limits.gate = duration
        case "backup": limits.backup = duration
        case "terraform": limits.terraform = duration
        default:
            throw unknown(
                name, file, "prefetch, drain, install, boot, component, gate, backup, terraform")
        }
    }

    private mutating func setCadence(_ name: Node, _ node: Node, _ file: String) throws {
        let written = try text(node, file)
        switch name.string {
        case "patch":
            guard let duration = DurationText.parse(written) else {
                throw wrong(node, file, "\(written) is not a duration such as 7d or 12h")
            }
            cadence.patch = duration
        case "minor", "kubernetes":
            guard let range = PatchRange.parse(written) else {
                throw wrong(node, file, "\(written) is not a patch such as .1, or two as .1-.2")
            }
            if name.string == "minor" {
                cadence.talosMinor = range
            } else {
                cadence.kubernetesMinor = range
            }
        default: throw unknown(name, file, "patch, minor, kubernetes")
        }
    }

    private func url(_ node: Node, _ file: String) throws -> String? {
        var found: String?
        try each(node, file) { name, value in
            guard name.string == "url" else { throw unknown(name, file, "url") }
            found = try text(value, file)
        }
        return found
    }

    private func each(_ node: Node, _ file: String, _ body: (Node, Node) throws -> Void) throws {
        guard let mapping = node.mapping else { throw wrong(node, file, "a mapping belongs here") }
        for (key, value) in mapping { try body(key, value) }
    }

    private func text(_ node: Node, _ file: String) throws -> String {
        guard let text = node.scalar?.string else { throw wrong(node, file, "a text belongs here") }
        return text
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ node: Node, _ file: String
    ) throws -> Word where Word.RawValue == String {
        let written = try text(node, file)
        guard let word = Word(rawValue: written) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong(node, file, "\(written) is none of \(known)")
        }
        return word
    }

    private func unknown(_ key: Node, _ file: String, _ known: String) -> Problem {
        wrong(key, file, "unknown setting \(key.string ?? "?"); there is \(known)")
    }

    private func wrong(_ node: Node, _ file: String, _ what: String) -> Problem {
        wrong(at: file + node.fileMark, file, what)
    }

    private func wrong(at place: String, _ file: String, _ what: String) -> Problem {
        Problem(
            .refused, "In the settings, \(what).", at: place,
            fix: "correct \(file); docs/reference.md has every setting")
    }
}
