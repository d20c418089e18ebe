import Model
import Simulation

/// What a Backup or a Restore means, by the filters in its spec. Facts §4.2, §4.4, §4.10.
struct BackupSelection {
    private let included: Set<String>
    private let excluded: Set<String>
    private let resources: Set<String>
    private let withoutResources: Set<String>
    private let clusterResources: Bool?
    private let labels: [String: String]

    init(_ spec: JSONValue?, alsoWithout more: Set<String> = []) {
        func names(_ field: String) -> Set<String> {
            Set((spec?[field]?.array ?? []).compactMap(\.string))
        }
        included = names("includedNamespaces")
        excluded = names("excludedNamespaces")
        resources = names("includedResources")
        withoutResources = names("excludedResources").union(more)
        clusterResources = spec?["includeClusterResources"]?.bool
        labels = (spec?["labelSelector", "matchLabels"]?.object ?? [:]).compactMapValues(\.string)
    }

    func holds(namespace: String) -> Bool {
        let isWanted = included.isEmpty || included.contains("*") || included.contains(namespace)
        return isWanted && !excluded.contains(namespace)
    }

    private var hasNamespaceFilter: Bool {
        !excluded.isEmpty || !(included.isEmpty || included.contains("*"))
    }

    /// Whether cluster-scoped objects are taken by themselves. Absent together with a namespace
    /// filter they are not: only namespaces, and what others refer to.
    func takesClusterScoped(_ kind: ResourceKind) -> Bool {
        clusterResources ?? !hasNamespaceFilter
    }

    /// Whether what objects refer to comes along.
    var takesRelated: Bool { clusterResources != false }

    func holds(_ kind: ResourceKind) -> Bool {
        let names: Set = [kind.qualifiedName, kind.plural, kind.singular]
        if !withoutResources.isDisjoint(with: names) { return false }
        return resources.isEmpty || resources.contains("*") || !resources.isDisjoint(with: names)
    }

    func holds(_ object: JSONValue) -> Bool {
        let own = object.labels
        return labels.allSatisfy { own[$0.key] == $0.value }
            && own["velero.io/exclude-from-backup"] != "true"
    }
}

extension APIState {
    /// The objects that a backup with this spec holds, in the order of their resources and keys.
    func backedUp(by spec: JSONValue?) -> [JSONValue] {
        let selection = BackupSelection(spec)
        let hidden = Set(
            store.list("namespaces").filter { !selection.holds($0) }.map(\.name))
        let catalog = catalog
        var taken: [JSONValue] = []
        var namespaces: Set<String> = []
        for resource in store.resources.sorted() where resource != "events" {
            guard let kind = catalog.kind(qualifiedName: resource), kind.isNamespaced,
                selection.holds(kind)
            else { continue }
            for object in store.list(resource)
            where selection.holds(namespace: object.namespace) && selection.holds(object)
                && !hidden.contains(object.namespace)
            {
                taken.append(typed(object, kind))
                namespaces.insert(object.namespace)
            }
        }
        let volumes = Set(taken.compactMap { $0["spec", "volumeName"]?.string })
        let customs = Set(
            taken.compactMap { object -> String? in
                guard let version = object["apiVersion"]?.string,
                    let group = version.split(separator: "/").dropLast().first,
                    let kind = catalog.kinds.first(where: {
                        $0.isCustom && $0.group == group && $0.kind == object["kind"]?.string
                    })
                else { return nil }
                return kind.qualifiedName
            })
        for resource in store.resources.sorted() {
            guard let kind = catalog.kind(qualifiedName: resource), !kind.isNamespaced,
                selection.holds(kind)
            else { continue }
            for object in store.list(resource) where selection.holds(object) {
                let isRelated =
                    selection.takesRelated
                    && (volumes.contains(object.name) || customs.contains(object.name))
                let isOwnNamespace =
                    resource == "namespaces"
                    && (namespaces.contains(object.name) || selection.holds(namespace: object.name))
                let isTaken =
                    resource == "namespaces"
                    ? isOwnNamespace : selection.takesClusterScoped(kind) || isRelated
                if isTaken { taken.append(typed(object, kind)) }
            }
        }
        return taken
    }

    private func typed(_ object: JSONValue, _ kind: ResourceKind) -> JSONValue {
        var object = object
        object["kind"] = .string(kind.kind)
        object["apiVersion"] = .string(kind.apiVersion)
        return object
    }

    /// The volumes whose files a backup with this spec copies: those of running pods, by
    /// namespace, pod, volume and claim; and how many are left out with a warning. Facts §4.7.
    func copiedVolumes(by spec: JSONValue?) -> (volumes: [PodVolume], skipped: Int) {
        let selection = BackupSelection(spec)
        let isOptOut = spec?["defaultVolumesToFsBackup"]?.bool == true
        var found: [PodVolume] = []
        var skipped = 0
        for pod in store.list("pods") where selection.holds(namespace: pod.namespace) {
            let wanted = Self.names(pod.annotations["backup.velero.io/backup-volumes"])
            let left = Self.names(pod.annotations["backup.velero.io/backup-volumes-excludes"])
            for volume in pod["spec", "volumes"]?.array ?? [] {
                guard let name = volume["name"]?.string else { continue }
                let claim = volume["persistentVolumeClaim", "claimName"]?.string
                guard claim != nil || volume["emptyDir"] != nil else { continue }
                guard isOptOut ? !left.contains(name) : wanted.contains(name) else { continue }
                guard pod["status", "phase"] == "Running" else {
                    skipped += 1
                    continue
                }
                found.append(
                    PodVolume(
                        namespace: pod.namespace, pod: pod.name, podUID: pod.uid,
                        node: pod["spec", "nodeName"]?.string ?? "", volume: name, claim: claim))
            }
        }
        return (found, skipped)
    }

    private static func names(_ list: String?) -> Set<String> {
        Set((list ?? "").split(separator: ",").map { String($0).trimmed })
    }
}

/// A volume of a pod.
struct PodVolume: Sendable, Equatable {
    var namespace: String
    var pod: String
    var podUID: String
    var node: String
    var volume: String
    /// Nil for an emptyDir.
    var claim: String?
}
