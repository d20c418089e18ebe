package import Model

/// `bump status --json`, format version 1. A fact that is not known is null, and `reasons` beside
/// it says why.
package enum StatusJSON {
    /// One indented document, without a trailing newline.
    package static func document(_ snapshot: Snapshot) -> String {
        JSONText.document(value(snapshot))
    }

    static func value(_ snapshot: Snapshot) -> JSONValue {
        let health = Health(of: snapshot)
        var top = Facts()
        top["version"] = 1
        top["takenAt"] = .string(Moment.iso(snapshot.takenAt))
        top["cluster"] = .string(snapshot.clusterName)
        top["endpoint"] = JSONText.optional(snapshot.endpoint)
        if snapshot.endpoint == nil { top.reasons["endpoint"] = "not found" }
        top["declared"] = declared(snapshot.declaration)
        top["applied"] = applied(snapshot.applied)
        top.set("kubernetesVersion", snapshot.kubernetesVersion) { .string($0.tag) }
        top["nodes"] = .array(snapshot.nodes.map { node($0, snapshot.etcd) })
        top.set("etcd", snapshot.etcd, etcd)
        top.set("backupLocations", snapshot.backupLocations) { .array($0.map(location)) }
        top["repository"] = repository(snapshot.repository)
        top["health"] = [
            "ok": .bool(health.isHealthy), "troubles": JSONText.strings(health.troubles),
        ]
        top["drift"] = .array(Drift.all(in: snapshot).map(difference))
        top["remarks"] = JSONText.strings(snapshot.remarks)
        top["run"] = snapshot.openRun.map(run) ?? .null
        return top.value
    }

    /// Members of an object, and why those that are null are so.
    private struct Facts {
        private var members: [String: JSONValue] = [:]
        var reasons: [String: String] = [:]

        subscript(key: String) -> JSONValue? {
            get { members[key] }
            set { members[key] = newValue }
        }

        mutating func set<Fact>(
            _ key: String, _ fact: Observed<Fact>, _ shape: (Fact) -> JSONValue
        ) {
            members[key] = fact.value.map(shape) ?? .null
            reasons[key] = fact.reason
        }

        var value: JSONValue {
            var all = members
            all["reasons"] = .object(reasons.mapValues(JSONValue.string))
            return .object(all)
        }
    }

    private static func declared(_ declaration: Declaration) -> JSONValue {
        var facts = Facts()
        facts["directory"] = .string(declaration.directory)
        facts.set("talos", declaration.talos) { .string($0.text) }
        facts.set("kubernetes", declaration.kubernetes) { .string($0.text) }
        facts.set("extensions", declaration.extensions, JSONText.strings)
        var places: [String: JSONValue] = [:]
        places["talos"] = declaration.talos.value.map { .string($0.place.description) }
        places["kubernetes"] = declaration.kubernetes.value.map { .string($0.place.description) }
        facts["places"] = .object(places)
        return facts.value
    }

    private static func applied(_ applied: Applied) -> JSONValue {
        var facts = Facts()
        facts["clusterName"] = JSONText.optional(applied.clusterName)
        if applied.clusterName == nil { facts.reasons["clusterName"] = "no such output" }
        facts.set("schematicID", applied.schematic) { .string($0.text) }
        facts["nodes"] = .array(applied.nodes.map(identity))
        facts["sources"] = JSONText.strings(applied.sources)
        return facts.value
    }

    private static func identity(_ node: NodeIdentity) -> JSONValue {
        [
            "name": .string(node.name.text), "role": .string(node.role.rawValue),
            "address": .string(node.address.text),
        ]
    }

    private static func node(_ node: NodeFacts, _ etcd: Observed<EtcdFacts>) -> JSONValue {
        var facts = Facts()
        facts["name"] = .string(node.name.text)
        facts["role"] = .string(node.role.rawValue)
        facts["address"] = .string(node.address.text)
        facts.set("talosVersion", node.machine) { .string($0.version.tag) }
        facts.set("schematicID", node.machine) { JSONText.optional($0.schematic?.text) }
        if let machine = node.machine.value, machine.schematic == nil {
            facts.reasons["schematicID"] = "the image came from no Image Factory"
        }
        facts.set("extensions", node.machine) { JSONText.strings($0.extensions) }
        facts.set("stage", node.machine) { .string($0.stage.rawValue) }
        facts.set("machineReady", node.machine) { .bool($0.isReady) }
        facts.set("platform", node.machine) { .string($0.platform) }
        facts.set("architecture", node.machine) { .string($0.architecture) }
        facts.set("ready", node.kubernetes) { .bool($0.isReady) }
        facts.set("cordoned", node.kubernetes) { .bool($0.isCordoned) }
        facts.set("kubeletVersion", node.kubernetes) { JSONText.optional($0.kubeletVersion?.tag) }
        if let kubernetes = node.kubernetes.value, kubernetes.kubeletVersion == nil {
            facts.reasons["kubeletVersion"] = "the kubelet has not reported it"
        }
        facts["bootID"] = JSONText.optional(node.bootID)
        if node.bootID == nil {
            facts.reasons["bootID"] =
                node.machine.value?.bootID.reason ?? node.machine.reason ?? "not reported"
        }
        facts.set("etcd", role(in: etcd, of: node), JSONValue.string)
        facts["troubles"] = JSONText.strings(Health.troubles(of: node))
        return facts.value
    }

    private static func role(
        in etcd: Observed<EtcdFacts>, of node: NodeFacts
    ) -> Observed<String> {
        guard node.role == .controlPlane else { return .unknown("a worker has no etcd member") }
        switch etcd {
        case .unknown(let reason): return .unknown(reason)
        case .known(let facts):
            guard let member = facts.member(named: node.name) else {
                return .unknown("not in the member list")
            }
            return .known(member.isLeader ? "leader" : member.isLearner ? "learner" : "member")
        }
    }

    private static func etcd(_ etcd: EtcdFacts) -> JSONValue {
        [
            "quorum": .integer(Int64(etcd.quorum)),
            "alarms": JSONText.strings(etcd.alarms),
            "members": .array(
                etcd.members.map { member in
                    var value: JSONValue = [
                        "id": .string(EtcdFacts.hex(member.id)), "name": .string(member.name),
                        "leader": .bool(member.isLeader), "learner": .bool(member.isLearner),
                        "healthy": .bool(member.isHealthy),
                    ]
                    if let trouble = member.trouble { value["trouble"] = .string(trouble) }
                    if let size = member.databaseSize { value["databaseSize"] = .integer(size) }
                    return value
                }),
        ]
    }

    private static func location(_ location: BackupLocationFacts) -> JSONValue {
        var value: JSONValue = [
            "name": .string(location.name), "available": .bool(location.isAvailable),
            "readOnly": .bool(location.isReadOnly), "default": .bool(location.isDefault),
        ]
        if let message = location.message { value["message"] = .string(message) }
        return value
    }

    private static func repository(_ repository: RepositoryFacts) -> JSONValue {
        var facts = Facts()
        facts["head"] = JSONText.optional(repository.head)
        if repository.head == nil { facts.reasons["head"] = "no commit yet" }
        facts["branch"] = JSONText.optional(repository.branch)
        if repository.branch == nil { facts.reasons["branch"] = "HEAD is detached" }
        facts["obstacles"] = .array(repository.obstacles.map(ProblemJSON.value))
        return facts.value
    }

    private static func difference(_ drift: Drift) -> JSONValue {
        var value: JSONValue = [
            "code": .string(drift.code), "summary": .string(drift.summary),
            "nodes": JSONText.strings(drift.nodes.map(\.text)),
        ]
        if let location = drift.location { value["location"] = .string(location) }
        if let fix = drift.fix { value["fix"] = .string(fix) }
        return value
    }

    private static func run(_ run: OpenRun) -> JSONValue {
        [
            "id": .string(run.id.text), "title": .string(run.title),
            "startedAt": .string(Moment.iso(run.startedAt)), "alive": .bool(run.isAlive),
        ]
    }
}
