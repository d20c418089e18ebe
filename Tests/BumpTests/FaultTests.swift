import Foundation
import Testing

extension EndToEnd {
    /// Each named fault on the live lab: what is said, what state is left, and that it comes to a
    /// good end.
    struct FaultTests {
        struct Case: Sendable {
            var fault: String
            var node: String?
            var status: Int32
            /// All in the output, as if no line had been wrapped.
            var words: [String]
            /// The worker is left cordoned, and said so.
            var leavesCordon = false
            var end: End

            enum End: Sendable {
                /// It went well in spite of the fault.
                case done
                /// Nothing was changed; once mended, the same plan is good.
                case again
                case resume
                case abort
            }
        }

        private static let worker = "demo-worker-1"

        private static func cases(_ generation: Generation) -> [Case] {
            let isLegacy = generation.from == Generation.legacy.from
            let old = generation.from
            var cases = [
                Case(fault: "slow-boot", node: worker, status: 0, words: [], end: .done),
                Case(fault: "api-flap", node: worker, status: 0, words: [], end: .done),
                // A pull is asked for again before it counts as failed.
                Case(fault: "image-pull-fails", node: worker, status: 0, words: [], end: .done),
                Case(
                    fault: "backup-fails", status: 3, words: ["ended as Failed", "--no-backup"],
                    end: .again),
                Case(
                    fault: "backup-partial", status: 3,
                    words: ["ended as PartiallyFailed", "--no-backup"], end: .again),
                Case(
                    fault: "kubelet-down", node: worker, status: 3, words: [worker, "not ready"],
                    end: .again),
                Case(
                    fault: "node-not-ready", node: worker, status: 3, words: [worker, "not ready"],
                    end: .again),
                Case(
                    fault: "pdb-blocks", node: worker, status: 3, words: ["no-room"], end: .again),
                Case(
                    fault: "boots-old", node: worker, status: 1,
                    words: [
                        "\(worker) came back on \(old)", "will not be installed again in this run",
                    ], end: .abort),
                Case(
                    fault: "disk-full", node: worker, status: 1, words: [worker, "fix:"],
                    leavesCordon: !isLegacy, end: .abort),
                Case(
                    fault: "unhealthy-after-boot", node: worker, status: 1,
                    words: ["\(worker) ran", "not healthy", "rolled back to \(old)"], end: .abort),
                Case(
                    fault: "extension-missing", node: worker, status: 1,
                    words: ["\(worker) ran", "rolled back to \(old)"], end: .abort),
                Case(
                    fault: "never-boots", node: worker, status: 1,
                    words: ["\(worker) did not come back", "console", "bump resume"],
                    leavesCordon: true, end: .resume),
            ]
            if !isLegacy {
                // The installer is waited for, and the boot tells that it ended well.
                cases.append(
                    Case(fault: "lost-stream", node: worker, status: 0, words: [], end: .done))
            }
            return cases
        }

