import Model

/// Judges whether the cluster, as it was seen, can stand an upgrade.
struct ClusterRules {
    let snapshot: Snapshot
    let options: PlanOptions

    /// What the plan is about: each kind looks at the declaration that concerns it.
    enum Subject {
        case talos, kubernetes, extensions, backup
    }

    func findings(for subject: Subject = .talos) -> [Finding] {
        let common = nodes() + etcd() + backup() + remarks()
        return switch subject {
        case .talos: common + disruption() + schematics() + talosDeclaration()
        case .kubernetes: common + kubernetesDeclaration()
        case .extensions: common + disruption() + schematics()
        case .backup: backup()
        }
    }

    private func nodes() -> [Finding] {
        if snapshot.nodes.isEmpty {
            return [
                Finding(
                    .error, "nodes.none",
                    "No node is known, neither from Terraform nor from Talos.",
                    fix: "terraform apply")
            ]
        }
        return snapshot.nodes.flatMap(node)
    }

    private func node(_ node: NodeFacts) -> [Finding] {
        var found: [Finding] = []
        if let reason = node.machine.reason {
            found.append(
                Finding(
                    .error, "node.unreachable", "\(node.name) does not answer: \(reason)",
                    at: "\(node.name) (\(node.address))",
                    fix: "look at the machine's console, and whether \(node.address):50000 can be "
                        + "reached from here"))
        }
        if let machine = node.machine.value, machine.stage != .running || !machine.isReady {
            let why = machine.unmetConditions + machine.troubledServices
            found.append(
                Finding(
                    .error, "node.not-ready",
                    "\(node.name) is \(machine.stage.rawValue)"
                        + (machine.isReady ? "" : " and not ready")
                        + (why.isEmpty ? "" : ": " + why.joined(separator: "; ")),
                    at: node.name.text,
                    fix: "bump status --verbose"))
        }
        if let reason = node.kubernetes.reason {
            found.append(
                Finding(
                    .error, "node.not-in-kubernetes",
                    "Kubernetes does not tell of \(node.name): \(reason)", at: node.name.text,
                    fix: "kubectl get nodes"))
        } else if let seen = node.kubernetes.value {
            if !seen.isReady {
                found.append(
                    Finding(
                        .error, "node.not-ready",
                        "Kubernetes calls \(node.name) NotReady"
                            + (seen.notReadyReason.map { ": \($0)" } ?? ""), at: node.name.text,
                        fix: "kubectl describe node \(node.name)"))
            }
            if seen.isCordoned, seen.cordonedBy == nil || seen.cordonedBy != openRun {
                let isOurs = seen.cordonedBy != nil
                found.append(
                    Finding(
                        .warning, "node.cordoned",
                        isOurs
                            ? "\(node.name) was left cordoned by a run of bump, so no pod finds a "
                                + "place there."
                            : "\(node.name) was cordoned before; it will be left cordoned.",
                        at: node.name.text,
                        fix: isOurs ? "kubectl uncordon \(node.name)" : nil))
            }
        }
        return found
    }

    /// What a run that is open cordoned, it uncordons.
    private var openRun: String? { snapshot.openRun?.id.text }

    private func disruption() -> [Finding] {
        let workers = snapshot.nodes.filter { $0.role == .worker }.count
        guard options.maxUnavailable > 1, workers > 1, options.maxUnavailable >= workers else {
            return []
        }
        let most = snapshot.workersAtOnce(options)
        return [
            Finding(
                .note, "workers.one-stays",
                "\(most) of \(workers) workers go down at once and no more: the pods that leave "
                    + "them need a place to go.")
        ]
    }

