import Foundation
import Model
import Simulation

/// What users run in the cluster of a scenario: something of everything that a restore brings back.
enum StatefulDemo {
    /// Applies the objects and fills the volumes. Throws a `Problem` when one is refused.
    static func furnish(_ api: ClusterAPI, _ surroundings: Surroundings) throws {
        let folder = "\(surroundings.sources)/infra/apps"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data(fluxed.utf8).write(to: URL(fileURLWithPath: "\(folder)/front.yaml"))
        for text in objects {
            let object = try YAMLText.parse(Array(text.utf8))
            let kind = object["kind"]?.string ?? ""
            let version = object["apiVersion"]?.string ?? ""
            let plural = Self.plurals[kind] ?? "\(kind.lowercased())s"
            let root = version == "v1" ? "/api/v1" : "/apis/\(version)"
            let place = object.namespace.isEmpty ? "" : "/namespaces/\(object.namespace)"
            let answer = api.answer(
                APIRequest(
                    method: "PATCH",
                    target: "\(root)\(place)/\(plural)/\(object.name)"
                        + "?fieldManager=lab&force=true",
                    headers: [
                        "content-type": "application/apply-patch+yaml", "user-agent": "lab",
                    ], body: JSONText.bytes(object)))
            guard case .body(200...299, _, _, _) = answer else {
                var details: [String] = []
                if case .body(_, _, let bytes, _) = answer {
                    details = [String(decoding: bytes.prefix(500), as: UTF8.self)]
                }
                throw Problem(
                    .refused, "The lab's \(kind) \(object.name) was refused.", details: details)
            }
        }
        for number in 0..<2 {
            var generator = SeededGenerator(seed: UInt64(number + 1))
            let noise = Data((0..<65_536).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
            surroundings.volumes.write(
                [
                    "hello.txt": Data("volume of db-\(number)\n".utf8), "table/noise.bin": noise,
                    "table/empty": Data(),
                ], "shop", "data-db-\(number)")
        }
    }

    private static let plurals = [
        "GitRepository": "gitrepositories", "PriorityClass": "priorityclasses",
    ]

    private static let objects = [
        "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shop}}}",
        "{apiVersion: v1, kind: Namespace, metadata: {name: flux-system}}",
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop},
         data: {currency: EUR, motto: "bytes that come back"}}
        """,
        """
        {apiVersion: v1, kind: Secret, metadata: {name: password, namespace: shop},
         data: {password: bm90IGEgc2VjcmV0}}
        """,
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
          versions:
            - name: v1
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """,
        """
        {apiVersion: example.com/v1, kind: Widget, metadata: {name: first, namespace: shop},
         spec: {size: 3, colour: green}}
        """,
        """
        {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: shop-first},
         value: 1000, preemptionPolicy: PreemptLowerPriority}
        """,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop}
        spec:
          replicas: 2
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers:
                - name: db
                  image: docker.io/library/postgres:17.2
                  volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
          volumeClaimTemplates:
            - metadata: {name: data}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """,
        """
        {apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop},
         spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}}
        """,
        """
        {apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository,
         metadata: {name: infra, namespace: flux-system},
         spec: {interval: 1m, url: "https://git.example.com/infra", ref: {branch: main}}}
        """,
        """
        {apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization,
         metadata: {name: apps, namespace: flux-system},
         spec: {interval: 10s, path: ./apps, prune: true,
                sourceRef: {kind: GitRepository, name: infra}}}
        """,
    ]

    /// What Flux finds in its repository.
    private static let fluxed = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: front, namespace: shop}
        data: {greeting: hello}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: front, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: front}}
          template:
            metadata: {labels: {app: front}}
            spec:
              containers: [{name: front, image: "docker.io/library/nginx:1.27.3"}]

        """
}

/// What somebody applies who installs Velero into a lab that has none.
enum VeleroManifests {
    static var definitions: String { documents(CustomKinds.velero) }

    static var server: String {
        func workload(_ kind: String, _ name: String, _ labels: JSONValue) -> JSONValue {
            var object: JSONValue = [
                "apiVersion": "apps/v1", "kind": .string(kind),
                "metadata": ["name": .string(name), "namespace": "velero"],
                "spec": [
                    "selector": ["matchLabels": labels],
                    "template": [
                        "metadata": ["labels": labels],
                        "spec": [
                            "containers": [
                                [
                                    "name": .string(name),
                                    "image": "docker.io/velero/velero:v1.15.2",
                                ]
                            ]
                        ],
                    ],
                ],
            ]
            if kind == "Deployment" { object.set(["spec", "replicas"], 1) }
            return object
        }
        return documents([
            [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": "velero",
                    "labels": ["pod-security.kubernetes.io/enforce": "privileged"],
                ],
            ],
            workload("Deployment", "velero", ["app": "velero"]),
            workload("DaemonSet", "node-agent", ["name": "node-agent", "role": "node-agent"]),
            [
                "apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
                "metadata": ["name": "default", "namespace": "velero"],
                "spec": [
                    "provider": "aws", "default": true, "objectStorage": ["bucket": "lab"],
                ],
            ],
        ])
    }

    private static func documents(_ objects: [JSONValue]) -> String {
        objects.map { CanonicalYAML($0).document }.joined(separator: "---\n")
    }
}
