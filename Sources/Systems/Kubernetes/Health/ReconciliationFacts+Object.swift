import Model

extension ReconciliationFacts {
    /// Reads a Kustomization or HelmRelease. Source: Flux 2.9, kstatus' order of deciding.
    init(_ object: JSONValue, kind: String) {
        let ready = Self.condition("Ready", of: object)
        self.init(
            kind: kind, namespace: object["metadata", "namespace"]?.string ?? "",
            name: object["metadata", "name"]?.string ?? "",
            isSuspended: object["spec", "suspend"]?.bool ?? false, state: Self.state(of: object),
            message: StatusObject.line(ready?["message"]?.string ?? "not looked at yet"))
    }

    private static func state(of object: JSONValue) -> State {
        if condition("Stalled", of: object)?["status"] == "True" { return .stalled }
        if let reconciling = condition("Reconciling", of: object),
            reconciling["status"] == "True"
        {
            return reconciling["reason"] == "ProgressingWithRetry" ? .failed : .progressing
        }
        let ready = condition("Ready", of: object)
        if ready?["status"] == "False" {
            return ready?["reason"] == "DependencyNotReady" ? .progressing : .failed
        }
        if let generation = object["metadata", "generation"]?.integer,
            object["status", "observedGeneration"]?.integer != generation
        {
            return .progressing
        }
        return ready?["status"] == "True" ? .ready : .progressing
    }

    static func condition(_ type: String, of object: JSONValue) -> JSONValue? {
        object["status", "conditions"]?.array?.first { $0["type"]?.string == type }
    }
}