    private func schematics() -> [Finding] {
        guard let applied = snapshot.applied.schematic.value else {
            let reason = snapshot.applied.schematic.reason ?? ""
            return [
                Finding(
                    .note, "schematic.unknown",
                    "Terraform does not tell a schematic (\(reason)); every node keeps the one it "
                        + "runs.")
            ]
        }
        let agreeing = snapshot.nodes.contains { $0.machine.value?.schematic == applied }
        return snapshot.nodes.compactMap { node in
            guard let machine = node.machine.value, machine.schematic != applied else { return nil }
            let running = machine.schematic?.short ?? "no schematic"
            if agreeing {
                return Finding(
                    .warning, "schematic.own",
                    "\(node.name) runs \(running), Terraform's output says \(applied.short); it "
                        + "keeps its own.", at: node.name.text)
            }
            return Finding(
                .error, "schematic.disagrees",
                "\(node.name) runs \(running), Terraform's output says \(applied.short).",
                at: node.name.text,
                fix: "make the two agree first: terraform apply for the output, or upgrade that "
                    + "node at its present version")
        }
    }

    private func etcd() -> [Finding] {
        guard let facts = snapshot.etcd.value else {
            return [
                Finding(
                    .error, "etcd.unknown",
                    "etcd cannot be asked: \(snapshot.etcd.reason ?? "no reason given")",
                    fix: "bump status --verbose")
            ]
        }
        var found: [Finding] = facts.alarms.map {
            Finding(.error, "etcd.alarm", "etcd alarm: \($0)", fix: "talosctl etcd alarm list")
        }
        let planes = snapshot.nodes.filter { $0.role == .controlPlane }
        for node in planes where facts.member(named: node.name) == nil {
            found.append(
                Finding(
                    .error, "etcd.member-missing", "\(node.name) is not a member of etcd.",
                    at: node.name.text, fix: "talosctl etcd members"))
        }
        for member in facts.members {
            let name = member.name.isEmpty ? EtcdFacts.hex(member.id) : member.name
            if !planes.contains(where: { $0.name.text == member.name }) {
                found.append(
                    Finding(
                        .error, "etcd.member-stale",
                        "etcd has a member \(name) that is no control plane of this cluster.",
                        fix: "talosctl etcd remove-member \(EtcdFacts.hex(member.id))"))
            } else if let trouble = member.trouble {
                found.append(
                    Finding(
                        .error, "etcd.unhealthy", "etcd on \(name): \(trouble)", at: name,
                        fix: "talosctl etcd status"))
            }
        }
        if facts.voters.count == 2 {
            found.append(
                Finding(
                    .error, "etcd.two-members",
                    "etcd has two members: neither can go down without losing quorum.",
                    fix: "add a third control plane, or remove one"))
        }
        return found
    }

    private func talosDeclaration() -> [Finding] {
        guard let declared = snapshot.declaration.talos.value else {
            return [
                Finding(
                    .error, "declaration.none",
                    "No Talos version is declared: "
                        + (snapshot.declaration.talos.reason ?? "talos_version is nowhere"),
                    fix: "add talos_version to terraform.tfvars")
            ]
        }
        return notes(of: declared)
    }

    private func notes(of declared: DeclaredValue) -> [Finding] {
        declared.notes.map {
            Finding(.note, "declaration.note", $0, at: declared.place.description)
        }
    }

    /// Many repositories declare no Kubernetes version: then a later apply may bring back the one
    /// that the Talos provider prefers.
    private func kubernetesDeclaration() -> [Finding] {
        guard let declared = snapshot.declaration.kubernetes.value else {
            let reason = snapshot.declaration.kubernetes.reason ?? "kubernetes_version is nowhere"
            return [
                Finding(
                    .warning, "declaration.no-kubernetes",
                    "No Kubernetes version is declared (\(reason)): nothing is edited or committed, "
                        + "and a later terraform apply may write another version into the machine "
                        + "configs.",
                    fix: snapshot.kubernetesVersion.value.map {
                        "bump init --kubernetes \($0.number) adds a variable for it"
                    })
            ]
        }
        return notes(of: declared)
    }

    private func remarks() -> [Finding] {
        snapshot.remarks.map { Finding(.warning, "inspection.remark", $0) }
    }
}
