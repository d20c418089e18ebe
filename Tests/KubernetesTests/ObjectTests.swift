import Foundation
import Model
import Testing

@testable import Kubernetes

struct ObjectTests {
    @Test func `a node's facts are read`() throws {
        let node = try decode(
            NodeObject.self,
            """
            {"metadata":{"name":"cp-1","labels":{"node-role.kubernetes.io/control-plane":""},
              "annotations":{"bump.dev/cordoned-by":"run-1"}},
             "spec":{"unschedulable":true,"podCIDR":"10.244.0.0/24"},
             "status":{"conditions":[{"type":"MemoryPressure","status":"False"},
               {"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown",
                "message":"Kubelet stopped posting node status."}],
              "addresses":[{"type":"Hostname","address":"cp-1"},
               {"type":"InternalIP","address":"10.0.0.2"}],
              "nodeInfo":{"bootID":"b1","kubeletVersion":"v1.32.4"}}}
            """
        ).facts
        #expect(
            node
                == KubernetesNodeFacts(
                    name: "cp-1", role: .controlPlane, address: "10.0.0.2", isReady: false,
                    notReadyReason: "Kubelet stopped posting node status.", isCordoned: true,
                    cordonedBy: "run-1", kubeletVersion: Version(1, 32, 4), bootID: "b1"))
    }

    @Test func `a node that says nothing is a worker that is not ready`() throws {
        let node = try decode(NodeObject.self, #"{"metadata":{"name":"w"}}"#).facts
        #expect(node.role == .worker)
        #expect(!node.isReady)
        #expect(node.notReadyReason != nil)
    }

    @Test func `a pod's facts are read`() throws {
        let pod = try decode(
            PodObject.self,
            """
            {"metadata":{"name":"p","namespace":"n","uid":"u",
              "deletionTimestamp":"2026-05-01T12:00:00Z",
              "annotations":{"kubernetes.io/config.mirror":"x","other":"y"},
              "ownerReferences":[{"kind":"Other"},{"kind":"ReplicaSet","controller":true}]},
             "spec":{"nodeName":"w","containers":[{"name":"c"}]},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}
            """
        ).facts
        #expect(
            pod
                == PodFacts(
                    namespace: "n", name: "p", uid: "u", node: "w", phase: "Running",
                    isReady: true, isTerminating: true, ownerKind: "ReplicaSet", isMirror: true))
    }

    @Test func `a failed backup says why`() throws {
        let backup = try decode(
            BackupObject.self,
            """
            {"metadata":{"name":"b"},"status":{"phase":"FailedValidation","errors":1,
             "validationErrors":["no location","bad name"],
             "progress":{"totalItems":9,"itemsBackedUp":3}}}
            """
        ).facts
        #expect(
            backup
                == BackupFacts(
                    name: "b", phase: "FailedValidation", itemsDone: 3, itemsTotal: 9, errors: 1,
                    message: "no location; bad name"))
        #expect(try decode(BackupObject.self, #"{"metadata":{"name":"b"}}"#).facts.phase == "")
    }

    @Test func `a backup tells what it was narrowed to, where it is and how long it lives`() throws
    {
        let backup = try decode(
            BackupObject.self,
            """
            {"metadata":{"name":"b","annotations":
              {"velero.io/source-cluster-k8s-gitversion":"v1.32.4"}},
             "spec":{"includedNamespaces":["a","b"],"storageLocation":"s3",
              "labelSelector":{"matchLabels":{"x":"y"}}},
             "status":{"phase":"Completed","expiration":"1970-01-01T00:01:00Z"}}
            """
        ).facts
        #expect(backup.filters == ["the namespaces a, b", "what a label selects"])
        #expect(!backup.holdsClusterScoped)
        #expect(backup.location == "s3" && backup.kubernetes == Version(1, 32, 4))
        #expect(backup.isUsable(at: 59) && !backup.isUsable(at: 60))
        let whole = try decode(
            BackupObject.self,
            #"{"metadata":{"name":"b"},"spec":{"includedNamespaces":["*"],"#
                + #""includeClusterResources":true,"labelSelector":{}}}"#
        ).facts
        #expect(whole.filters.isEmpty && whole.holdsClusterScoped)
    }

    @Test(arguments: [
        ("http://minio.minio.svc:9000", true), ("https://s3.velero.svc.cluster.local", true),
        ("https://svc.example.com", false), ("http://192.0.2.10:9000", false),
    ])
    func `a store that is a Service of the cluster is known by its address`(
        url: String, isInCluster: Bool
    ) throws {
        let location = try decode(
            BackupLocationObject.self,
            #"{"metadata":{"name":"l"},"spec":{"config":{"s3Url":"\#(url)"}}}"#
        ).facts
        #expect(location.isInCluster == isInCluster)
    }

    @Test func `a name that is too long for a label ends in a piece of its hash`() {
        #expect(ClusterClient.labelValue("kept") == "kept")
        #expect(
            ClusterClient.labelValue(String(repeating: "a", count: 64))
                == String(repeating: "a", count: 57) + "ffe054")
    }

    static let time = Date(timeIntervalSince1970: 1_777_636_800)

    static let leases: [(String, LeaseObject.Decision)] = [
        ("{}", .take),
        (#"{"holderIdentity":""}"#, .take),
        (#"{"holderIdentity":"me","leaseDurationSeconds":1}"#, .renew),
        (held(for: "60"), .heldBy("you", until: time.addingTimeInterval(30))),
        (held(for: "30"), .take),
        (#"{"holderIdentity":"you","leaseDurationSeconds":60}"#, .take),
        (held(for: "2147483647"), .heldBy("you", until: time.addingTimeInterval(2_147_483_617))),
    ]

    /// Renewed half a minute before `time`.
    static func held(for seconds: String) -> String {
        #"{"holderIdentity":"you","renewTime":"2026-05-01T11:59:30.000000Z","#
            + #""leaseDurationSeconds":\#(seconds)}"#
    }

    @Test(arguments: leases)
    func `a lease is taken, renewed or respected`(
        spec: String, expected: LeaseObject.Decision
    ) throws {
        let lease = try decode(LeaseObject.self, #"{"metadata":{},"spec":\#(spec)}"#)
        #expect(lease.decision(for: "me", now: Self.time) == expected)
    }

    @Test func `renewing keeps the beginning, taking over counts`() throws {
        let held = try decode(
            LeaseObject.self,
            """
            {"metadata":{"resourceVersion":"7"},"spec":{"holderIdentity":"you",
             "acquireTime":"2026-05-01T10:00:00.000000Z","leaseTransitions":2}}
            """)
        let renewed = LeaseObject.written(
            holder: "you", lasting: .seconds(90), now: Self.time, over: held)
        #expect(renewed["metadata", "resourceVersion"]?.string == "7")
        #expect(renewed["spec", "acquireTime"]?.string == "2026-05-01T10:00:00.000000Z")
        #expect(renewed["spec", "renewTime"]?.string == "2026-05-01T12:00:00.000000Z")
        #expect(renewed["spec", "leaseTransitions"]?.integer == 2)
        let taken = LeaseObject.written(
            holder: "me", lasting: .seconds(90), now: Self.time, over: held)
        #expect(taken["spec", "acquireTime"]?.string == "2026-05-01T12:00:00.000000Z")
        #expect(taken["spec", "leaseTransitions"]?.integer == 3)
        #expect(taken["spec", "leaseDurationSeconds"]?.integer == 90)
        let fresh = LeaseObject.written(
            holder: "me", lasting: .seconds(90), now: Self.time, over: nil)
        #expect(fresh["metadata", "resourceVersion"] == nil)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }
}
