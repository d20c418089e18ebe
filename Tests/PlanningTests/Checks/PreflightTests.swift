import Model
import Testing

@testable import Planning

@Suite struct `A pre-flight check` {
    private func findings(_ snapshot: Snapshot) -> [Finding] {
        Preflight(snapshot: snapshot, options: PlanOptions()).report().findings
    }

    @Test func `has nothing to say of a healthy, busy cluster`() {
        #expect(findings(HealthSamples.snapshot()) == [])
    }

    @Test(arguments: BrokenCase.all)
    func `names what is broken, and how to mend it`(_ broken: BrokenCase) throws {
        let snapshot = broken.breaking(HealthSamples.snapshot())
        let found = findings(snapshot)
        let match = try #require(
            found.first {
                $0.code == broken.code
                    && ($0.summary + " " + ($0.location ?? "")).contains(broken.names)
            }, "\(found)")
        #expect(match.severity == broken.severity)
        if match.severity == .error { #expect(match.fix?.isEmpty == false, "no way out") }
        #expect(
            found.allSatisfy { $0.severity <= broken.severity },
            "nothing worse than what was broken: \(found)")
    }

    @Test func `of all things is shown together, the worst first`() {
        let broken = BrokenCase.all.filter { $0.code != "etcd.unknown" }
        let snapshot = broken.prefix(40).reduce(HealthSamples.snapshot()) { $1.breaking($0) }
        let found = findings(snapshot)
        #expect(Set(found.map(\.code)).count > 15)
        #expect(found == found.sorted { $0.severity > $1.severity }.stable(as: found))
    }

    @Test func `is the gate of a run, for its errors alone`() {
        let low = HealthSamples.snapshot().ailing(machine: "w-1") {
            $0.volumes[1].available = 3 << 30
        }
        let full = HealthSamples.snapshot().ailing(machine: "w-1") { $0.volumes[1].available = 1 }
        func plan(_ snapshot: Snapshot) -> Plan {
            Planner(snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0)
                .talosPlan(to: Version(1, 9, 4))
        }
        #expect(!plan(HealthSamples.snapshot()).hasErrors)
        #expect(!plan(low).hasErrors)
        #expect(plan(full).findings.filter { $0.severity == .error }.map(\.code) == ["disk.full"])
    }

    @Test(arguments: [
        ("pod.crash-loop", true), ("pod.crash-loop:demo/sick", true),
        ("pod.crash-loop:demo/si*", true), ("pod.crash-loop:demo/other*", false),
        ("pod.unwell", false),
    ])
    func `lets pass what the user allows`(_ pattern: String, _ isAllowed: Bool) throws {
        let snapshot = HealthSamples.snapshot().ailing(\.pods) { pods in
            var pod = HealthSamples.pod(
                "sick", on: "w-1", status: "CrashLoopBackOff", isReady: false)
            pod.persists = true
            pods.append(pod)
        }.ailing { $0.allowed = [pattern] }
        let found = try #require(findings(snapshot).first { $0.code == "pod.crash-loop" })
        #expect((found.severity == .warning) == isAllowed)
    }

    @Test func `takes no budget for blocked that a restart has filled for a moment`() {
        let snapshot = HealthSamples.snapshot().ailing(\.pods) { pods in
            guard let index = pods.firstIndex(where: { $0.pod.name == "web-3" }) else { return }
            pods[index].pod.isReady = false
        }.ailing { health in
            health.budgets = .known([HealthSamples.budget("web", wants: 2, of: 3, healthy: 2)])
            health.refusedEvictions = [
                "uid-web-1": "Cannot evict pod as it would violate the pod's disruption budget."
            ]
        }
        #expect(findings(snapshot) == [])
    }

    @Test(arguments: [
        (BudgetFacts.Demand.minAvailable(.count(3)), "scale deployment web --replicas=4", true),
        (.maxUnavailable(.count(0)), "scale", false),
        (.minAvailable(.percent(100)), "scale", false),
    ])
    func `offers more replicas where these give a budget room`(
        _ demand: BudgetFacts.Demand, _ words: String, _ isOffered: Bool
    ) throws {
        let snapshot = HealthSamples.snapshot().ailing { health in
            var budget = HealthSamples.budget("web", wants: 3, of: 3)
            budget.demand = demand
            budget.disruptionsAllowed = 0
            health.budgets = .known([budget])
        }
        let found = try #require(findings(snapshot).first { $0.code == "drain.blocked" })
        let fix = try #require(found.fix)
        #expect(fix.contains(words) == isOffered, "\(fix)")
        #expect(fix.contains("patch pdb web --type merge"))
    }

    @Test func `names the files that a drain ends`() {
        let snapshot = HealthSamples.snapshot().ailing(\.pods) { pods in
            guard let index = pods.firstIndex(where: { $0.pod.name == "web-1" }) else { return }
            pods[index].needs.hasScratchFiles = true
        }
        #expect(findings(snapshot).map(\.code) == ["drain.scratch"])
    }

    @Test func `does not ask to uncordon what an open run has cordoned`() {
        let snapshot = HealthSamples.snapshot().with { snapshot in
            let run = RunID("20261122-120000-7f3a")
            snapshot.openRun = OpenRun(id: run, title: "t", startedAt: 0, isAlive: false)
            snapshot.nodes[3].kubernetes =
                snapshot.nodes[3].kubernetes.value.map {
                    var seen = $0
                    seen.isCordoned = true
                    seen.cordonedBy = run.text
                    return .known(seen)
                } ?? snapshot.nodes[3].kubernetes
        }
        #expect(!findings(snapshot).map(\.code).contains("node.cordoned"))
    }

    @Test func `says one thing when Kubernetes is away`() {
        let snapshot = HealthSamples.snapshot().with {
            $0.kubernetesVersion = .unknown("connection refused")
        }.ailing {
            $0.pods = .unknown("connection refused")
            $0.budgets = .unknown("connection refused")
            $0.rooms = .unknown("connection refused")
        }
        #expect(findings(snapshot).map(\.code) == ["kubernetes.unreachable"])
    }

    @Test func `counts pods of one workload once`() {
        let snapshot = HealthSamples.snapshot().ailing(\.pods) { pods in
            for number in 1...30 {
                var pod = HealthSamples.pod(
                    "bad-\(number)", on: "w-1", app: "bad", status: "ErrImagePull",
                    isReady: false)
                pod.persists = true
                pods.append(pod)
            }
        }
        let found = findings(snapshot)
        #expect(found.map(\.code) == ["pod.unwell"])
        #expect(found.first?.summary.contains("and 29 more") == true)
    }
}

extension [Finding] {
    /// The order of `other` among equals.
    fileprivate func stable(as other: [Finding]) -> [Finding] {
        [Finding.Severity.error, .warning, .note].flatMap { severity in
            other.filter { $0.severity == severity }
        }
    }
}
