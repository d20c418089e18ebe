import Foundation
import Testing

extension EndToEnd {
    /// `bump check`, the same check as the gate of a run, and `bump doctor`, against a lab.
    struct CheckTests {
        @Test func `a healthy cluster is worth one line`() async throws {
            try await LabFixture.with(workers: 2) { lab in
                let check = try await lab.bump("check")
                #expect(check.status == 0, "\(check)")
                #expect(check.out.contains("nothing stands in the way"), "\(check)")
                #expect(!check.out.contains("warning"), "\(check)")
                #expect(check.out.split(separator: "\n").count <= 2, "\(check)")
                #expect(try await lab.bump("doctor").status == 0)
                #expect(try await lab.events("evicted").isEmpty, "evictions were only tried")
            }
        }

        @Test(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
        func `a busy cluster is no cause for alarm`() async throws {
            try await LabFixture.with(speed: 20, scenario: "stateful") { lab in
                try await lab.kubectl(["apply", "--filename", "-"], input: Self.busy)
                for pod in ["done", "failed", "evicted", "working"] {
                    try await lab.kubectl(
                        ["wait", "--namespace", "demo", "--for", "condition=Ready", "pod/\(pod)"])
                }
                let listed = try await lab.kubectl([
                    "get", "pods", "--namespace", "demo", "--selector", "app=web", "--output",
                    "name",
                ])
                let web = listed.out.split(separator: "\n").map(String.init)
                try #require(web.count == 3, "\(listed)")
                func says(_ pod: String, _ status: String) async throws {
                    try await lab.kubectl([
                        "patch", pod, "--namespace", "demo", "--subresource", "status", "--type",
                        "merge", "--patch", "{\"status\":\(status)}",
                    ])
                }
                let terminated = #""state":{"terminated":{"exitCode":1,"reason":"Error"}}"#
                try await says("pod/done", #"{"phase":"Succeeded"}"#)
                try await says(
                    "pod/failed",
                    #"{"phase":"Failed","containerStatuses":[{"name":"main",\#(terminated)}]}"#)
                try await says("pod/evicted", #"{"phase":"Failed","reason":"Evicted"}"#)
                try await says(web[0], Self.container("true", #"{"running":{}}"#, restarts: 40))
                #expect(try await lab.bump("check").status == 0)

                // One that restarts just now is well again a moment later.
                try await says(
                    web[1],
                    Self.container("false", #"{"waiting":{"reason":"CrashLoopBackOff"}}"#))
                let program = try lab.startBump("check", "--verbose")
                try await Task.sleep(for: .seconds(3))
                try await says(web[1], Self.container("true", #"{"running":{}}"#))
                let check = try await program.end(within: .seconds(60))
                #expect(check.status == 0, "\(check)")
                #expect(!check.out.contains("error"), "\(check)")
                #expect(!check.out.contains("warning"), "\(check)")
            }
        }

        private static func container(
            _ ready: String, _ state: String, restarts: Int = 3
        ) -> String {
            let condition = ready == "true" ? "True" : "False"
            return #"{"conditions":[{"type":"Ready","status":"\#(condition)"}],"#
                + #""containerStatuses":[{"name":"main","ready":\#(ready),"#
                + #""restartCount":\#(restarts),"state":\#(state)}]}"#
        }

        /// Pods of a Job, and one that was evicted long ago.
        private static let busy = ["done", "failed", "evicted", "working"].map { name in
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: \(name)
              namespace: demo
              ownerReferences:
                - apiVersion: batch/v1
                  kind: \(name == "evicted" ? "ReplicaSet" : "Job")
                  name: nightly
                  uid: 5e0f6ad1-0000-4000-8000-000000000001
                  controller: true
            spec: {containers: [{name: main, image: "registry.example.com/a:1"}]}
            """
        }.joined(separator: "\n---\n")

        @Test func `a drain that would hang is foretold, and the run refused before anything`()
            async throws
        {
            try await LabFixture.with(workers: 2) { lab in
                let fault = try await lab.bump(
                    "lab", "fault", lab.root.path, "pdb-blocks", "--node", "demo-worker-1")
                #expect(fault.status == 0, "\(fault)")
                let check = try await lab.bump("check")
                #expect(check.status == 3, "\(check)")
                #expect(check.out.contains("no-room never lets one go"), "\(check)")
                #expect(check.out.contains("fix: "), "\(check)")
                let run = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(run.status == 3, "\(run)")
                #expect(run.err.contains("no-room"), "\(run)")
                let touched = try await lab.events("cordoned", "evicted", "image-pulled", "backup")
                #expect(touched.isEmpty, "\(touched)")
                let healed = try await lab.bump("lab", "fault", lab.root.path, "heal")
                #expect(healed.status == 0, "\(healed)")
                #expect(try await lab.bump("check").status == 0)
            }
        }

        @Test func `a stale etcd member is found and removed`() async throws {
            try await LabFixture.with(controlPlanes: 3, workers: 0) { lab in
                let fault = try await lab.bump(
                    "lab", "fault", lab.root.path, "stale-etcd-member")
                #expect(fault.status == 0, "\(fault)")
                let doctor = try await lab.bump("doctor")
                #expect(doctor.status == 3, "\(doctor)")
                #expect(doctor.out.contains("that no control plane of this cluster has"))
                let unasked = try await lab.bump("doctor", "--fix")
                #expect(unasked.status == 3, "\(unasked)")
                #expect(unasked.err.contains("Nobody is here to confirm"), "\(unasked)")
                let fixed = try await lab.bump("doctor", "--fix", "--yes")
                #expect(fixed.status == 0, "\(fixed)")
                let after = try await lab.bump("doctor")
                #expect(after.status == 0, "\(after)")
            }
        }

        @Test func `a gate of the user's own closes the way`() async throws {
            try await LabFixture.with { lab in
                try lab.write(
                    ".bump.yaml",
                    """
                    gates:
                      - {kind: Node, name: demo-worker-1, condition: Ready}
                      - {apiVersion: apps/v1, kind: Deployment, namespace: demo, \
                    condition: .spec.replicas=99}
                    """)
                let check = try await lab.bump("check", "--no-terraform")
                #expect(check.status == 3, "\(check)")
                #expect(
                    check.out.contains(
                        "Deployment demo/web should have .spec.replicas=99, and has 3"),
                    "\(check)")
                #expect(!check.out.contains("demo-worker-1 should"), "\(check)")
            }
        }
    }
}
