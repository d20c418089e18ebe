import Foundation
import Model
import Simulation

/// Flux's controllers: every object of theirs is reconciled on its interval, unless it is
/// suspended. What a Kustomization or HelmRelease applies is in the folder of its source. Facts §5.
extension APIState {
    mutating func reconcileFlux(_ cluster: inout EmulatedCluster) {
        let shelves = store.resources.filter { $0.hasSuffix(".toolkit.fluxcd.io") }
        guard !shelves.isEmpty else { return }
        let catalog = catalog
        for resource in shelves.sorted(by: Self.sourcesFirst) {
            guard let kind = catalog.kind(qualifiedName: resource) else { continue }
            for key in store.keys(resource) { reconcile(key, kind, &cluster) }
        }
        flux = flux.filter { store.object($0.key) != nil }
    }

    /// Whether there is any of its objects.
    var hasFlux: Bool {
        store.resources.contains {
            $0.hasSuffix(".toolkit.fluxcd.io") && !store.keys($0).isEmpty
        }
    }

    private static func sourcesFirst(_ left: String, _ right: String) -> Bool {
        let isSource = { (name: String) in name.hasSuffix("source.toolkit.fluxcd.io") ? 0 : 1 }
        return (isSource(left), left) < (isSource(right), right)
    }

    private mutating func reconcile(
        _ key: ObjectKey, _ kind: ResourceKind, _ cluster: inout EmulatedCluster
    ) {
        guard var object = store.object(key), !object.isBeingDeleted,
            object["spec", "suspend"]?.bool != true
        else { return }
        var visit = flux[key] ?? FluxVisit()
        if let began = visit.beganAt {
            guard cluster.now - began >= Pace.reconciliation else { return }
            visit.beganAt = nil
            visit.endedAt = cluster.now
            flux[key] = visit
            return conclude(key, kind, &cluster)
        }
        let asked = object.annotations["reconcile.fluxcd.io/requestedAt"]
        let isNew = object["status", "observedGeneration"] != object["metadata", "generation"]
        let isAsked = asked != nil && object["status", "lastHandledReconcileAt"]?.string != asked
        let wasResumed = visit.wasSuspended
        let interval = Self.duration(object["spec", "interval"]?.string) ?? .seconds(600)
        let isDue = visit.endedAt.map { cluster.now - $0 >= interval } ?? true
        guard
            isNew && visit.failedGeneration != object["metadata", "generation"]?.integer
                || isAsked || isDue || wasResumed
        else { return }
        visit.beganAt = cluster.now
        visit.wasSuspended = false
        flux[key] = visit
        setConditions(
            &object, kind, ready: "Unknown", reason: "Progressing",
            message: "Reconciliation in progress", isReconciling: true)
        store.put(object, at: key)
    }

    private mutating func conclude(
        _ key: ObjectKey, _ kind: ResourceKind, _ cluster: inout EmulatedCluster
    ) {
        guard var object = store.object(key) else { return }
        let isSource = key.resource.hasSuffix("source.toolkit.fluxcd.io")
        let asked = object.annotations["reconcile.fluxcd.io/requestedAt"]
        if let asked { object.set(["status", "lastHandledReconcileAt"], .string(asked)) }
        let revision = "main@sha1:" + String(repeating: "0a1b2c3d", count: 5)
        if isSource {
            object.set(["status", "observedGeneration"], object["metadata", "generation"])
            object.set(
                ["status", "artifact"],
                [
                    "revision": .string(revision), "digest": "sha256:00",
                    "lastUpdateTime": .string(now.text),
                    "path": .string("\(kind.plural)/\(key.namespace)/\(key.name)/a.tar.gz"),
                    "url": .string("http://source-controller/\(key.namespace)/\(key.name)"),
                ])
            setConditions(
                &object, kind, ready: "True", reason: "Succeeded",
                message: "stored artifact for revision '\(revision)'")
            store.put(object, at: key)
            return
        }
        object.set(["status", "lastAttemptedRevision"], .string(revision))
        guard let folder = sourceFolder(of: object) else {
            flux[key]?.failedGeneration = object["metadata", "generation"]?.integer
            setConditions(
                &object, kind, ready: "False",
                reason: "ArtifactFailed", message: "Source artifact not found, retrying in 30s",
                isReconciling: true, isRetrying: true)
            store.put(object, at: key)
            return
        }
        store.put(object, at: key)
        let failures = applyFolder(folder, for: object, kind, &cluster)
        guard var object = store.object(key) else { return }
        if failures.isEmpty {
            object.set(["status", "observedGeneration"], object["metadata", "generation"])
            object.set(["status", "lastAppliedRevision"], .string(revision))
            let isRelease = kind.kind == "HelmRelease"
            setConditions(
                &object, kind, ready: "True",
                reason: isRelease ? "UpgradeSucceeded" : "ReconciliationSucceeded",
                message: isRelease
                    ? "Helm upgrade succeeded" : "Applied revision: \(revision)")
        } else {
            flux[key]?.failedGeneration = object["metadata", "generation"]?.integer
            setConditions(
                &object, kind, ready: "False", reason: "ReconciliationFailed",
                message: failures.joined(separator: "; "), isReconciling: true, isRetrying: true)
        }
        store.put(object, at: key)
    }

