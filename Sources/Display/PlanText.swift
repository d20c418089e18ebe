package import Model

/// A plan as a text to be read before saying yes: what changes, in which order, what is backed up,
/// what there is to know, and what to type next. It says nothing that is not in the plan.
package struct PlanText {
    /// What follows the plan, which decides the last words.
    package enum Next: Sendable, Equatable {
        /// The question whether to go on; nothing is added.
        case question
        /// Only the plan was asked for; `file` is where it was saved.
        case planOnly(file: String?)
    }

    let plan: Plan
    let style: Style

    package init(_ plan: Plan, _ style: Style) {
        self.plan = plan
        self.style = style
    }

    /// The whole text, without a trailing newline.
    package func lines(next: Next = .question) -> [String] {
        var sections = [[title]]
        if plan.isEmpty && !plan.hasErrors {
            sections.append([nothingToDo])
            sections.append(findings)
        } else {
            sections += [route, nodes, edit, order, backup, findings, summary, closing(next)]
        }
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var title: String {
        style.paint("Plan: \(plan.target.title) on \(style.line(plan.clusterName))", .bold)
            + style.paint("  (run \(plan.id))", .faint)
    }

    private var nothingToDo: String {
        let cluster = style.line(plan.clusterName)
        let state =
            switch plan.target {
            case .extensions(let names):
                "has " + (names.isEmpty ? "no extensions" : "just \(Paragraph.list(names))")
            case .kubernetesRollback(let version): "is at kubernetes \(version.number)"
            default: "is at \(plan.target.title)"
            }
        return "Nothing to do: \(cluster) \(state) already."
    }

    /// The whole way, where this plan is only its first part.
    private var route: [String] {
        guard let hops = plan.route, hops.count > 1 else { return [] }
        return [heading("Route")]
            + hops.enumerated().map { index, hop in
                "  \(index + 1). \(style.line(hop))" + (index == 0 ? "  (this plan)" : "")
            }
    }

    private var nodes: [String] {
        guard !plan.nodes.isEmpty else { return [] }
        if loss != nil { return machines }
        var table = Table(header: ["node", "role", "version", "note"])
        for node in inOrder {
            let changes = plan.nodes.filter { $0.node.name == node.name }
            table.rows.append([
                .init(node.name.text), .init(Words.role(node.role)), .init(path(of: changes)),
                .init(changes.compactMap(\.note).joined(separator: "; "), .faint),
            ])
        }
        return [heading("Nodes")] + table.lines(style) + images
    }

    /// `v1.9.2 → v1.9.4`, or of a node that stays at its version the schematics.
    private func path(of changes: [NodeChange]) -> String {
        let tags = changes.prefix(1).map(\.from.tag) + changes.map(\.to.tag)
        guard let change = changes.first, changes.count == 1, change.from == change.to,
            let promise = promise(of: change.node.name),
            let old = promise.previousSchematic, let new = promise.schematic
        else { return tags.joined(separator: " \(style.arrow) ") }
        return "\(change.to.tag), schematic \(old.short) \(style.arrow) \(new.short)"
    }

    private func promise(of name: NodeName) -> Expectation? {
        for step in plan.steps {
            if case .prove(let node, let expectation) = step.action, node.name == name {
                return expectation
            }
        }
        return nil
    }

    /// Everything stays at its version, and the image alone is another one.
    private var keepsVersions: Bool {
        !plan.nodes.isEmpty && plan.nodes.allSatisfy { $0.from == $0.to && $0.method != .inPlace }
    }

    /// The machines that are destroyed and made anew.
    private var machines: [String] {
        var table = Table(header: ["machine", "role", "what becomes of it"])
        for change in plan.nodes {
            table.rows.append([
                .init(change.node.name.text), .init(Words.role(change.node.role)),
                .init("\(change.note ?? "") at \(change.to.tag)"),
            ])
        }
        return [heading("Machines")] + table.lines(style)
    }

    /// The nodes that change, each once, as the plan lists them.
    private var inOrder: [NodeIdentity] {
        var seen: Set<NodeName> = []
        return plan.nodes.map(\.node).filter { seen.insert($0.name).inserted }
    }

    /// A run that is backed out of installs none.
    private var images: [String] {
        if case .abort = plan.target { return [] }
        var names: [String] = []
        for change in plan.nodes where !change.image.isEmpty && !names.contains(change.image) {
            names.append(change.image)
        }
        return names.flatMap { image in
            let users = plan.nodes.filter { $0.image == image }.map(\.node.name.text)
            let whose = names.count == 1 ? "" : " for \(Paragraph.list(users))"
            return Paragraph.lines(image + whose, label: "image", paint: .faint, style: style)
        }
    }

    private var edit: [String] {
        guard let edit = plan.edit else { return [] }
        var lines = [heading("File")]
        lines += Paragraph.lines(
            "\(edit.place.file):\(edit.place.line)  \(edit.place.path)  "
                + "\(ValueEdit.shown(edit.old)) \(style.arrow) \(ValueEdit.shown(edit.new))",
            style: style)
        let messages = plan.steps.compactMap { step -> String? in
            guard case .perform(.commit(let request)) = step.action else { return nil }
            return request.message.split(separator: "\n").first.map(String.init)
        }
        if messages.isEmpty {
            return lines + ["  not committed"]
        }
        return lines
            + messages.flatMap {
                Paragraph.lines("“\($0)”", label: "committed as", style: style)
            }
    }

    private var backup: [String] {
        var lines: [String] = []
        for step in plan.steps {
            switch step.action {
            case .perform(.restore(_, let backup)):
                lines.append("  Velero backup \(style.line(backup)), restored into the new cluster")
            case .perform(.backUp(let name)): lines.append("  Velero backup \(style.line(name))")
            case .perform(.snapshotEtcd(let node)):
                lines.append("  etcd snapshot from \(style.line(node.name.text))")
            default: break
            }
        }
        if lines.isEmpty { lines = ["  none"] }
        return [heading("Backup")] + lines
    }

    private var findings: [String] {
        let sorted = [Finding.Severity.error, .warning, .note].flatMap { severity in
            plan.findings.filter { $0.severity == severity }
        }
        guard !sorted.isEmpty else { return [] }
        return [heading("To know")] + sorted.flatMap { FindingText.lines($0, style) }
    }

    private var summary: [String] {
        if let loss { return loss }
        var sentences: [String] = []
        if plan.nodes.isEmpty {
            sentences.append(
                plan.steps.contains { $0.node != nil } || plan.edit == nil
                    ? "Nothing on the nodes changes." : "No node changes.")
        } else {
            sentences.append(extent)
            sentences.append("Each must be proven before the next one goes.")
            if plan.nodes.allSatisfy({ $0.method == .inPlace }) {
                sentences.append(
                    "No pod is moved and no node reboots; the run stops at the first component "
                        + "that does not come up.")
                return Paragraph.lines(
                    sentences.joined(separator: " "), indent: 0, style: style)
            }
            sentences.append(
                plan.options.onFailure == .rollback
                    ? "A node that comes up on the new \(keepsVersions ? "image" : "version") but is "
                        + "not healthy in time is rolled back, and the run stops there."
                    : "The run stops at the first node that is not.")
        }
        return Paragraph.lines(sentences.joined(separator: " "), indent: 0, style: style)
    }

    /// What is lost for good, before anybody says yes to it.
    private var loss: [String]? {
        guard case .rebuild(let version, let backup) = plan.target else { return nil }
        let count = Paragraph.count(plan.nodes.count, "machine")
        let savesEtcd = plan.steps.contains { step in
            if case .perform(.snapshotEtcd) = step.action { true } else { false }
        }
        let saved =
            savesEtcd
            ? "credentials, Terraform's state and an etcd snapshot"
            : "credentials and Terraform's state"
        return Paragraph.lines(
            "Every one of the \(count) of \(plan.clusterName) is destroyed, with its disks, and made "
                + "anew at \(version). Then the backup \(backup) is restored: what was written "
                + "since it was made is lost. Before that, \(saved) are saved in the run's folder.",
            indent: 0, style: style)
    }

    private var extent: String {
        let workers = inOrder.filter { $0.role == .worker }.count
        let planes = inOrder.count - workers
        let kinds = [(workers, "worker"), (planes, "control plane")]
            .filter { $0.0 > 0 }.map { Paragraph.count($0.0, $0.1) }
        let from = Set(
            plan.nodes.filter { change in
                plan.nodes.first { $0.node.name == change.node.name } == change
            }.map(\.from))
        let versions = from.count == 1 ? from.first.map { " from \($0)" } ?? "" : ""
        let target = Set(plan.nodes.map(\.to)).max().map { " to \($0)" } ?? ""
        let pace = plan.stages.filter(StageText.disturbs).map(\.lanes.count).max() ?? 1
        let speed = pace > 1 ? "up to \(pace) workers at a time" : "one at a time"
        let end = inOrder.count == 1 ? "." : ", \(speed)."
        if keepsVersions {
            let verb = plan.target.goesBack ? "back to the image before" : "to the new image"
            return "\(kinds.joined(separator: " and ")) of \(plan.clusterName) "
                + "\(inOrder.count == 1 ? "goes" : "go") \(verb), at\(target.dropFirst(3))\(end)"
        }
        let verb = inOrder.count == 1 ? "goes" : "go"
        return "\(kinds.joined(separator: " and ")) of \(plan.clusterName) "
            + "\(verb)\(versions)\(target)\(end)"
    }

    private func closing(_ next: Next) -> [String] {
        if plan.hasErrors {
            let errors = plan.findings.filter { $0.severity == .error }.count
            return Paragraph.lines(
                "This plan will not be carried out: \(Paragraph.count(errors, "error")) above. "
                    + "Nothing was changed.", indent: 0, style: style)
        }
        guard case .planOnly(let file) = next else { return [] }
        let command = style.paint(style.line(file.map { "bump apply \($0)" } ?? typed), .bold)
        let words =
            file == nil
            ? "Nothing was changed. To carry this out:"
            : "Nothing was changed. To carry out just this plan, as long as nothing moves:"
        return [words, "  \(command)"]
    }

    /// The command that leads to this plan, with the options that differ from what is usual.
    private var typed: String {
        let usual = PlanOptions()
        let options = plan.options
        var words = ["bump", plan.journey() ?? plan.target.title]
        if options.maxUnavailable != usual.maxUnavailable {
            words.append("--max-unavailable \(options.maxUnavailable)")
        }
        if options.soak != usual.soak { words.append("--soak \(Moment.typed(options.soak))") }
        if options.onFailure != usual.onFailure, !plan.target.goesBack {
            words.append("--on-failure \(options.onFailure.rawValue)")
        }
        if !options.backup { words.append("--no-backup") }
        if !options.commit { words.append("--no-commit") }
        if options.push { words.append("--push") }
        return words.joined(separator: " ")
    }

    func heading(_ text: String) -> String { style.paint(text, .bold) }
}
