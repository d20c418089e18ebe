import Foundation
import Model
import Testing

@testable import Display

struct StatusTests {
    private let style = Style(width: 100)

    /// Declared is ahead, and one worker cannot be seen.
    private var troubled: Snapshot {
        var snapshot = Samples.snapshot(declared: Samples.new)
        let name = snapshot.nodes[2].name
        snapshot.nodes[2].machine = .unknown("no answer within 5 s")
        snapshot.nodes[2].kubernetes = .known(
            KubernetesNodeFacts(
                name: name, role: .worker, address: nil, isReady: false,
                notReadyReason: "Kubelet stopped posting node status.", isCordoned: true,
                cordonedBy: "me"))
        snapshot.openRun = OpenRun(
            id: Samples.run, title: "talos v1.9.4", startedAt: Samples.noon - 90, isAlive: false)
        return snapshot
    }

    @Test func `a healthy cluster is told in two tables`() {
        #expect(
            Samples.text(StatusText(Samples.snapshot(), style).lines()) == """
                Cluster demo  (seen 2026-11-22 12:00:00)
                ✓ 3 nodes Ready, etcd 1 of 1 member healthy, nothing differs

                              declared                     applied       running
                  Talos       v1.9.2                                     v1.9.2
                  Kubernetes  1.32.0                                     v1.32.0
                  kubelet                                                v1.32.0
                  extensions  siderolabs/qemu-guest-agent                qemu-guest-agent
                  schematic                                cccccccccccc  cccccccccccc

                  node           role           address     Talos   kubelet  schematic     state
                  demo-cp-1      control plane  127.9.0.1   v1.9.2  v1.32.0  cccccccccccc  Ready, etcd leader
                  demo-worker-1  worker         127.9.0.11  v1.9.2  v1.32.0  cccccccccccc  Ready
                  demo-worker-2  worker         127.9.0.12  v1.9.2  v1.32.0  cccccccccccc  Ready
                """)
    }

    @Test func `what differs and what is not well is said with its fix`() {
        let lines = StatusText(troubled, style).lines()
        let tail = lines.drop { !$0.hasPrefix("  node ") }
        #expect(
            Samples.text(Array(tail)) == """
                  node           role           address     Talos     kubelet  schematic     state
                  demo-cp-1      control plane  127.9.0.1   v1.9.2 !  v1.32.0  cccccccccccc  Ready, etcd leader
                  demo-worker-1  worker         127.9.0.11  v1.9.2 !  v1.32.0  cccccccccccc  Ready
                  demo-worker-2  worker         127.9.0.12  ?         ?        ?             no answer, NotReady,
                                                                                             cordoned by run me

                Not well
                  ✗ demo-worker-2 cannot be seen: no answer within 5 s
                  ✗ demo-worker-2 is NotReady in Kubernetes: Kubelet stopped posting node status.

                What differs
                  ! Talos is v1.9.2 on demo-cp-1, demo-worker-1, declared is v1.9.4.
                    (terraform/terraform.tfvars:3:17)
                    fix: bump talos v1.9.4

                Run 20261122-120000-7f3a (talos v1.9.4), begun 2026-11-22 11:58:30, has stopped half-way.
                """)
        #expect(
            lines.dropFirst().first
                == "✗ 2 of 3 nodes Ready, etcd 1 of 1 member healthy, 1 difference")
    }

    @Test func `verbose tells where each finding came from`() {
        let lines = StatusText(Samples.snapshot(), style, isVerbose: true).lines()
        #expect(lines.contains("  declared Talos: terraform/terraform.tfvars:3:17 (talos_version)"))
        #expect(lines.contains("  schematic: output talos_schematic_id"))
    }

    @Test func `every kind of drift is found`() {
        var snapshot = Samples.snapshot()
        snapshot.kubernetesVersion = .known(Version(1, 31, 0))
        snapshot.declaration.extensions = .known(["iscsi-tools"])
        snapshot.applied.schematic = .known(.empty)
        snapshot.applied.nodes.removeLast()
        snapshot.nodes[1].kubernetes = snapshot.nodes[1].kubernetes.map { facts in
            var facts = facts
            facts.kubeletVersion = Version(1, 31, 0)
            return facts
        }
        #expect(
            Drift.all(in: snapshot).map(\.code) == [
                "kubernetes.version", "kubernetes.kubelet", "extensions.differ",
                "schematic.differs", "nodes.not-applied",
            ])
        #expect(
            Drift.all(in: snapshot)[2].summary
                == "Extensions on demo-cp-1, demo-worker-1, demo-worker-2: iscsi-tools declared "
                + "but missing, qemu-guest-agent there but not declared.")
    }

    @Test func `running ahead of what is declared asks for the file to be set`() {
        let drift = Drift.all(in: Samples.snapshot(declared: Version(1, 9, 0)))
        #expect(drift.first?.fix?.hasPrefix("set talos_version to v1.9.2 in") == true)
    }

    @Test func `JSON has the promised fields, and a reason beside each null`() throws {
        let data = Data(StatusJSON.document(troubled).utf8)
        let json = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(json["version"] == 1)
        #expect(json["declared", "talos"] == "v1.9.4")
        #expect(json["declared", "kubernetes"] == "1.32.0")
        #expect(json["applied", "schematicID"]?.string == Samples.schematic.text)
        #expect(json["run", "alive"] == false)
        #expect(json["drift"]?.array?.first?["code"] == "talos.version")
        let nodes = try #require(json["nodes"]?.array)
        #expect(nodes.count == 3)
        #expect(nodes[0]["role"] == "control-plane")
        #expect(nodes[0]["etcd"] == "leader")
        #expect(nodes[0]["talosVersion"] == "v1.9.2")
        #expect(nodes[0]["kubeletVersion"] == "v1.32.0")
        #expect(nodes[0]["ready"] == true)
        #expect(nodes[2]["name"] == "demo-worker-2")
        #expect(nodes[2]["cordoned"] == true)
        for object in nodes + [json] {
            for (key, value) in object.object ?? [:] where value == .null && key != "run" {
                #expect(object["reasons", key]?.string != nil, "\(key) has no reason")
            }
        }
    }

    @Test func `text in JSON is escaped so that it is read back as it was`() throws {
        let text = "a \"quote\", a \\, \u{1}\n\r\t\u{7F} and ü→🙂"
        let value: JSONValue = ["k": .array([.string(text), .array([]), nil, .number(1.5)])]
        for written in [JSONText.line(value), JSONText.document(value)] {
            let back = try JSONDecoder().decode(JSONValue.self, from: Data(written.utf8))
            #expect(back == value)
        }
        #expect(!JSONText.line(value).contains("\n"))
    }
}
