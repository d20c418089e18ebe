import Foundation
import Testing

extension EndToEnd {
    /// Each row of the doctor's table: made, found with evidence and fix, mended, and gone.
    @Suite(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
    struct DoctorTests {
        private struct Row {
            var title: String
            var acts: [Breakage.Act]
            /// What is said of it; its evidence and its fix among it.
            var words: [String]
            var cure: Cure

            enum Cure {
                /// `bump doctor --fix --yes` does it; then what is done besides.
                case doctor([Breakage.Act])
                /// No remedy is offered, since none is safe; this is what mends it.
                case others([Breakage.Act])
            }
        }

        private static let rows = [
            Row(
                title: "etcd member that nobody has keeps another from joining",
                acts: [.fault("etcd-member-lost", "demo-cp-3"), .fault("stale-etcd-member", nil)],
                words: [
                    "no control plane of this cluster has, and demo-cp-3 cannot join beside it",
                    "2 of 3 members are healthy besides, 2 are needed",
                    "talosctl etcd remove-member", "demo-cp-3 is up, but not a member of etcd",
                ], cure: .doctor([.heal])),
            Row(
                title: "the same where removing it is not safe",
                acts: [.fault("etcd-unhealthy", "demo-cp-1"), .fault("stale-etcd-member", nil)],
                words: [
                    "of 4 members are healthy besides, 3 are needed", "bring the other members",
                ],
                cure: .others([.heal])),
            Row(
                title: "an alarm of etcd", acts: [.fault("etcd-no-space", "demo-cp-2")],
                words: ["etcd has raised an alarm", "NOSPACE on demo-cp-2", "etcd defrag"],
                cure: .others([.heal])),
            Row(
                title: "a skipped minor",
                acts: [
                    .replace("\"v1.9.2\"", with: "\"v1.11.2\"", in: LabFixture.tfvarsPath),
                    .git("commit --quiet --all --message skip"),
                ],
                words: [
                    "demo-cp-1 runs v1.9.2, and 1.11 is more than one minor away",
                    "v1.11.2 is declared", "bump talos v1.10.",
                ],
                cure: .others([
                    .replace("\"v1.11.2\"", with: "\"v1.9.2\"", in: LabFixture.tfvarsPath),
                    .git("commit --quiet --all --message back"),
                ])),
            Row(
                title: "a node that a run has left cordoned",
                acts: [
                    .kubectl("cordon demo-worker-2"),
                    .kubectl(
                        "annotate node demo-worker-2 bump.dev/cordoned-by=20260101-000000-abcd"),
                ],
                words: [
                    "demo-worker-2 was left cordoned by a run of bump", "that run is not open",
                    "kubectl uncordon demo-worker-2",
                ], cure: .doctor([])),
            Row(
                title: "a pod that cannot end on a node that is gone",
                acts: [
                    .put(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: ghost, namespace: demo}
                        spec: {nodeName: gone-1, containers: [{name: main, image: "a:1"}]}
                        """), .kubectl("--namespace demo delete pod ghost --wait=false"),
                ],
                words: [
                    "Pod demo/ghost cannot end: its node gone-1 is gone",
                    "Kubernetes has no node gone-1", "--grace-period=0 --force",
                ], cure: .doctor([])),
            Row(
                title: "a node that hangs on its way up",
                acts: [.fault("boot-hangs", "demo-worker-1")],
                words: [
                    "demo-worker-1 is booting and not running yet", "kubelet",
                    "talosctl -n", "dmesg", "reboot",
                ], cure: .others([.heal])),
            Row(
                title: "installed, and never booted",
                acts: [.fault("install-pending", "demo-worker-1")],
                words: [
                    "demo-worker-1 has a version installed that it never booted",
                    "its META partition", "then talosctl -n",
                ], cure: .others([.heal])),
            Row(
                title: "no API at several control planes",
                acts: [
                    .fault("etcd-unhealthy", "demo-cp-1"), .fault("etcd-unhealthy", "demo-cp-2"),
                ],
                words: [
                    "The Kubernetes API does not answer", "demo-cp-3 answer over the Talos API",
                    "look at the endpoint",
                ], cure: .others([.heal])),
            Row(
                title: "a node that lacks an extension",
                acts: [
                    .fault("extension-missing", "demo-worker-1"),
                    .bumpStopped([
                        "talos", "v1.9.4", "--yes", "--no-backup", "--on-failure", "stop",
                    ]),
                ],
                words: [
                    "demo-worker-1 lacks extensions", "missing: qemu-guest-agent",
                    "A run stopped half-way: talos v1.9.4", "bump resume to finish it",
                ], cure: .others([.bump(["abort", "--yes"])])),
            Row(
                title: "an upgrade that waits for a node",
                acts: [
                    .fault("never-boots", "demo-worker-1"),
                    .bumpStopped(["talos", "v1.9.4", "--yes", "--no-backup"]),
                ],
                words: [
                    "demo-worker-1 does not come back, and a run waits for it",
                    "look at its console", "bump resume",
                ], cure: .others([.heal, .bumpSoon(["resume", "--yes"])])),
        ]

        @Test func `each trouble is made, found, mended and gone`() async throws {
            try await LabFixture.with(controlPlanes: 3, workers: 2, speed: 20) { lab in
                try lab.write(".bump.yaml", "timeouts: {boot: 5s, install: 3s, gate: 20s}\n")
                for row in Self.rows { try await judge(row, lab) }
                let removed = try await lab.events().filter {
                    $0.detail?.contains("EtcdRemoveMember") == true
                }
                #expect(removed.count == 1, "\(removed)")
            }
        }

        @Test func `the API of a single control plane is waited for`() async throws {
            try await LabFixture.with(speed: 20) { lab in
                try await judge(
                    Row(
                        title: "no API at a single control plane",
                        acts: [.fault("etcd-unhealthy", "demo-cp-1")],
                        words: [
                            "as it is while the only control plane restarts",
                            "wait: a reboot usually takes 2 to 5 minutes",
                        ], cure: .others([.heal])), lab)
            }
        }

        private func judge(_ row: Row, _ lab: LabFixture) async throws {
            try await lab.perform(row.acts)
            var said = try await lab.bump("doctor")
            let isFound = try await eventually(within: .seconds(15)) {
                said = try await lab.bump("doctor")
                return row.words.allSatisfy(said.flat.contains)
            }
            #expect(isFound, "\(row.title): \(row.words) in \(said)")
            #expect(said.status == 3, "\(row.title): \(said)")
            switch row.cure {
            case .doctor(let acts):
                let fixed = try await lab.bump("doctor", "--fix", "--yes")
                #expect(fixed.err.contains("Done: "), "\(row.title): \(fixed)")
                try await lab.perform(acts)
            case .others(let acts):
                let unfixed = try await lab.bump("doctor", "--fix", "--yes")
                #expect(unfixed.status == 3, "\(row.title): \(unfixed)")
                #expect(!unfixed.err.contains("Done: "), "\(row.title): \(unfixed)")
                try await lab.perform(acts)
            }
            let isGone = try await eventually(within: .seconds(30)) {
                said = try await lab.bump("doctor")
                return said.status == 0
            }
            try #require(isGone, "after \(row.title): \(said)")
        }
    }
}
