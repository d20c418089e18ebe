import Model
import Simulation

/// The objects of a fresh cluster that no part of the emulated cluster stands for.
enum Seeds {
    static func plant(in state: inout APIState, _ cluster: EmulatedCluster) {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system", "demo"] {
            namespace(name, in: &state)
        }
        if cluster.blueprint.hasVelero {
            namespace(
                "velero", labels: ["pod-security.kubernetes.io/enforce": "privileged"], in: &state)
        }
        service(
            "kubernetes", "default", address: "10.96.0.1",
            labels: ["component": "apiserver", "provider": "kubernetes"], &state)
        for object in BootstrapManifests.seeds {
            let plural = "\(object["kind"]?.string?.lowercased() ?? "")s"
            let group = object["apiVersion"]?.string?.split(separator: "/").dropLast().first
            put(object, group.map { "\(plural).\($0)" } ?? plural, &state)
        }
        put(
            [
                "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
                "metadata": [
                    "name": "local-path",
                    "annotations": ["storageclass.kubernetes.io/is-default-class": "true"],
                ],
                "provisioner": "rancher.io/local-path", "reclaimPolicy": "Delete",
                "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": false,
            ], "storageclasses.storage.k8s.io", &state)
        for name in ["cluster-admin", "admin", "edit", "view"] {
            put(
                [
                    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                    "metadata": ["name": .string(name)],
                    "rules": [["apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]]],
                ], "clusterroles.rbac.authorization.k8s.io", &state)
        }
        for (name, value) in [
            ("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000),
        ] {
            put(
                [
                    "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
                    "metadata": ["name": .string(name)], "value": .whole(value),
                    "preemptionPolicy": "PreemptLowerPriority", "globalDefault": false,
                ], "priorityclasses.scheduling.k8s.io", &state)
        }
        for definition in CustomKinds.flux + (cluster.blueprint.hasVelero ? CustomKinds.velero : [])
        {
            var made = definition
            let kind = ResourceKind(
                "apiextensions.k8s.io", "v1", "CustomResourceDefinition",
                "customresourcedefinitions", namespaced: false)
            state.finishNew(&made, kind)
            put(made, kind.qualifiedName, &state)
        }
    }

    private static func namespace(
        _ name: String, labels: [String: String] = [:], in state: inout APIState
    ) {
        var labels = labels
        labels["kubernetes.io/metadata.name"] = name
        put(
            [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": ["name": .string(name), "labels": .strings(labels)],
                "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
            ], "namespaces", &state)
        namespaceContent(name, in: &state)
    }

    /// What controllers put into every namespace.
    static func namespaceContent(_ namespace: String, in state: inout APIState) {
        put(
            [
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": "default", "namespace": .string(namespace)],
            ], "serviceaccounts", &state)
        put(
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "kube-root-ca.crt", "namespace": .string(namespace)],
                "data": ["ca.crt": ""],
            ], "configmaps", &state)
    }

    private static func service(
        _ name: String, _ namespace: String, address: String, labels: [String: String],
        _ state: inout APIState
    ) {
        let spec: JSONValue = [
            "type": "ClusterIP", "clusterIP": .string(address), "clusterIPs": [.string(address)],
            "sessionAffinity": "None",
            "ports": [
                ["name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443]
            ],
        ]
        put(
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": [
                    "name": .string(name), "namespace": .string(namespace),
                    "labels": .strings(labels),
                ],
                "spec": spec, "status": ["loadBalancer": [:]],
            ], "services", &state)
    }

    private static func put(_ object: JSONValue, _ resource: String, _ state: inout APIState) {
        let key = ObjectKey(
            resource: resource, namespace: object.namespace, name: object.name)
        guard state.store.object(key) == nil else { return }
        var object = object
        object.setMetadata("uid", .string(state.generator.uuid()))
        object.setMetadata("creationTimestamp", .string(state.now.text))
        if object["spec"] != nil, resource != "services" {
            object.setMetadata("generation", 1)
        }
        state.store.put(object, at: key)
    }
}
