import Model
import Testing

@testable import Display

struct EventLinesTests {
    private let worker = NodeName("demo-worker-1")

    private func event(
        _ seconds: Double, _ kind: Event.Kind, _ message: String, step: String? = nil,
        node: NodeName? = nil, problem: Problem? = nil
    ) -> Event {
        Event(
            time: Samples.noon + seconds, kind: kind, step: step, node: node, message: message,
            problem: problem)
    }

    private func fold(_ events: [Event], _ style: Style = Style(width: 80)) -> String {
        var lines = EventLines(style: style, nodes: [worker, "cp"])
        return Samples.text(events.flatMap { lines.lines(for: $0) })
    }

    private var roll: [Event] {
        [
            event(0, .runStarted, "talos v1.9.4 on demo"),
            event(0, .stageStarted, "workers"),
            event(1, .stepStarted, "cordon demo-worker-1", step: "c", node: worker),
            event(1.2, .stepDone, "cordon demo-worker-1", step: "c", node: worker),
            event(2, .stepStarted, "drain demo-worker-1", step: "d", node: worker),
            event(3, .progress, "1 pod left: shop/web-1", step: "d", node: worker),
            event(4, .progress, "1 pod left: shop/web-1", step: "d", node: worker),
            event(6, .stepDone, "drain demo-worker-1", step: "d", node: worker),
            event(7, .stepStarted, "prove demo-worker-1", step: "v", node: worker),
            event(66, .nodeProven, "demo-worker-1 runs v1.9.4", step: "v", node: worker),
            event(66, .stepDone, "prove demo-worker-1", step: "v", node: worker),
            event(67, .stepSkipped, "pull the installer to cp", step: "x", node: "cp"),
            event(130, .runDone, "talos v1.9.4"),
        ]
    }

    @Test func `a run is one line for each change`() {
        #expect(
            fold(roll) == """
                12:00:00  talos v1.9.4 on demo
                12:00:00  workers
                12:00:01  · demo-worker-1  cordon
                12:00:02  · demo-worker-1  drain
                12:00:03    demo-worker-1    1 pod left: shop/web-1
                12:00:06  ✓ demo-worker-1  drain (4 s)
                12:00:07  · demo-worker-1  prove
                12:01:06  ✓ demo-worker-1  runs v1.9.4 (1 min 5 s)
                12:01:07  · cp             pull the installer: already so
                12:02:10  ✓ done: talos v1.9.4 (2 min 10 s)
                """)
    }

    @Test(arguments: [
        ("set kubelet of demo-worker-1 to 1.32.2", "set kubelet to 1.32.2"),
        ("set kubelet of demo-worker-1 back to 1.32.0", "set kubelet back to 1.32.0"),
        ("prove kubelet of demo-worker-1", "prove kubelet"),
        ("upgrade demo-worker-1 to v1.9.4", "upgrade to v1.9.4"),
        ("roll demo-worker-1 back to v1.9.2", "roll back to v1.9.2"),
        (
            "waiting for the pod of kubelet of demo-worker-1 to appear",
            "waiting for the pod of kubelet to appear"
        ),
        (
            "waiting for demo-worker-1 to be Ready in Kubernetes",
            "waiting for demo-worker-1 to be Ready in Kubernetes"
        ),
    ])
    func `the name that stands beside leaves no hole`(_ message: String, _ words: String) {
        #expect(
            fold([event(0, .progress, message, step: "s", node: worker)])
                == "12:00:00    demo-worker-1    \(words)")
    }

    @Test func `without UTF-8 it is ASCII alone`() {
        let text = fold(roll, Style(hasUnicode: false, width: 80))
        #expect(text.utf8.allSatisfy { $0 < 128 })
        #expect(text.contains("12:01:06  + demo-worker-1  runs v1.9.4 (1 min 5 s)"))
    }

    @Test func `a count that moves is heard every five seconds at most`() {
        let events = (0...12).map { second in
            event(Double(second), .progress, "pulled \(second) MB", step: "p", node: worker)
        }
        #expect(
            fold(events) == """
                12:00:00    demo-worker-1    pulled 0 MB
                12:00:05    demo-worker-1    pulled 5 MB
                12:00:10    demo-worker-1    pulled 10 MB
                """)
    }

    @Test func `a failure names its problem once and leaves the whole of it to the end`() {
        let problem = Problem(.stopped, "demo-worker-1 fell back to v1.9.2.", fix: "look at it")
        let events = [
            event(0, .stepFailed, "prove demo-worker-1", step: "p", node: worker, problem: problem),
            event(1, .nodeRolledBack, "is back on v1.9.2", node: worker),
            event(2, .runStopped, "demo-worker-1 fell back to v1.9.2.", problem: problem),
        ]
        #expect(
            fold(events) == """
                12:00:00  ✗ demo-worker-1  prove: fell back to v1.9.2.
                12:00:01  ✗ demo-worker-1  is back on v1.9.2
                12:00:02  ✗ stopped
                """)
    }

    @Test(arguments: [
        ("cordon cp", "cordon"), ("upgrade cp to v1.9.4", "upgrade to v1.9.4"),
        ("install v1.9.4 on cp", "install v1.9.4"), ("cp is back on v1.9.2", "is back on v1.9.2"),
        ("move etcd leadership off cp", "move etcd leadership off cp"),
        ("snapshot of cp: 3 MB", "snapshot: 3 MB"), ("cpu of cpx", "cpu of cpx"),
    ])
    func `a name stands in its column alone`(message: String, shown: String) {
        #expect(
            fold([event(0, .stepStarted, message, step: "s", node: "cp")])
                == "12:00:00  · cp             " + shown)
    }

    @Test func `the turn of a node begins anew in each stage`() {
        let events = [
            event(0, .stepStarted, "pull", step: "p", node: worker),
            event(100, .stageStarted, "workers"),
            event(110, .stepStarted, "cordon", step: "c", node: worker),
            event(113, .nodeProven, "proven", node: worker),
        ]
        #expect(fold(events).hasSuffix("proven (3 s)"))
    }

    @Test func `batches of one stage are headed once`() {
        let events = [
            event(0, .stageStarted, "workers"), event(1, .stageStarted, "workers"),
            event(2, .stageStarted, "control planes"),
        ]
        #expect(fold(events) == "12:00:00  workers\n12:00:02  control planes")
    }

    @Test func `as JSON an event is one line with what it has`() {
        let problem = Problem(.refused, "No \"quorum\"\nleft", at: "cp")
        let json = EventJSON.line(
            event(0.5, .stepFailed, "drain", step: "d", node: worker, problem: problem))
        #expect(
            json == #"{"kind":"step-failed","message":"drain","node":"demo-worker-1","#
                + #""problem":{"exitCode":3,"kind":"refused","location":"cp","#
                + #""summary":"No \"quorum\"\nleft"},"step":"d","time":"2026-11-22T12:00:00.500Z"}"#
        )
    }
}
