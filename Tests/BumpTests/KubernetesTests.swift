import Foundation
import Testing

extension EndToEnd {
    /// `bump kubernetes`, judged by git and by the lab's events.
    struct KubernetesTests {

        @Test(arguments: [(1, 2, "1.32.0"), (3, 3, "1.31.4")])
        func `minors are walked there and back, pods and machines left alone`(
            _ planes: Int, _ workers: Int, _ end: String
        ) async throws {
            try await LabFixture.with(
                controlPlanes: planes, workers: workers, speed: 50, generation: .between
            ) { lab in
                let before = try lab.text(LabFixture.tfvarsPath)
                let up = try await lab.bump("kubernetes", "1.33.1", "--yes")
                try #require(up.status == 0, "\(up)")
                #expect(!up.said.contains(" of to "), "the node's name leaves a hole: \(up)")
                try await expectKubernetes(lab, "1.33.1")
                #expect(
                    try await subjects(lab, 2) == [
                        "kubernetes: upgrade 1.32.13 to 1.33.1",
                        "kubernetes: upgrade 1.31.4 to 1.32.13",
                    ])
                // Each component of each node once a hop.
                #expect(try await lab.events("static-pod-updated").count == 2 * 3 * planes)
                #expect(try await lab.events("kubelet-updated").count == 2 * (planes + workers))
                let again = try await lab.bump("kubernetes", "1.33.1", "--yes")
                #expect(again.status == 0 && again.said.contains("Nothing to do"), "\(again)")

                let back = try await lab.bump("rollback", "--kubernetes", end, "--yes")
                try #require(back.status == 0, "\(back)")
                try await expectKubernetes(lab, end)
                #expect(
                    try lab.text(LabFixture.tfvarsPath)
                        == before.replacing("\"1.31.4\"", with: "\"\(end)\""))
            }
        }

        @Test func `killed again and again it ends as if never killed, and can be backed out of`()
            async throws
        {
            try await LabFixture.with(workers: 2, speed: 50) { lab in
                var end = try await lab.bumpKilled(after: 9, ["kubernetes", "1.32.2", "--yes"])
                var kills = 0
                while end == nil, kills < 60 {
                    kills += 1
                    end = try await lab.bumpKilled(after: 4 + kills % 4, ["resume", "--yes"])
                }
                #expect(kills >= 4)
                try #require(end?.status == 0, "\(String(describing: end))")
                try await expectKubernetes(lab, "1.32.2")
                #expect(try await lab.events("static-pod-updated").count == 3)
                #expect(try await lab.events("kubelet-updated").count == 3)
                #expect(try await subjects(lab, 1) == ["kubernetes: upgrade 1.32.0 to 1.32.2"])

                let begun = try await lab.bumpKilled(after: 30, ["kubernetes", "1.32.5", "--yes"])
                #expect(begun == nil, "\(String(describing: begun))")
                let abort = try await lab.bump("abort", "--yes")
                try #require(abort.status == 0, "\(abort)")
                try await expectKubernetes(lab, "1.32.2")
            }
        }

        @Test func `an API server that crash-loops stops the run at the first control plane`()
            async throws
        {
            try await LabFixture.with(
                controlPlanes: 3, workers: 1, speed: 50
            ) { lab in
                try await shortWaits(lab)
                try await inject("apiserver-crash-loops", "demo-cp-1", lab)
                let run = try await lab.bump("kubernetes", "1.32.2", "--yes")
                #expect(run.status == 1, "\(run)")
                for words in [
                    "kube-apiserver of demo-cp-1 does not come up at 1.32.2", "CrashLoopBackOff",
                    "No node after it was given the new kube-apiserver", "bump abort to go back",
                ] {
                    #expect(run.flat.contains(words), "“\(words)” is missing: \(run)")
                }
                #expect(
                    try await lab.events("config-applied").compactMap(\.node) == ["demo-cp-1"])
                let abort = try await lab.bump("abort", "--yes")
                try #require(abort.status == 0, "\(abort)")
                try await expectKubernetes(lab, "1.32.0")
            }
        }

        @Test
        func `a kubelet that never comes back stops the run, which goes on once it is mended`()
            async throws
        {
            try await LabFixture.with(workers: 2, speed: 50) { lab in
                try await shortWaits(lab)
                try await inject("kubelet-never-back", "demo-worker-1", lab)
                let run = try await lab.bump("kubernetes", "1.32.2", "--yes")
                #expect(run.status == 1, "\(run)")
                #expect(run.flat.contains("kubelet of demo-worker-1 does not come up"), "\(run)")
                let touched = try await lab.events("kubelet-updated").compactMap(\.node)
                #expect(!touched.contains("demo-worker-2"), "the next is left alone: \(touched)")
                try await lab.heal()
                let resume = try await lab.bump("resume", "--yes")
                try #require(resume.status == 0, "\(resume)")
                try await expectKubernetes(lab, "1.32.2")
            }
        }

        @Test(arguments: [
            ("commented-config", "1.32.0", "1.32.2"), ("anchored-config", "1.32.0", "1.32.2"),
            ("crlf-config", "1.32.0", "1.32.2"), ("document-config", "1.36.3", "1.36.4"),
        ])
        func `of a machine config nothing changes but the images`(
            _ scenario: String, _ old: String, _ new: String
        ) async throws {
            try await LabFixture.with(speed: 50, scenario: scenario) { lab in
                let before = try await configs(lab)
                let run = try await lab.bump("kubernetes", new, "--yes")
                try #require(run.status == 0, "\(run)")
                let after = try await configs(lab)
                // A digest pins the old image, so it goes with the version. What only looks like
                // an image of Kubernetes, in a document of somebody else, stays.
                let decoy = "IMAGE=registry.k8s.io/kube-apiserver:v"
                let wanted = before.map {
                    $0.replacing("v\(old)", with: "v\(new)")
                        .replacing(decoy + new, with: decoy + old)
                        .replacing(/@sha256:[0-9a-f]{64}/, with: "")
                }
                #expect(!before.isEmpty && after == wanted.sorted() && after != before)
            }
        }

        @Test(.enabled(if: Sandbox.has("kubectl")))
        func `what a later minor does not serve is told before the first hop`() async throws {
            try await LabFixture.with(workers: 1, speed: 50, kubernetes: "1.30.4") { lab in
                let kind = """
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: podschedulingcontexts.resource.k8s.io}
                    spec:
                      group: resource.k8s.io
                      scope: Namespaced
                      names: {plural: podschedulingcontexts, kind: PodSchedulingContext}
                      versions:
                      - name: v1alpha3
                        served: true
                        storage: true
                        schema:
                          openAPIV3Schema: {type: object}

                    """
                let object = """
                    apiVersion: resource.k8s.io/v1alpha3
                    kind: PodSchedulingContext
                    metadata: {name: train, namespace: default}

                    """
                for (name, text) in [("kind.yaml", kind), ("object.yaml", object)] {
                    try lab.write(".lab/" + name, text)
                    let done = try await eventually(within: .seconds(10), every: .milliseconds(200))
                    {
                        try await lab.sandbox.run(
                            [
                                "kubectl", "--kubeconfig", lab.path("generated/kubeconfig"),
                                "apply", "-f", lab.path(".lab/" + name),
                            ]
                        ).status == 0
                    }
                    try #require(done)
                }
                let run = try await lab.bump("kubernetes", "1.32.2", "--yes")
                #expect(run.status == 3, "\(run)")
                #expect(
                    run.flat.contains(
                        "1 object of podschedulingcontexts.v1alpha3.resource.k8s.io exists "
                            + "(default/train); Kubernetes 1.32 no longer serves it"), "\(run)")
                #expect(try await lab.events("config-applied", "image-pulled").isEmpty)
            }
        }

        // MARK: Judges

        /// Every machine config as the lab keeps it, in the order of the texts.
        private func configs(_ lab: LabFixture) async throws -> [String] {
            let stop = try await lab.bump("lab", "stop", lab.root.path)
            try #require(stop.status == 0, "\(stop)")
            let state = try JSONSerialization.jsonObject(with: try lab.read(".lab/state.json"))
            let start = try await lab.bump("lab", "start", lab.root.path)
            try #require(start.status == 0, "\(start)")
            return texts(in: state).filter { $0.contains("version: v1alpha1") }.sorted()
        }

        private func texts(in value: Any) -> [String] {
            switch value {
            case let text as String: [text]
            case let list as [Any]: list.flatMap(texts)
            case let object as [String: Any]: object.values.flatMap(texts)
            default: []
            }
        }

        private func inject(_ fault: String, _ node: String, _ lab: LabFixture) async throws {
            let outcome = try await lab.bump("lab", "fault", lab.root.path, fault, "--node", node)
            try #require(outcome.status == 0, "\(outcome)")
        }

        private func shortWaits(_ lab: LabFixture) async throws {
            try await lab.replace("component: 30s", with: "component: 4s", in: ".bump.yaml")
        }

        private func subjects(_ lab: LabFixture, _ count: Int) async throws -> [String] {
            try await lab.git("log", "-\(count)", "--format=%s")
                .split(separator: "\n").map(String.init)
        }

        /// One version everywhere and in the file, nothing dirty, nothing open, and neither a pod
        /// evicted nor a machine rebooted on the way.
        private func expectKubernetes(_ lab: LabFixture, _ version: String) async throws {
            let run = try await lab.bump("status", "--json")
            let status = try await lab.status()
            #expect(run.out.contains("\"\(version)\"") || run.out.contains("v\(version)"))
            #expect(status.nodes.allSatisfy { $0.ready == true && $0.cordoned == false })
            #expect(
                try lab.text(LabFixture.tfvarsPath).contains("kubernetes_version = \"\(version)\""))
            #expect(try await lab.git("status", "--porcelain") == "")
            let disturbed = try await lab.events(
                "cordoned", "evicted", "went-down", "installed", "etcd-quorum-lost")
            #expect(disturbed.map(\.description) == [])
            let resume = try await lab.bump("resume", "--yes")
            #expect(resume.said.contains("Nothing to resume"), "\(resume)")
        }
    }
}
