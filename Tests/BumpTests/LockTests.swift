import Foundation
import Testing

extension EndToEnd {
    /// The Lease in the cluster: a run that died is recognised, and its lock is taken over only when
    /// somebody said so.
    struct LockTests {
        @Test func `the lock of a killed run is named, and taken over only when told`() async throws
        {
            try await LabFixture.with(speed: 50) { lab in
                let clone = try await lab.clone()
                let killed = try await lab.bumpKilled(after: 8, ["talos", "v1.9.4", "--yes"])
                #expect(killed == nil, "\(String(describing: killed))")
                let run = try #require(
                    FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs")).first)

                let second = try await lab.bump("talos", "v1.9.4", "--yes", in: clone)
                #expect(second.status == 3, "\(second)")
                for words in [
                    "left behind by run \(run)", "it was killed", "is gone", "bump resume",
                    "--take-over",
                ] {
                    #expect(second.flat.contains(words), "“\(words)” is missing: \(second)")
                }
                // Another machine, or another clone, has no journal of it: it says so.
                let resume = try await lab.bump("resume", "--yes", in: clone)
                #expect(resume.status == 3, "\(resume)")
                #expect(resume.flat.contains("only where it was begun can it be finished"))

                let over = try await lab.bump("talos", "v1.9.4", "--yes", "--take-over", in: clone)
                #expect(over.status == 0, "\(over)")
                #expect(over.flat.contains("Took the cluster's lock over from \(run)@"))
                // The killed one finds everything done.
                let end = try await lab.bump("resume", "--yes")
                #expect(end.status == 0, "\(end)")
                try await expectGoodEnd(lab, at: "v1.9.4")
            }
        }

        @Test func `a run that lives keeps its lock whatever is said`() async throws {
            try await LabFixture.with { lab in
                let clone = try await lab.clone()
                let first = try lab.startBump("talos", "v1.9.4", "--yes")
                let works = try await eventually(within: .seconds(60), every: .milliseconds(100)) {
                    lab.recordCount > 8
                }
                try #require(works)
                let second = try await lab.bump(
                    "talos", "v1.9.4", "--yes", "--take-over", in: clone)
                #expect(second.status == 3 && second.flat.contains("of this machine"), "\(second)")
                let end = try await first.end(within: .seconds(90))
                #expect(end.status == 0, "\(end)")
            }
        }

        @Test(.enabled(if: Sandbox.has("kubectl"), "kubectl is not installed"))
        func `a lock from another machine is respected, and recognised when its time is over`()
            async throws
        {
            try await LabFixture.with(workers: 0, speed: 50) { lab in
                let holder = "20260101-000000-aaaa@elsewhere/7"
                try await hold(lab, holder, renewed: Date.now)
                let live = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(live.status == 3, "\(live)")
                #expect(live.flat.contains("run 20260101-000000-aaaa on elsewhere"), "\(live)")
                #expect(live.flat.contains("wait for it to end"), "\(live)")

                try await hold(lab, holder, renewed: Date.now - 3600)
                let over = try await lab.bump("talos", "v1.9.4", "--yes")
                #expect(over.status == 3, "\(over)")
                #expect(over.flat.contains("killed, or cut off"), "\(over)")
                #expect(over.flat.contains("finish it where it was begun on elsewhere"), "\(over)")
                #expect(try await lab.events("cordoned", "installed").isEmpty)

                let taken = try await lab.bump("talos", "v1.9.4", "--yes", "--take-over")
                #expect(taken.status == 0, "\(taken)")
                try await expectGoodEnd(lab, at: "v1.9.4")

                // A run that is over, and could not give the lock back.
                let run = try #require(
                    FileManager.default.contentsOfDirectory(atPath: lab.path(".bump/runs")).first)
                let host = try await lab.sandbox.run(["uname", "-n"]).out
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                try await hold(lab, "\(run)@\(host)/7", renewed: Date.now)
                let back = try await lab.bump("rollback", "--yes")
                #expect(back.status == 0, "\(back)")
                try await expectGoodEnd(lab, at: "v1.9.2")
            }
        }

        private func hold(_ lab: LabFixture, _ holder: String, renewed: Date) async throws {
            let time = renewed.formatted(
                Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            ).replacing("Z", with: "000Z")
            let lease = """
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
                "metadata":{"name":"bump","namespace":"kube-system"},
                "spec":{"holderIdentity":"\(holder)","leaseDurationSeconds":900,
                "acquireTime":"\(time)","renewTime":"\(time)"}}
                """
            let outcome = try await lab.sandbox.run(
                ["kubectl", "--kubeconfig", lab.path("generated/kubeconfig"), "apply", "-f", "-"],
                in: lab.root, input: lease)
            try #require(outcome.status == 0, "\(outcome)")
        }
    }
}
