package import Model

/// What is declared, applied and running, side by side, and what differs.
package struct StatusText {
    private let snapshot: Snapshot
    private let style: Style
    private let isVerbose: Bool

    /// - Parameter isVerbose: adds where each finding came from.
    package init(_ snapshot: Snapshot, _ style: Style, isVerbose: Bool = false) {
        self.snapshot = snapshot
        self.style = style
        self.isVerbose = isVerbose
    }

    /// The whole text, without a trailing newline.
    package func lines() -> [String] {
        let sections = [
            title + glance, overview, nodes, troubles, drift, remarks, run,
            isVerbose ? origins : [],
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var title: [String] {
        [
            style.paint("Cluster \(style.line(snapshot.clusterName))", .bold)
                + style.paint("  (seen \(Moment.date(snapshot.takenAt, style)))", .faint)
        ]
    }

    private var glance: [String] {
        let ready = snapshot.nodes.filter { $0.kubernetes.value?.isReady ?? false }.count
        let total = snapshot.nodes.count
        var parts = [
            ready == total
                ? "\(Paragraph.count(total, "node")) Ready" : "\(ready) of \(total) nodes Ready"
        ]
        if let etcd = snapshot.etcd.value {
            let well = etcd.voters.filter(\.isHealthy).count
            parts.append("etcd \(well) of \(Paragraph.count(etcd.voters.count, "member")) healthy")
        } else {
            parts.append("etcd unknown")
        }
        let differences = Drift.all(in: snapshot).count
        parts.append(
            differences == 0 ? "nothing differs" : Paragraph.count(differences, "difference"))
        let isWell = Health(of: snapshot).isHealthy
        let mark = isWell ? style.paint(style.done, .green) : style.paint(style.failed, .red)
        return ["\(mark) \(parts.joined(separator: ", "))"]
    }

    private var overview: [String] {
        let declaration = snapshot.declaration
        var table = Table(header: ["", "declared", "applied", "running"])
        table.rows = [
            row(
                "Talos", text(declaration.talos.map(\.text)), "",
                tally { $0.machine.value?.version.tag }),
            row(
                "Kubernetes", text(declaration.kubernetes.map(\.text)), "",
                text(snapshot.kubernetesVersion.map(\.tag))),
            row("kubelet", "", "", tally { $0.kubernetes.value?.kubeletVersion?.tag }),
            row(
                "extensions", text(declaration.extensions.map(Self.names)), "",
                tally { $0.machine.value.map { Self.names($0.extensions) } }),
            row(
                "schematic", "", text(snapshot.applied.schematic.map(\.short)),
                tally { $0.machine.value.map { $0.schematic?.short ?? "none" } }),
        ]
        return table.lines(style)
    }

    private func row(_ cells: String...) -> [Table.Cell] { cells.map { Table.Cell($0) } }

    private func text(_ fact: Observed<String>) -> String { fact.value ?? "unknown" }

    private static func names(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// The values that nodes have, each with how many have it when not all share one.
    private func tally(_ value: (NodeFacts) -> String?) -> String {
        var counts: [(text: String, count: Int)] = []
        for node in snapshot.nodes {
            let text = value(node) ?? "unknown"
            if let index = counts.firstIndex(where: { $0.text == text }) {
                counts[index].count += 1
            } else {
                counts.append((text, 1))
            }
        }
        guard counts.count > 1 else { return counts.first?.text ?? "no nodes" }
        return counts.map { "\($0.text) on \($0.count)" }.joined(separator: "; ")
    }

    private var nodes: [String] {
        let declaration = snapshot.declaration
        var table = Table(header: [
            "node", "role", "address", "Talos", "kubelet", "schematic", "state",
        ])
        for node in snapshot.nodes {
            let machine = node.machine.value
            table.rows.append([
                .init(node.name.text), .init(Words.role(node.role)), .init(node.address.text),
                compared(machine?.version, declaration.talos.value?.version),
                compared(
                    node.kubernetes.value?.kubeletVersion, declaration.kubernetes.value?.version),
                schematic(of: machine), state(of: node),
            ])
        }
        return table.lines(style)
    }

    private func compared(_ running: Version?, _ declared: Version?) -> Table.Cell {
        guard let running else { return .init("?", .yellow) }
        guard let declared, declared != running else { return .init(running.tag) }
        return .init(running.tag + " !", .yellow)
    }

    private func schematic(of machine: MachineFacts?) -> Table.Cell {
        guard let machine else { return .init("?", .yellow) }
        let text = machine.schematic?.short ?? "none"
        guard let applied = snapshot.applied.schematic.value, applied != machine.schematic else {
            return .init(text)
        }
        return .init(text + " !", .yellow)
    }

    private func state(of node: NodeFacts) -> Table.Cell {
        var words: [String] = []
        if let machine = node.machine.value {
            if machine.stage != .running { words.append(machine.stage.rawValue) }
        } else {
            words.append("no answer")
        }
        if let kubernetes = node.kubernetes.value {
            words.append(kubernetes.isReady ? "Ready" : "NotReady")
            if kubernetes.isCordoned {
                words.append("cordoned" + (kubernetes.cordonedBy.map { " by run \($0)" } ?? ""))
            }
        } else {
            words.append("not seen in Kubernetes")
        }
        if let member = snapshot.etcd.value?.member(named: node.name) {
            words.append(
                member.isLeader ? "etcd leader" : member.isLearner ? "etcd learner" : "etcd member")
        }
        return .init(words.joined(separator: ", "), Health.troubles(of: node).isEmpty ? nil : .red)
    }

    private var troubles: [String] {
        let troubles = Health(of: snapshot).troubles
        guard !troubles.isEmpty else { return [] }
        return [style.paint("Not well", .bold)]
            + troubles.flatMap {
                Paragraph.lines($0, label: style.failed, paint: .red, style: style)
            }
    }

    private var drift: [String] {
        let drift = Drift.all(in: snapshot)
        guard !drift.isEmpty else { return [] }
        return [style.paint("What differs", .bold)]
            + drift.flatMap { drift in
                let place = drift.location.map { " (\($0))" } ?? ""
                return Paragraph.lines(
                    drift.summary + place, label: "!", paint: .yellow, style: style)
                    + (drift.fix.map {
                        Paragraph.lines($0, label: "fix:", paint: .bold, indent: 4, style: style)
                    } ?? [])
            }
    }

    private var remarks: [String] {
        let obstacles = snapshot.repository.obstacles.map { obstacle in
            Finding(
                .note, "repository", "The file could not be committed now: \(obstacle.summary)",
                at: obstacle.location, fix: obstacle.fix)
        }
        let remarks = snapshot.remarks.map { Finding(.note, "remark", $0) }
        guard !(obstacles + remarks).isEmpty else { return [] }
        return [style.paint("To know", .bold)]
            + (obstacles + remarks).flatMap { FindingText.lines($0, style) }
    }

    private var run: [String] {
        guard let run = snapshot.openRun else { return [] }
        let began = Moment.date(run.startedAt, style)
        let state = run.isAlive ? "is at work" : "has stopped half-way"
        return Paragraph.lines(
            "Run \(run.id) (\(run.title)), begun \(began), \(state).", indent: 0, style: style)
    }

    /// Where each finding came from.
    private var origins: [String] {
        let declaration = snapshot.declaration
        var lines = ["Terraform directory: \(declaration.directory)"]
        for (name, fact) in [
            ("declared Talos", declaration.talos), ("declared Kubernetes", declaration.kubernetes),
        ] {
            switch fact {
            case .known(let declared):
                lines.append("\(name): \(declared.place) (\(declared.place.path))")
                lines += declared.notes.map { "\(name): \($0)" }
            case .unknown(let reason):
                lines.append("\(name): unknown, \(reason)")
            }
        }
        if let reason = declaration.extensions.reason {
            lines.append("declared extensions: unknown, \(reason)")
        }
        if let reason = snapshot.applied.schematic.reason {
            lines.append("applied schematic: unknown, \(reason)")
        }
        lines += snapshot.applied.sources
        if let endpoint = snapshot.endpoint { lines.append("endpoint: \(endpoint)") }
        let branch = snapshot.repository.branch ?? "detached"
        lines.append("git: \(branch) at \(snapshot.repository.head ?? "no commit yet")")
        return [style.paint("Where this comes from", .bold)]
            + lines.flatMap { Paragraph.lines($0, style: style) }
    }
}