    /// Nil when the source that the object names is not there, or has no artifact yet.
    private func sourceFolder(of object: JSONValue) -> String? {
        let place =
            object["spec", "sourceRef"] ?? object["spec", "chart", "spec", "sourceRef"]
            ?? object["spec", "chartRef"]
        guard let kind = place?["kind"]?.string, let name = place?["name"]?.string,
            let shelf = catalog.kinds.first(where: {
                $0.kind == kind && $0.group == "source.toolkit.fluxcd.io"
            })
        else { return nil }
        let key = ObjectKey(
            resource: shelf.qualifiedName,
            namespace: place?["namespace"]?.string ?? object.namespace, name: name)
        guard store.object(key)?["status", "artifact"] != nil else { return nil }
        let path =
            object["spec", "path"]?.string ?? object["spec", "chart", "spec", "chart"]?.string ?? ""
        let parts = ([name] + path.split(separator: "/").map(String.init))
            .filter { $0 != "." && $0 != ".." }
        return ([surroundings?.sources ?? ""] + parts).joined(separator: "/")
    }

    /// Server-side apply of every document in the folder; gives what failed.
    private mutating func applyFolder(
        _ folder: String, for owner: JSONValue, _ kind: ResourceKind,
        _ cluster: inout EmulatedCluster
    ) -> [String] {
        let manager = kind.kind == "HelmRelease" ? "helm-controller" : "kustomize-controller"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        var failures: [String] = []
        for name in names where name.hasSuffix(".yaml") {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                continue
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for part in text.components(separatedBy: "\n---\n") {
                guard let object = try? YAMLText.parse(Array(part.utf8)), object.object != nil
                else { continue }
                if let failure = apply(object, for: owner, manager: manager, &cluster) {
                    failures.append(failure)
                }
            }
        }
        return failures
    }

    private mutating func apply(
        _ wanted: JSONValue, for owner: JSONValue, manager: String,
        _ cluster: inout EmulatedCluster
    ) -> String? {
        guard
            let kind = catalog.kinds.first(where: {
                $0.kind == wanted["kind"]?.string && $0.apiVersion == wanted["apiVersion"]?.string
            })
        else { return "no matches for kind \"\(wanted["kind"]?.string ?? "")\"" }
        var wanted = wanted
        if kind.isNamespaced, wanted.namespace.isEmpty {
            let target = owner["spec", "targetNamespace"]?.string ?? owner.namespace
            wanted.setMetadata("namespace", .string(target))
        }
        wanted.set(
            ["metadata", "labels", "kustomize.toolkit.fluxcd.io/name"], .string(owner.name))
        let request = APIRequest(
            method: "PATCH", path: "", query: ["fieldManager": manager, "force": "true"],
            headers: [
                "content-type": "application/apply-patch+yaml", "user-agent": "\(manager)/v1",
            ], body: JSONText.bytes(wanted), user: "flux")
        let call = APICall(
            request: request, kind: kind, namespace: kind.isNamespaced ? wanted.namespace : nil,
            name: wanted.name, subresource: nil, now: now)
        do {
            _ = try patch(call, wanted.name, &cluster)
            return nil
        } catch {
            return "\(wanted["kind"]?.string ?? "")/\(wanted.name): \(error.message)"
        }
    }

    private func setConditions(
        _ object: inout JSONValue, _ kind: ResourceKind, ready: String, reason: String,
        message: String, isReconciling: Bool = false, isRetrying: Bool = false
    ) {
        func row(_ type: String, _ status: String, _ reason: String) -> JSONValue {
            let old = object.condition(type)
            let isSame = old?["status"]?.string == status
            return [
                "type": .string(type), "status": .string(status), "reason": .string(reason),
                "message": .string(message),
                "lastTransitionTime": isSame
                    ? old?["lastTransitionTime"] ?? .string(now.text) : .string(now.text),
                "observedGeneration": object["metadata", "generation"] ?? 1,
            ]
        }
        var rows: [JSONValue] = []
        if isReconciling {
            rows.append(row("Reconciling", "True", isRetrying ? "ProgressingWithRetry" : reason))
        }
        rows.append(row("Ready", ready, reason))
        object.set(["status", "conditions"], .array(rows))
        if object["status", "observedGeneration"] == nil {
            object.set(["status", "observedGeneration"], -1)
        }
    }

    /// `1m30s`, as Go writes durations.
    static func duration(_ text: String?) -> Duration? {
        guard let text, !text.isEmpty else { return nil }
        var total = 0.0
        var number = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character.isNumber || character == "." {
                number.append(character)
                continue
            }
            var unit = String(character)
            if character == "m", rest.first == "s" {
                rest.removeFirst()
                unit = "ms"
            }
            let scale = ["h": 3600, "m": 60, "s": 1, "ms": 0.001][unit]
            guard let scale, let value = Double(number), value < 1e6 else { return nil }
            total += value * scale
            number = ""
        }
        return number.isEmpty ? .milliseconds(Int(total * 1000)) : nil
    }
}

/// When Flux was at an object.
struct FluxVisit: Sendable {
    var beganAt: Duration?
    var endedAt: Duration?
    var failedGeneration: Int64?
    var wasSuspended = false
}
