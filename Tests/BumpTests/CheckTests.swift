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
