import Model
import Testing

@testable import Display

@Suite struct `A check is shown` {
    private func report(_ findings: [Finding]) -> CheckReport {
        CheckReport(
            clusterName: "demo", takenAt: Samples.noon, findings: findings, outlooks: [],
            facts: ["3 nodes, all at Talos v1.9.2"])
    }

    private let all = [
        Finding(
            .error, "drain.blocked", "Draining w-1 would hang on pod demo/web-1: no room.",
            at: "demo/web", fix: "kubectl -n demo edit pdb web"),
        Finding(.error, "etcd.no-leader", "etcd has no leader.", fix: "talosctl etcd status"),
        Finding(.warning, "flux.suspended", "Kustomization f/a is suspended."),
        Finding(.note, "drain.single-replica", "Each with one replica: demo/solo."),
    ]

    @Test func `in one line when all is well`() {
        #expect(
            CheckText(report([]), Style()).lines() == [
                "✓ demo: nothing stands in the way of an upgrade."
            ])
    }

    @Test func `in groups, each finding with its fix`() {
        #expect(
            CheckText(report(all), Style()).lines() == [
                "✗ demo: 2 things stand in the way of an upgrade, and 1 warning.",
                "", "etcd", "  error: etcd has no leader.", "    fix: talosctl etcd status",
                "", "Drain forecast",
                "  error: Draining w-1 would hang on pod demo/web-1: no room. (demo/web)",
                "    fix: kubectl -n demo edit pdb web",
                "", "Flux", "  warning: Kustomization f/a is suspended.",
                "  1 note: bump check --verbose",
            ])
    }

    @Test func `with notes and facts when more is wanted`() {
        let lines = CheckText(report([all[3]]), Style(), isVerbose: true).lines()
        #expect(
            lines == [
                "✓ demo: nothing stands in the way of an upgrade.",
                "  3 nodes, all at Talos v1.9.2", "", "Drain forecast",
                "  note: Each with one replica: demo/solo.",
            ])
    }

    @Test func `as a document with its version`() {
        let text = CheckJSON.document(report(all))
        #expect(text.contains("\"version\": 1"))
        #expect(text.contains("\"ok\": false"))
        #expect(text.contains("\"group\": \"drain\""))
    }
}

@Suite struct `A diagnosis is shown` {
    @Test func `with evidence, fix and remedy`() {
        let trouble = Trouble(
            "node.left-cordoned", "w-1 was left cordoned by a run of bump.",
            evidence: ["annotation bump.dev/cordoned-by: r"], fix: "kubectl uncordon w-1",
            remedy: .uncordon("w-1"))
        #expect(
            DoctorText.lines([trouble], cluster: "demo", Style()) == [
                "✗ demo: 1 trouble.", "",
                "trouble: w-1 was left cordoned by a run of bump.",
                "  seen: annotation bump.dev/cordoned-by: r", "  fix: kubectl uncordon w-1",
                "  bump doctor --fix would uncordon w-1",
            ])
        #expect(
            DoctorText.lines([], cluster: "demo", Style()) == [
                "✓ demo: none of the known troubles."
            ])
    }
}
