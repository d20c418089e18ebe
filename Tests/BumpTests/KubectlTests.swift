import Foundation
import Testing

extension EndToEnd {
    /// A stock kubectl is the judge of the lab's Kubernetes API.
    @Suite(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
    struct KubectlTests {
        @Test func `get lists nodes and pods as it does elsewhere`() async throws {
            try await LabFixture.with(workers: 2) { lab in
                let nodes = try await kubectl(lab, "get", "nodes", "-o", "wide")
                let rows = nodes.out.split(separator: "\n").map(String.init)
                #expect(rows.first?.contains("INTERNAL-IP") == true, "\(nodes)")
                #expect(rows.count == 4)
                for row in rows.dropFirst() {
                    for word in [" Ready ", "v1.32.0", "127.", "Talos (v1.9.2)", "containerd://"] {
                        #expect(row.contains(word), "\(word) is missing: \(row)")
                    }
                }
                #expect(rows.contains { $0.hasPrefix("demo-cp-1") && $0.contains("control-plane") })
                let pods = try await kubectl(lab, "get", "pods", "-A", "-o", "wide")
                try await kubectl(lab, "get", "events", "-A")
                for word in ["kube-apiserver-demo-cp-1", "coredns-", "kube-proxy-", "Running"] {
                    #expect(pods.out.contains(word), "\(word) is missing: \(pods)")
                }
            }
        }

        @Test func `a watch shows what changes`() async throws {
            try await LabFixture.with { lab in
                let watch = try lab.sandbox.start(
                    ["kubectl", "get", "nodes", "--watch", "--no-headers"], in: lab.root,
                    environment: environment(lab))
                let lists = try await eventually(within: .seconds(20)) {
                    watch.output.split(separator: "\n").count >= 2
                }
                try await kubectl(lab, "cordon", "demo-worker-1")
                let shows = try await eventually(within: .seconds(20)) {
                    watch.output.split(separator: "\n").dropFirst(2).contains {
                        $0.hasPrefix("demo-worker-1") && $0.contains("Ready,SchedulingDisabled")
                    }
                }
                #expect(lists && shows, "\(watch.output)")
                await watch.kill()
            }
        }

        @Test func `cordon, drain and uncordon move the pods and nothing else`() async throws {
            try await LabFixture.with(workers: 2) { lab in
                try await kubectl(lab, "cordon", "demo-worker-1")
                try await kubectl(
                    lab, "drain", "demo-worker-1", "--ignore-daemonsets", "--delete-emptydir-data",
                    "--timeout=60s")
                let left = try await kubectl(
                    lab, "get", "pods", "-A", "--field-selector", "spec.nodeName=demo-worker-1",
                    "-o", "jsonpath={.items[*].metadata.ownerReferences[0].kind}")
                let kinds = Set(left.out.split(separator: " "))
                #expect(kinds == ["DaemonSet"], "\(left)")
                try await kubectl(lab, "uncordon", "demo-worker-1")
                let nodes = try await kubectl(lab, "get", "nodes", "--no-headers")
                #expect(!nodes.out.contains("SchedulingDisabled"), "\(nodes)")
                let acts = try await lab.events("cordoned", "uncordoned")
                #expect(
                    acts.map(\.description).map { $0.trimmingCharacters(in: .whitespaces) }
                        == ["cordoned demo-worker-1", "uncordoned demo-worker-1"])
                #expect(try await !lab.events("evicted").isEmpty)
                #expect(try await lab.events("pdb-broken").isEmpty)
            }
        }

        @Test func `a Deployment rolls out, and its budget holds a drain`() async throws {
            try await LabFixture.with(workers: 2) { lab in
                try await kubectl(lab, "apply", "-f", "-", input: Self.deployment)
                let rollout = try await kubectl(
                    lab, "rollout", "status", "deployment/shop", "--timeout=60s")
                #expect(rollout.out.contains("successfully rolled out"), "\(rollout)")
                try await kubectl(lab, "apply", "-f", "-", input: Self.budget)
                let budget = try await kubectl(lab, "get", "pdb", "shop", "--no-headers")
                #expect(budget.out.split(separator: " ").prefix(2) == ["shop", "2"], "\(budget)")
                let node = try await kubectl(
                    lab, "get", "pods", "-l", "app=shop", "-o",
                    "jsonpath={.items[0].spec.nodeName}"
                ).out
                let held = try await kubectl(
                    lab, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data",
                    "--timeout=3s", status: 1)
                #expect(held.err.contains("disruption budget"), "\(held)")
                try await kubectl(lab, "delete", "pdb", "shop")
                try await kubectl(
                    lab, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data",
                    "--timeout=60s")
                try await kubectl(lab, "uncordon", node)
                try await kubectl(lab, "delete", "deployment", "shop", "--timeout=60s")
                let isGone = try await eventually(within: .seconds(20), every: .milliseconds(100)) {
                    try await kubectl(lab, "get", "pods", "-l", "app=shop", "-o", "name").out == ""
                }
                #expect(isGone)
                #expect(try await lab.events("pdb-broken").isEmpty)
            }
        }

        @Test func `what others cordoned stays so`() async throws {
            try await LabFixture.with(workers: 3) { lab in
                try await kubectl(lab, "cordon", "demo-worker-3")
                let run = try await lab.bump("talos", "v1.9.4", "--yes", "--no-backup")
                #expect(run.status == 0, "\(run)")
                let nodes = try await lab.status().nodes
                #expect(nodes.filter { $0.cordoned == true }.map(\.name) == ["demo-worker-3"])
                #expect(try await lab.trueVersions() == ["v1.9.4"])
            }
        }

        // MARK: The program

        @discardableResult
        private func kubectl(
            _ lab: LabFixture, _ arguments: String..., input: String? = nil, status: Int32 = 0
        ) async throws -> Outcome {
            let outcome = try await lab.sandbox.run(
                ["kubectl"] + arguments, in: lab.root, environment: environment(lab), input: input,
                within: .seconds(90))
            try #require(outcome.status == status, "\(outcome)")
            return outcome
        }

        private func environment(_ lab: LabFixture) -> [String: String?] {
            ["KUBECONFIG": lab.path("generated/kubeconfig")]
        }

        private static let deployment = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: shop
            spec:
              replicas: 2
              selector:
                matchLabels: {app: shop}
              template:
                metadata:
                  labels: {app: shop}
                spec:
                  containers:
                    - name: shop
                      image: registry.k8s.io/pause:3.10

            """

        private static let budget = """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata:
              name: shop
            spec:
              minAvailable: 2
              selector:
                matchLabels: {app: shop}

            """
    }
}