        @Test(arguments: [Generation.legacy, .lifecycle])
        func `each fault is told, leaves a known state, and comes to a good end`(
            _ generation: Generation
        ) async throws {
            let cases = Self.cases(generation)
            // Two labs side by side: most of the time is spent waiting for what never comes.
            try await LabFixture.with(workers: 2, speed: 50, generation: generation) { one in
                try await LabFixture.with(workers: 2, speed: 50, generation: generation) { other in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for (half, lab) in [one, other].enumerated() {
                            let share = cases.indices.filter { $0 % 2 == half }.map { cases[$0] }
                            group.addTask { try await Self.suffer(share, generation, in: lab) }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test(arguments: [Generation.legacy, .lifecycle])
        func `an etcd that could not do without a member stops everything before it begins`(
            _ generation: Generation
        ) async throws {
            try await LabFixture.with(
                controlPlanes: 3, workers: 0, speed: 50, generation: generation
            ) { lab in
                for (fault, words) in [
                    ("stale-etcd-member", ["no control plane of this cluster", "remove-member"]),
                    ("etcd-member-lost", ["demo-cp-3", "not a member of etcd"]),
                ] {
                    let item = Case(fault: fault, status: 3, words: words, end: .again)
                    try await Self.suffer(item, generation, lab)
                }
            }
        }

        /// A budget that is there before is foretold; one that comes later stops the drain.
        @Test func `a drain that gets blocked on the way is named, and goes on with room`()
            async throws
        {
            try await LabFixture.with(workers: 2, speed: 50) { lab in
                try lab.write(".bump.yaml", "timeouts:\n  drain: 3s\n")
                try await lab.git("add", ".bump.yaml")
                try await lab.git("commit", "--quiet", "--message", "short waits")
                let program = try lab.startBump("talos", "v1.9.4", "--yes", "--soak", "8s")
                let first = try await eventually(within: .seconds(90), every: .milliseconds(100)) {
                    try await !lab.events("uncordoned").isEmpty
                }
                try #require(first)
                let blocked = "demo-worker-2"
                let fault = try await lab.bump(
                    "lab", "fault", lab.root.path, "pdb-blocks", "--node", blocked)
                try #require(fault.status == 0, "\(fault)")
                let run = try await program.end(within: .seconds(90))
                #expect(run.status == 1, "\(run)")
                for words in [
                    "\(blocked) could not be drained", "no-room", "bump resume",
                    "\(blocked) stays cordoned",
                ] {
                    #expect(run.flat.contains(words), "“\(words)” is missing: \(run)")
                }
                #expect(try await lab.events("pdb-broken").isEmpty)
                try await lab.heal()
                try await Self.settles(lab)
                let end = try await lab.bump("resume", "--yes")
                #expect(end.status == 0, "\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        private static func suffer(
            _ cases: [Case], _ generation: Generation, in lab: LabFixture
        ) async throws {
            try lab.write(
                ".bump.yaml", "timeouts:\n  boot: 8s\n  install: 4s\n  drain: 6s\n  gate: 20s\n")
            try await lab.git("add", ".bump.yaml")
            try await lab.git("commit", "--quiet", "--message", "short waits")
            try await claim(lab)
            let before = try await volumes(lab)
            for item in cases { try await suffer(item, generation, lab) }
            #expect(try await volumes(lab) == before, "what lies on the nodes is intact")
        }

        private static func suffer(
            _ item: Case, _ generation: Generation, _ lab: LabFixture
        ) async throws {
            let arguments =
                ["lab", "fault", lab.root.path, item.fault]
                + (item.node.map { ["--node", $0] } ?? [])
            let injected = try await lab.sandbox.run([Sandbox.binary] + arguments)
            try #require(injected.status == 0, "\(injected)")
            if item.end == .again { try await shows(item, lab) }
            let before = try await Traces(lab)
            let run = try await lab.bump("talos", generation.to, "--yes")
            #expect(run.status == item.status, "\(item.fault): \(run)")
            for words in item.words {
                #expect(run.flat.contains(words), "\(item.fault): “\(words)” is missing: \(run)")
            }
            let cordoned = try await lab.status().nodes.filter { $0.cordoned == true }.map(\.name)
            #expect(cordoned == (item.leavesCordon ? [worker] : []), "\(item.fault): cordoned")
            switch item.end {
            case .done: break
            case .again:
                let changes = try await Traces(lab).differences(from: before).filter {
                    !$0.hasPrefix("events:")
                }
                #expect(changes == [], "\(item.fault)")
                try await lab.heal()
                try await settles(lab)
                let again = try await lab.bump("talos", generation.to, "--plan")
                #expect(again.status == 2, "\(item.fault): \(again)")
            case .resume, .abort:
                try await lab.heal()
                try await settles(lab)
                let word = item.end == .resume ? "resume" : "abort"
                let end = try await lab.bump(word, "--yes")
                #expect(end.status == 0, "\(item.fault): \(end)")
            }
            if item.leavesCordon {
                #expect(run.flat.contains("\(worker) stays cordoned"), "\(item.fault): \(run)")
            }
            if item.end == .abort || item.end == .again {
                try await expectGoodEnd(lab, at: generation.from, item.fault)
            } else {
                try await expectGoodEnd(lab, at: generation.to, item.fault)
                let back = try await lab.bump("rollback", "--yes")
                #expect(back.status == 0, "\(item.fault), rollback: \(back)")
                try await expectGoodEnd(lab, at: generation.from, "\(item.fault), rolled back")
            }
        }

        /// Faults that are there at once are waited for, as Kubernetes needs a moment to see them.
        private static func shows(_ item: Case, _ lab: LabFixture) async throws {
            guard ["kubelet-down", "node-not-ready"].contains(item.fault) else { return }
            let isShown = try await eventually(within: .seconds(30), every: .milliseconds(200)) {
                try await lab.status().nodes.contains { $0.ready != true }
            }
            #expect(isShown, "\(item.fault) does not show")
        }

        private static func settles(_ lab: LabFixture) async throws {
            let isWell = try await eventually(within: .seconds(60), every: .milliseconds(300)) {
                let outcome = try await lab.bump("lab", "status", lab.root.path)
                return outcome.out.contains("running, healthy")
            }
            #expect(isWell, "the lab does not get healthy")
        }

        /// A claim, with a volume behind it.
        private static func claim(_ lab: LabFixture) async throws {
            guard Sandbox.has("kubectl") else { return }
            let outcome = try await lab.sandbox.run(
                ["kubectl", "--kubeconfig", lab.path("generated/kubeconfig"), "apply", "-f", "-"],
                input: """
                    {"apiVersion":"v1","kind":"PersistentVolumeClaim",
                    "metadata":{"name":"precious","namespace":"default"},
                    "spec":{"accessModes":["ReadWriteOnce"],
                    "resources":{"requests":{"storage":"1Gi"}}}}
                    """)
            try #require(outcome.status == 0, "\(outcome)")
        }

        /// The volumes with their claims, by identity: a node that is made anew has others.
        private static func volumes(_ lab: LabFixture) async throws -> String? {
            guard Sandbox.has("kubectl") else { return nil }
            let outcome = try await lab.sandbox.run(
                [
                    "kubectl", "--kubeconfig", lab.path("generated/kubeconfig"), "get", "pv",
                    "--output",
                    "jsonpath={range .items[*]}{.metadata.uid} {.spec.claimRef.uid}{'\\n'}{end}",
                ])
            try #require(outcome.status == 0 && !outcome.out.isEmpty, "\(outcome)")
            return outcome.out.split(separator: "\n").sorted().joined(separator: "\n")
        }
    }
}
