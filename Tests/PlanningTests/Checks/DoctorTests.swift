import Model
import Testing

@testable import Planning

@Suite struct `The doctor` {
    private func troubles(_ snapshot: Snapshot) -> [Trouble] {
        Doctor(snapshot: snapshot).troubles()
    }

    /// A row of the table: what is done to a healthy cluster, what has to be found.
    struct Row: Sendable, CustomStringConvertible {
        var code: String
        var fix: String
        var remedy: Trouble.Remedy?
        var breaking: @Sendable (Snapshot) -> Snapshot

        var description: String { code }
    }

    @Test func `finds nothing in a healthy cluster`() {
        #expect(troubles(HealthSamples.snapshot()) == [])
    }

    @Test(arguments: rows)
    func `finds each trouble, with evidence and a way out`(_ row: Row) throws {
        let found = troubles(row.breaking(HealthSamples.snapshot()))
        let trouble = try #require(found.first { $0.code == row.code }, "\(found)")
        #expect(!trouble.evidence.isEmpty)
        #expect(trouble.fix.contains(row.fix), "\(trouble.fix)")
        #expect(trouble.remedy == row.remedy)
    }

    @Test func `removes no member while the rest would be no quorum`() throws {
        let snapshot = HealthSamples.snapshot().changingEtcd {
            $0.members.append(.init(id: 9, name: "gone", trouble: "silent"))
            $0.members[0].trouble = "silent"
            $0.members[1].trouble = "silent"
        }
        let found = try #require(troubles(snapshot).first { $0.code == "etcd.stale-member" })
        #expect(found.remedy == nil)
        #expect(found.fix.hasPrefix("bring the other members back first"))
    }

    @Test func `removes no member that works`() throws {
        let snapshot = HealthSamples.snapshot().changingEtcd {
            $0.members.append(.init(id: 9, name: "elsewhere"))
        }
        #expect(troubles(snapshot).first?.remedy == nil)
    }

    @Test func `leaves alone what an open run cordoned, and what others did`() {
        let base = HealthSamples.snapshot().with {
            $0.openRun = OpenRun(id: RunID("r1"), title: "t", startedAt: 0, isAlive: true)
        }
        let ours = base.changingKubernetes("w-1") {
            $0.isCordoned = true
            $0.cordonedBy = "r1"
        }
        let theirs = base.changingKubernetes("w-1") { $0.isCordoned = true }
        #expect(troubles(ours).isEmpty)
        #expect(troubles(theirs).isEmpty)
    }

    private static let stuck: @Sendable (inout [PodHealth]) -> Void = { pods in
        var pod = HealthSamples.pod("stuck", on: "w-9", app: "web", status: "Terminating")
        pod.pod.isTerminating = true
        pod.overdue = 400
        pods.append(pod)
    }

    static let rows: [Row] = [
        Row(code: "node.away", fix: "bump resume") {
            $0.changing("w-1") { $0.machine = .unknown("timeout") }.with {
                $0.openRun = OpenRun(id: RunID("r"), title: "t", startedAt: 0, isAlive: false)
            }
        },
        Row(code: "node.hangs", fix: "dmesg") {
            $0.changingMachine("cp-1") {
                $0.stage = .booting
                $0.troubledServices = ["etcd: Preparing"]
            }
        },
        Row(code: "etcd.not-rejoined", fix: "remove its stale member") {
            $0.changingEtcd { $0.members.removeLast() }
        },
        Row(
            code: "etcd.stale-member", fix: "talosctl etcd remove-member 0000000000000009",
            remedy: .removeMember(
                id: 9, name: "gone",
                through: NodeIdentity(
                    name: "cp-1", address: "127.0.0.10", role: .controlPlane))
        ) {
            $0.changingEtcd {
                $0.members.append(.init(id: 9, name: "gone", trouble: "no one has it"))
            }
        },
        Row(code: "etcd.alarm", fix: "defrag") {
            $0.changingEtcd { $0.alarms = ["NOSPACE on cp-1"] }
        },
        Row(code: "version.skipped-minor", fix: "bump talos v1.8.4") {
            $0.changingMachine("w-1") { $0.version = Version(1, 7, 3) }
        },
        Row(code: "version.skipped-minor", fix: "bump talos v1.10.9") {
            $0.with {
                $0.declaration.talos = $0.declaration.talos.map {
                    var value = $0
                    value.text = "v1.11.0"
                    value.version = Version(1, 11, 0)
                    return value
                }
            }
        },
        Row(code: "extensions.missing", fix: "get extensions") {
            $0.changingMachine("w-2") { $0.extensions = [] }
        },
        Row(code: "extensions.missing", fix: "bump extensions") {
            $0.changingMachine("w-2") {
                $0.extensions = []
                $0.schematic = SchematicID(String(repeating: "b", count: 64))
            }
        },
        Row(
            code: "pod.node-gone", fix: "--grace-period=0 --force",
            remedy: .deleteByForce(
                PodReference(namespace: "demo", name: "stuck", uid: "uid-stuck"), node: "w-9")
        ) { $0.ailing(\.pods, stuck) },
        Row(code: "pod.node-away", fix: "only when the machine is off") {
            $0.ailing(\.pods) {
                stuck(&$0)
                $0[$0.count - 1].pod.node = "w-3"
            }.ailing(\.rooms) { $0[5].isReady = false }
                .changing("w-3") { $0.machine = .unknown("timeout") }
        },
        Row(code: "node.left-cordoned", fix: "kubectl uncordon w-1", remedy: .uncordon("w-1")) {
            $0.changingKubernetes("w-1") {
                $0.isCordoned = true
                $0.cordonedBy = "20261122-120000-7f3a"
            }
        },
        Row(code: "node.primed", fix: "reboot") {
            $0.ailing(machine: "w-1") { $0.hasPendingInstall = true }
        },
        Row(code: "api.away", fix: "look at the endpoint") {
            $0.with { $0.kubernetesVersion = .unknown("refused") }
        },
        Row(code: "api.away-single", fix: "usually takes 2 to 5 minutes") { _ in
            Samples.snapshot().with { $0.kubernetesVersion = .unknown("refused") }
        },
        Row(code: "run.open", fix: "bump resume") {
            $0.with {
                $0.openRun = OpenRun(id: RunID("r"), title: "t", startedAt: 0, isAlive: false)
            }
        },
    ]
}
