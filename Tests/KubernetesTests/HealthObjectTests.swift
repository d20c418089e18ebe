import Foundation
import Model
import Testing

@testable import Kubernetes

@Suite struct `Health is read` {
    private func pod(_ json: String) throws -> PodHealthObject {
        try JSONDecoder().decode(
            PodHealthObject.self,
            from: Data(
                """
                {"metadata": {"name": "p", "namespace": "d", "uid": "u"\(json.hasPrefix("!")
                    ? ", \"deletionTimestamp\": \"2026-11-22T12:00:00Z\"" : "")},
                 "spec": {"initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}]},
                 "status": {\(json.drop { $0 == "!" })}}
                """.utf8))
    }

    /// Rows of kubectl's rules, `printPod` of Kubernetes 1.32.
    @Test(arguments: [
        (#""phase": "Running""#, "Running"),
        (#""phase": "Failed", "reason": "Evicted""#, "Evicted"),
        (
            #""phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]"#,
            "SchedulingGated"
        ),
        (
            #""phase": "Pending", "initContainerStatuses": [{"name": "i", "state": {"running": {}}}]"#,
            "Init:0/2"
        ),
        (
            #""phase": "Pending", "initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 0}}}, {"name": "s", "started": true, "state": {"running": {}}}], "containerStatuses": [{"name": "c", "state": {"waiting": {"reason": "ContainerCreating"}}}]"#,
            "ContainerCreating"
        ),
        (
            #""phase": "Pending", "initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 2}}}]"#,
            "Init:ExitCode:2"
        ),
        (
            #""phase": "Pending", "initContainerStatuses": [{"name": "i", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]"#,
            "Init:CrashLoopBackOff"
        ),
        (
            #""phase": "Running", "containerStatuses": [{"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}, {"name": "b", "ready": true, "state": {"running": {}}}]"#,
            "CrashLoopBackOff"
        ),
        (
            #""phase": "Succeeded", "containerStatuses": [{"name": "a", "state": {"terminated": {"reason": "Completed", "exitCode": 0}}}]"#,
            "Completed"
        ),
        (
            #""phase": "Running", "conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": [{"name": "a", "state": {"terminated": {"reason": "Completed", "exitCode": 0}}}, {"name": "b", "ready": true, "state": {"running": {}}}]"#,
            "NotReady"
        ),
        (
            #""phase": "Running", "containerStatuses": [{"name": "a", "state": {"terminated": {"exitCode": 0, "signal": 9}}}]"#,
            "Signal:9"
        ),
        (#"!"phase": "Running""#, "Terminating"), (#"!"phase": "Failed""#, "Failed"),
        (#"!"phase": "Running", "reason": "NodeLost""#, "Unknown"),
    ])
    func `as kubectl prints it`(_ status: String, _ text: String) throws {
        #expect(PodStatusText(pod: try pod(status)).text == text)
    }

    @Test(arguments: [
        ("100m", 0.1), ("2", 2), ("1.5", 1.5), ("1Gi", 1_073_741_824), ("5k", 5000),
        ("1e3", 1000), ("128974848", 128_974_848),
    ])
    func `quantities`(_ text: String, _ value: Double) {
        #expect(Quantity.parse(text) == value)
    }

    @Test(arguments: ["", "x", "1Zi", "--1", "e"])
    func `no quantity in what is none`(_ text: String) {
        #expect(Quantity.parse(text) == nil)
        #expect(Quantity.whole(text) == 0)
    }

    @Test func `quantities beyond all bounds without a trap`() {
        #expect(Quantity.whole("9e300") == 0)
        #expect(Quantity.thousandths("-5") == 0)
    }

    @Test(arguments: [
        (
            #"{"conditions": [{"type": "Ready", "status": "True"}], "observedGeneration": 2}"#,
            "ready"
        ),
        (#"{"observedGeneration": -1}"#, "progressing"),
        (
            #"{"conditions": [{"type": "Ready", "status": "True"}], "observedGeneration": 1}"#,
            "progressing"
        ),
        (
            #"{"conditions": [{"type": "Ready", "status": "False", "reason": "BuildFailed"}, {"type": "Reconciling", "status": "True", "reason": "ProgressingWithRetry"}], "observedGeneration": 2}"#,
            "failed"
        ),
        (
            #"{"conditions": [{"type": "Ready", "status": "Unknown"}, {"type": "Reconciling", "status": "True", "reason": "Progressing"}]}"#,
            "progressing"
        ),
        (
            #"{"conditions": [{"type": "Ready", "status": "False"}, {"type": "Stalled", "status": "True"}]}"#,
            "stalled"
        ),
        (
            #"{"conditions": [{"type": "Ready", "status": "False", "reason": "DependencyNotReady"}]}"#,
            "progressing"
        ),
    ])
    func `from Flux' conditions`(_ status: String, _ state: String) throws {
        let json = #"{"metadata": {"name": "a", "namespace": "f", "generation": 2}, "status": "#
        let object = try JSONDecoder().decode(
            JSONValue.self, from: Data((json + status + "}").utf8))
        #expect(ReconciliationFacts(object, kind: "Kustomization").state.rawValue == state)
    }

    @Test(arguments: [
        ("Ready", true), ("Ready=False", false), (".status.phase=Bound", true),
        (".status.phase!=Bound", false), (".status.missing=1", false), (".spec.count=3", true),
    ])
    func `by a user's gate`(_ condition: String, _ holds: Bool) throws {
        let object: JSONValue = [
            "spec": ["count": 3],
            "status": ["phase": "Bound", "conditions": [["type": "Ready", "status": "True"]]],
        ]
        let rule = try #require(GateRule.Condition(condition))
        #expect(ClusterClient.judge(object, rule).holds == holds)
        #expect(GateRule.Condition("\(rule)") == rule)
    }

    @Test(arguments: [
        "", ".", "=x", ".a", "two words", "Ready=", "Ready!=True", ".a..b=c", ".a==b", "5",
        ".a b=c",
    ])
    func `by no gate that says nothing`(_ condition: String) {
        #expect(GateRule.Condition(condition) == nil)
    }

    @Test func `of storage systems by their own words`() {
        let volume = StorageObjects.longhornVolume([
            "metadata": ["name": "pvc-1", "namespace": "longhorn-system"],
            "status": ["robustness": "degraded"],
        ])
        #expect(volume.verdict == .degraded)
        #expect(volume.object == "volume longhorn-system/pvc-1")
        let ceph = StorageObjects.cephCluster([
            "metadata": ["name": "c", "namespace": "rook-ceph"],
            "status": [
                "ceph": [
                    "health": "HEALTH_WARN",
                    "details": ["POOL_NO_REDUNDANCY": ["message": "1 pool has no replicas"]],
                ]
            ],
        ])
        #expect(ceph.verdict == .complaining)
        let postgres = StorageObjects.postgresCluster([
            "metadata": ["name": "db", "namespace": "demo"], "spec": ["instances": 3],
            "status": ["readyInstances": 2, "phase": "Waiting for the instances to become active"],
        ])
        #expect(postgres.verdict == .degraded)
        #expect(postgres.message.hasPrefix("2 of 3 instances are ready"))
    }
}
