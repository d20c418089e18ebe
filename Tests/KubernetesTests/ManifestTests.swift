import Foundation
import Model
import Testing

@testable import Kubernetes

struct ManifestTests {
    @Test func `namespaces and definitions come first, lists are taken apart`() throws {
        let objects = try ManifestObject.all(in: [
            ["apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": ["name": "b"]],
            [
                "apiVersion": "v1", "kind": "List",
                "items": [
                    [
                        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                        "metadata": ["name": "xs.example.com"],
                    ],
                    ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "c"]],
                ],
            ],
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "a"]],
        ])
        #expect(objects.map(\.key.name) == ["a", "xs.example.com", "b", "c"])
        #expect(objects.map(\.key.group) == ["", "apiextensions.k8s.io", "apps", ""])
        #expect(objects.map(\.version) == ["v1", "v1", "v1", "v1"])
    }

    @Test(
        arguments: [
            [:], ["kind": "A", "metadata": ["name": "b"]], ["apiVersion": "v1", "kind": "A"],
            ["apiVersion": "v1", "kind": "A", "metadata": ["name": ""]], "text", [],
        ] as [JSONValue])
    func `what is no object stops the synchronisation`(manifest: JSONValue) {
        #expect(throws: Problem.self) { _ = try ManifestObject.all(in: [manifest]) }
    }

    @Test(arguments: [
        (
            "kube-system_kube-proxy_apps_DaemonSet",
            ("kube-system", "kube-proxy", "apps", "DaemonSet")
        ),
        ("kube-system_kube-dns__Service", ("kube-system", "kube-dns", "", "Service")),
        ("_ci__Namespace", ("", "ci", "", "Namespace")),
        (
            "_system__nodes_rbac.authorization.k8s.io_ClusterRole",
            ("", "system:nodes", "rbac.authorization.k8s.io", "ClusterRole")
        ),
        (
            "_a__b__c_g_K", ("", "a:b:c", "g", "K")
        ),
    ])
    func `an inventory's key is read and written`(
        text: String, parts: (String, String, String, String)
    ) {
        let key = ObjectKey(
            namespace: parts.0, name: parts.1, group: parts.2, kind: parts.3)
        #expect(ObjectKey(inventory: text) == key)
        #expect(key.inventoryText == text)
    }

    @Test(arguments: ["", "a", "a_b", "a_b_c", "a___Kind", "_a_b_"])
    func `what is no key of an inventory is left out`(text: String) {
        #expect(ObjectKey(inventory: text) == nil)
    }

    static let object: JSONValue = [
        "metadata": ["annotations": ["a.b/c": "1", "a": "2"]],
        "data": ["Corefile": "x", "Corefile.old": "y"],
        "spec": [
            "containers": [
                [
                    "name": "a", "image": "i", "args": ["--x", "--y]"],
                    "ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]],
                ],
                ["name": "b]c", "image": "j"],
            ]
        ],
    ]

    @Test(
        arguments: [
            (".data.Corefile", ["data": ["Corefile": nil]]),
            (".data.Corefile.old", ["data": ["Corefile.old": nil]]),
            (".metadata.annotations.a.b/c", ["metadata": ["annotations": ["a.b/c": nil]]]),
            (".metadata.annotations.a", ["metadata": ["annotations": ["a": nil]]]),
            (".spec", ["spec": nil]),
        ] as [(String, JSONValue)])
    func `a field is taken out by its path`(field: String, gone: JSONValue) {
        var object = Self.object
        let isRemoved = object.remove(field: field[...])
        #expect(isRemoved)
        #expect(object == Self.merged(Self.object, gone))
    }

    @Test func `a field of a list's item is taken out by its keys`() {
        var object = Self.object
        for field in [
            #".spec.containers[name="b]c"].image"#,
            #".spec.containers[name="a"].ports[port=53,protocol="TCP"]"#,
            #".spec.containers[name="a"].args[="--y]"]"#, ".spec.containers[0].args[0]",
        ] {
            let isRemoved = object.remove(field: field[...])
            #expect(isRemoved, "\(field)")
        }
        #expect(
            object["spec"]?["containers"] == [
                [
                    "name": "a", "image": "i", "args": [],
                    "ports": [["port": 53, "protocol": "UDP"]],
                ],
                ["name": "b]c"],
            ])
    }

    @Test(arguments: [
        "", ".", ".x", "data", ".data.", ".data.Core", ".spec.containers[9].image", ".spec[",
        ".spec.containers[name=\"z\"]", ".spec.containers[]",
        ".spec.containers[name=\"a\"].image.x",
        ".spec.containers[-1]", ".data[0]",
    ])
    func `a path that leads nowhere changes nothing`(field: String) {
        var object = Self.object
        let isRemoved = object.remove(field: field[...])
        #expect(!isRemoved)
        #expect(object == Self.object)
    }

    @Test func `conflicts name managers, and Talos's own are known`() {
        let body = #"""
            {"kind":"Status","reason":"Conflict","details":{"causes":[
             {"reason":"FieldManagerConflict","message":"conflict with \"flux\" using v1","field":".data.x"},
             {"reason":"FieldManagerConflict","message":"conflict with \"talosctl-linux\" using v1","field":".data.y"},
             {"reason":"Other","message":"m","field":".z"}]}}
            """#
        let conflicts = FieldConflict.all(in: APIAnswer(code: 409, body: Data(body.utf8)))
        #expect(conflicts.map(\.manager) == ["flux", "talosctl-linux"])
        #expect(conflicts.map(\.isOwn) == [false, true])
        #expect(FieldConflict.all(in: APIAnswer(code: 200, body: Data(body.utf8))).isEmpty)
    }

    @Test(
        arguments: [
            ("Deployment", ["replicas": 2], [:], false, "0 of 2 pods updated"),
            (
                "Deployment", ["replicas": 2],
                [
                    "observedGeneration": 3, "replicas": 3, "updatedReplicas": 2,
                    "availableReplicas": 3,
                ],
                false, "2 of 2 pods updated"
            ),
            (
                "Deployment", [:],
                [
                    "observedGeneration": 3, "replicas": 1, "updatedReplicas": 1,
                    "availableReplicas": 1,
                ],
                true, "1 of 1 pods available"
            ),
            (
                "DaemonSet", [:],
                [
                    "observedGeneration": 2, "desiredNumberScheduled": 3,
                    "updatedNumberScheduled": 3,
                    "numberAvailable": 3,
                ], false, "3 of 3 pods updated"
            ),
            (
                "DaemonSet", [:],
                [
                    "observedGeneration": 3, "desiredNumberScheduled": 3,
                    "updatedNumberScheduled": 3,
                    "numberAvailable": 2,
                ], false, "2 of 3 pods available"
            ),
            ("DaemonSet", ["updateStrategy": ["type": "OnDelete"]], [:], true, nil),
        ] as [(String, JSONValue, JSONValue, Bool, String?)])
    func `a rollout is done when all pods are new and available`(
        kind: String, spec: JSONValue, status: JSONValue, isDone: Bool, text: String?
    ) throws {
        let rollout = try #require(
            Rollout([
                "kind": .string(kind), "metadata": ["generation": 3], "spec": spec,
                "status": status,
            ]))
        #expect(rollout.isDone == isDone)
        if let text { #expect(rollout.text == text) }
        #expect(Rollout(["kind": "ConfigMap"]) == nil)
    }

    /// `change` laid over `base`; null removes.
    private static func merged(_ base: JSONValue, _ change: JSONValue) -> JSONValue {
        guard case .object(let changes) = change, case .object(var members) = base else {
            return change
        }
        for (key, value) in changes {
            members[key] = value == .null ? Optional.none : merged(members[key] ?? .null, value)
        }
        return .object(members)
    }
}
