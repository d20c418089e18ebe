import Foundation
import Testing

/// What every run owes once it has ended in done or aborted: one version everywhere, nothing left
/// cordoned, the file and git in agreement, no second install without a boot between, the locks
/// free, and what lies on the nodes untouched.
func expectGoodEnd(
    _ lab: LabFixture, at version: String, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    func expect(_ truth: Bool, _ words: @autoclosure () -> String) {
        #expect(truth, "\(what): \(words())", sourceLocation: sourceLocation)
    }
    let status = try await lab.status()
    let versions = status.nodes.map { "\($0.name) \($0.talosVersion ?? "-")" }
    expect(status.nodes.allSatisfy { $0.talosVersion == version }, "\(versions)")
    let cordoned = status.nodes.filter { $0.cordoned == true || $0.ready != true }
    expect(cordoned.isEmpty, "cordoned or not Ready: \(cordoned.map(\.name))")
    expect(try lab.text(LabFixture.tfvarsPath).contains("\"\(version)\""), "tfvars say another")
    let dirt = try await lab.git("status", "--porcelain")
    expect(dirt == "", "git status: \(dirt)")
    let events = try await lab.events()
    var installed: Set<String> = []
    for event in events {
        guard let node = event.node else { continue }
        if event.kind == "installed" {
            expect(installed.insert(node).inserted, "\(node) installed twice without a boot")
        }
        if event.kind == "came-up" { installed.remove(node) }
    }
    let bad = events.filter {
        ["machine-destroyed", "pdb-broken", "etcd-quorum-lost"].contains($0.kind)
    }
    expect(bad.isEmpty, "\(bad)")
    // With nothing open and nobody holding the Lease there is nothing to resume, and it says so.
    let resume = try await lab.bump("resume", "--yes")
    expect(
        resume.status == 0 && resume.said.contains("Nothing to resume"), "the lock: \(resume)")
}
