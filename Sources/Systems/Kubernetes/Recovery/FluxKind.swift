import Model

/// The kinds of Flux that reconcile workloads. Source: fluxcd.io, API reference of Flux 2.
enum FluxKind: String, CaseIterable {
    case kustomization = "Kustomization"
    case helmRelease = "HelmRelease"

    var group: String {
        switch self {
        case .kustomization: "kustomize.toolkit.fluxcd.io"
        case .helmRelease: "helm.toolkit.fluxcd.io"
        }
    }

    var plural: String {
        switch self {
        case .kustomization: "kustomizations"
        case .helmRelease: "helmreleases"
        }
    }

    /// Newest first; a cluster serves one of them at least.
    var versions: [String] {
        switch self {
        case .kustomization: ["v1", "v1beta2"]
        case .helmRelease: ["v2", "v2beta2"]
        }
    }

    func object(_ json: JSONValue) -> FluxObject? {
        guard let name = json["metadata", "name"]?.string,
            let namespace = json["metadata", "namespace"]?.string
        else { return nil }
        return FluxObject(
            kind: rawValue, namespace: namespace, name: name,
            isSuspended: json["spec", "suspend"]?.bool ?? false,
            suspendedBy: json["metadata", "annotations", Self.suspendedBy]?.string,
            isReconciling: (json["status", "conditions"]?.array ?? []).contains {
                $0["type"] == "Reconciling" && $0["status"] == "True"
                    && $0["reason"] == "Progressing"
            })
    }

    static let suspendedBy = "bump.dev/suspended-by"
}
