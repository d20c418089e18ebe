package import Model

/// Something known to go wrong, or to be different, when Talos goes from one version to another.
package struct Hazard: Sendable {
    /// A short stable name: `hop.etcd-3.6`.
    package var code: String
    package var severity: Finding.Severity
    package var trigger: Trigger
    package var condition: Condition
    /// One or two sentences.
    package var summary: String
    package var fix: String?
    /// Where this is known from.
    package var source: String

    /// Which hops it belongs to.
    package enum Trigger: Sendable, Equatable {
        /// Those that come from below this series and end in it or above.
        case entering(Version.Series)
        /// Those that start at this series or above.
        case leaving(Version.Series)
    }

    /// Which clusters it is true of.
    package enum Condition: Sendable, Equatable {
        case always
        /// A node runs something older than this.
        case below(Version)
        /// A node runs an image that no Image Factory made.
        case genericInstaller
        /// A node has extensions, but not from a schematic.
        case extensionsWithoutSchematic
        /// A node has one of these extensions (short names).
        case extensions(Set<String>)
        /// A node is an ARM machine on bare metal without a schematic of its own.
        case plainARMBoard
        /// A node may boot with GRUB: it does not use SecureBoot.
        case perhapsGRUB
        /// A node is not on bare metal.
        case platformOtherThanMetal
    }

    init(
        _ code: String, _ severity: Finding.Severity, _ trigger: Trigger,
        for condition: Condition = .always, _ summary: String, fix: String? = nil, source: String
    ) {
        self.code = code
        self.severity = severity
        self.trigger = trigger
        self.condition = condition
        self.summary = summary
        self.fix = fix
        self.source = source
    }

    /// What is to be said of one Talos hop.
    ///
    /// - Parameter machines: those that take it. Without any, what depends on them is left out.
    /// - Returns: the worst first; each with the first machine it is true of, where it is not true
    ///   of every cluster.
    package static func findings(
        from: Version, to: Version, machines: [MachineFacts] = []
    ) -> [Finding] {
        table.filter { $0.belongs(from: from, to: to) }.compactMap { hazard -> Finding? in
            switch hazard.condition {
            case .always: return hazard.finding()
            case .below(let version):
                let first = machines.first { hazard.applies(to: $0) }
                guard first != nil || from < version else { return nil }
                return hazard.finding(at: first, running: first?.version ?? from)
            default:
                return machines.first { hazard.applies(to: $0) }.map { hazard.finding(at: $0) }
            }
        }
        .sorted { $0.severity > $1.severity }
    }

    private func belongs(from: Version, to: Version) -> Bool {
        switch trigger {
        case .entering(let series): from.series < series && to.series >= series
        case .leaving(let series): from.series >= series
        }
    }

    private func applies(to machine: MachineFacts) -> Bool {
        switch condition {
        case .always: true
        case .below(let version): machine.version < version
        case .genericInstaller: machine.schematic == nil
        case .extensionsWithoutSchematic:
            machine.schematic == nil && !machine.extensions.isEmpty
        case .extensions(let names):
            machine.extensions.contains { names.contains(ExtensionNames.short($0)) }
        case .plainARMBoard:
            machine.architecture == "arm64" && machine.platform == "metal"
                && (machine.schematic ?? .empty) == .empty
        case .perhapsGRUB: !machine.isSecureBoot
        case .platformOtherThanMetal: machine.platform != "metal"
        }
    }

    private func finding(at machine: MachineFacts? = nil, running: Version? = nil) -> Finding {
        let stem = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
        var text = "\(stem) (\(source))."
        if let machine, let running {
            text += " \(machine.name) runs \(running)."
        } else if let running {
            text += " This hop starts at \(running)."
        }
        return Finding(severity, code, text, at: machine?.name.text, fix: fix)
    }
}
