package import Model

/// Judges any plan, also one read from a file. It knows nothing of how plans are made, only what
/// must hold of every one, and runs before every execution.
package struct Checker: Sendable {
    private let plan: Plan
    private let steps: [Step]
    private let roles: [NodeName: Role]

    package init(_ plan: Plan) {
        self.plan = plan
        steps = plan.steps
        roles = Dictionary(
            plan.nodes.map { ($0.node.name, $0.node.role) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is wrong with the plan; empty when nothing is.
    package func findings() -> [Finding] {
        guard plan.version == Plan.currentVersion else {
            return [
                error(
                    "plan.version",
                    "This plan was written by another version of bump "
                        + "(format \(plan.version), this one reads \(Plan.currentVersion)).")
            ]
        }
        return shape() + order() + lanes() + changes() + declaration() + loss()
            + ComponentChecks(plan: plan, steps: steps).findings()
    }

    private func shape() -> [Finding] {
        var found: [Finding] = []
        var seen: Set<String> = []
        for step in steps {
            if !seen.insert(step.id).inserted {
                found.append(error("plan.step-twice", "The step \(step.id) is in the plan twice."))
            }
            if step.limit <= .zero {
                found.append(error("plan.no-limit", "The step \(step.id) has no time limit."))
            }
        }
        if plan.options.backup, steps.contains(where: Self.isInstall),
            !steps.contains(where: { Self.isBackup($0) })
        {
            found.append(error("plan.no-backup", "The plan makes no backup, though one is wanted."))
        }
        return found
    }

    /// Workers before control planes, everything pulled before anything goes down, and never more
    /// at once than allowed.
    private func order() -> [Finding] {
        var found: [Finding] = []
        var planeSeen = false
        var downSeen = false
        for stage in plan.stages {
            let nodes = stage.lanes.filter { $0.contains(where: Self.takesDown) }
            let roles = nodes.compactMap { lane in lane.lazy.compactMap(\.node).first }
                .compactMap(role)
            if roles.contains(.worker) && planeSeen && !isAbort {
                found.append(error("plan.order", "A worker comes after a control plane."))
            }
            if roles.contains(.controlPlane) {
                planeSeen = true
                if nodes.count > 1 {
                    found.append(
                        error(
                            "plan.planes-at-once", "A control plane goes down beside another node.")
                    )
                }
            } else if nodes.count > max(1, plan.options.maxUnavailable) {
                found.append(
                    error(
                        "plan.too-many-down",
                        "\(nodes.count) workers go down at once, "
                            + "\(max(1, plan.options.maxUnavailable)) may."))
            }
            if downSeen, stage.lanes.contains(where: { $0.contains(where: Self.isPull) }) {
                found.append(error("plan.late-pull", "An image is pulled after a node went down."))
            }
            downSeen = downSeen || !nodes.isEmpty
        }
        return found
    }

    private func lanes() -> [Finding] {
        plan.stages.flatMap(\.lanes).flatMap { lane -> [Finding] in
            var found: [Finding] = []
            var unproven: NodeName?
            var cordoned: Set<NodeName> = []
            for step in lane {
                switch step.action {
                case .perform(.cordon(let node)): cordoned.insert(node.name)
                case .perform(.uncordon(let node)): cordoned.remove(node.name)
                case .prove(let node, _): if unproven == node.name { unproven = nil }
                case .perform(.upgrade(let node, _)), .perform(.install(let node, _)):
                    if let unproven {
                        found.append(
                            error(
                                "plan.install-twice",
                                "\(node.name) is installed before \(unproven) is proven."))
                    }
                    unproven = node.name
                default: break
                }
                found += gate(of: step)
            }
            if let unproven {
                found.append(error("plan.no-proof", "\(unproven) is upgraded but never proven."))
            }
            found += cordoned.sorted().map {
                error("plan.stays-cordoned", "\($0) is cordoned and never uncordoned.")
            }
            return found
        }
    }

    private func gate(of step: Step) -> [Finding] {
        guard Self.takesDown(step), let node = step.node, role(of: node) == .controlPlane,
            !step.gates.contains(.etcdAllowsTakingDown(node))
        else { return [] }
        return [
            error("plan.no-etcd-gate", "\(node) is taken down without asking etcd (\(step.id)).")
        ]
    }

    private func changes() -> [Finding] {
        plan.nodes.flatMap { change -> [Finding] in
            var found: [Finding] = []
            if plan.target.goesBack { return [] }
            if change.to < change.from {
                found.append(error("plan.downgrade", "\(change.node.name) would be downgraded."))
            }
            let hop = change.to.series.minor - change.from.series.minor
            if change.to.series.major != change.from.series.major || hop > 1 {
                found.append(
                    error("plan.skips-minor", "\(change.node.name) would skip a minor release."))
            }
            if let image = InstallerImage(change.image), image.tag != change.to.tag {
                found.append(
                    error(
                        "plan.image",
                        "\(change.node.name) gets \(image.tag) instead of "
                            + "\(change.to.tag)."))
            }
            return found
        }
    }

    private func declaration() -> [Finding] {
        steps.compactMap { step in
            guard case .perform(.commit(let request)) = step.action else { return nil }
            guard let edit = plan.edit, request.paths == [edit.place.file] else {
                return error("plan.commit", "The commit holds other paths than the edited file.")
            }
            let trailer = "Bump-Run: \(plan.id)"
            let lines = request.message.utf8.split(separator: UInt8(ascii: "\n"))
            return lines.contains { $0.elementsEqual(trailer.utf8) }
                ? nil : error("plan.commit-trailer", "The commit does not name its run.")
        }
    }

    /// Nothing is destroyed before it is saved, and only to be restored.
    private func loss() -> [Finding] {
        let operations = steps.compactMap { step -> Operation? in
            if case .perform(let operation) = step.action { operation } else { nil }
        }
        guard
            let destroyed = operations.firstIndex(where: {
                if case .destroyInfrastructure = $0 { true } else { false }
            })
        else { return [] }
        let before = operations[..<destroyed]
        var found: [Finding] = []
        func want(_ isThere: Bool, _ code: String, _ summary: String) {
            if !isThere { found.append(error(code, summary)) }
        }
        want(
            before.contains { if case .rescue = $0 { true } else { false } },
            "plan.no-rescue", "Machines are destroyed before anything is saved.")
        // Where there is a cluster to hold the lock, there is one to ask about the backup.
        want(
            before.contains { if case .proveBackup = $0 { true } else { false } }
                || !before.contains(.takeLocks),
            "plan.unproven-backup", "Machines are destroyed before the backup is proven.")
        want(
            operations[destroyed...].contains { if case .restore = $0 { true } else { false } },
            "plan.no-restore", "Machines are destroyed and nothing is restored.")
        return found
    }

    private var isAbort: Bool {
        if case .abort = plan.target { return true }
        return false
    }

    private func role(of name: NodeName) -> Role? {
        roles[name]
    }

    private func error(_ code: String, _ summary: String) -> Finding {
        Finding(.error, code, summary, fix: "make the plan anew")
    }

    private static func takesDown(_ step: Step) -> Bool {
        switch step.action {
        case .perform(.upgrade), .perform(.install), .perform(.reboot), .perform(.rollback): true
        default: false
        }
    }

    private static func isInstall(_ step: Step) -> Bool {
        switch step.action {
        case .perform(.upgrade), .perform(.install): true
        default: false
        }
    }

    private static func isPull(_ step: Step) -> Bool {
        if case .perform(.pull) = step.action { return true }
        return false
    }

    private static func isBackup(_ step: Step) -> Bool {
        if case .perform(.backUp) = step.action { return true }
        return false
    }
}
