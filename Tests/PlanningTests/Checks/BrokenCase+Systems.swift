import Model

extension BrokenCase {
    static let drains: [BrokenCase] = [
        BrokenCase("drain.blocked", "budget demo/web never lets one go: it wants 3 of 3") {
            $0.ailing(\.budgets) { $0 = [HealthSamples.budget("web", wants: 3, of: 3)] }
        },
        BrokenCase("drain.blocked", "demo/web-2") {
            $0.ailing { $0.refusedEvictions = ["uid-web-2": "denied by webhook guard"] }
        },
        BrokenCase("drain.blocked", "both select it") {
            $0.ailing(\.budgets) { budgets in
                var second = budgets[0]
                second.name = "all"
                budgets.append(second)
            }
        },
        BrokenCase("drain.blocked", "cannot be computed: no scale") {
            $0.ailing(\.budgets) { $0[0].trouble = "no scale" }
        },
        BrokenCase("drain.bare-pod", .warning, "demo/lonely") {
            $0.ailing(\.pods) {
                $0.append(HealthSamples.pod("lonely", on: "w-1", kind: nil))
            }
        },
        BrokenCase("drain.single-replica", .note, "demo/solo") {
            $0.ailing(\.pods) { $0.append(HealthSamples.pod("solo-1", on: "w-2", app: "solo")) }
        },
        BrokenCase("drain.local-volume", .note, "demo/db-0") {
            $0.ailing(\.pods) { pods in
                guard let index = pods.firstIndex(where: { $0.pod.name == "db-0" }) else { return }
                pods[index].needs.localVolumes = ["data": ["w-1"]]
            }
        },
        BrokenCase("drain.no-room", .note, "2 nodes: not enough memory") {
            $0.ailing(\.pods) { pods in
                guard let index = pods.firstIndex(where: { $0.pod.name == "db-0" }) else { return }
                pods[index].needs.amount.memory = 9 << 30
            }
        },
    ]

    static let systems: [BrokenCase] = [
        BrokenCase("flux.failed", "Kustomization flux-system/apps fails: build failed") {
            $0.ailing(\.reconciliations) {
                $0[0].state = .failed
                $0[0].message = "build failed"
            }
        },
        BrokenCase("flux.stalled", "HelmRelease demo/web fails: retries exhausted") {
            $0.ailing(\.reconciliations) {
                $0[1].state = .stalled
                $0[1].message = "retries exhausted"
            }
        },
        BrokenCase("flux.progressing", .warning, "flux-system/apps is being applied") {
            $0.ailing(\.reconciliations) { $0[0].state = .progressing }
        },
        BrokenCase("flux.suspended", .warning, "HelmRelease demo/web is suspended") {
            $0.ailing(\.reconciliations) { $0[1].isSuspended = true }
        },
        BrokenCase("storage.degraded", "Longhorn: volume longhorn-system/pvc-1: it is degraded") {
            $0.ailing(\.storage) {
                $0[0].verdict = .degraded
                $0[0].message = "it is degraded"
            }
        },
        BrokenCase("storage.complains", .warning, "HEALTH_WARN") {
            $0.ailing(\.storage) {
                $0.append(
                    StorageFacts(
                        system: "Rook-Ceph", object: "cluster rook-ceph/ceph",
                        verdict: .complaining, message: "HEALTH_WARN"))
            }
        },
        BrokenCase("backup.unavailable", "Velero is not installed") {
            $0.with { $0.backupLocations = .unknown("Velero is not installed in velero.") }
        },
        BrokenCase("backup.location", "default is not available: bucket is gone") {
            $0.with {
                $0.backupLocations = .known([
                    BackupLocationFacts(
                        name: "default", isAvailable: false, isReadOnly: false, isDefault: true,
                        message: "bucket is gone")
                ])
            }
        },
        BrokenCase("backup.no-default", "locations is the default: elsewhere") {
            $0.with {
                $0.backupLocations = .known([
                    BackupLocationFacts(
                        name: "elsewhere", isAvailable: true, isReadOnly: false, isDefault: false)
                ])
            }
        },
        BrokenCase("backup.no-agent", "no node-agent") {
            $0.ailing { $0.backupAgent = .known(nil) }
        },
        BrokenCase("backup.agent-not-ready", "2 of 3 nodes") {
            $0.ailing(\.backupAgent) { $0 = BackupAgentFacts(desired: 3, ready: 2) }
        },
        BrokenCase("kubernetes.unseen", .warning, "Flux: no right") {
            $0.ailing { $0.reconciliations = .unknown("no right") }
        },
    ]

    static let ours: [BrokenCase] = [
        certificate("certificate.over", "talosconfig has expired", .talosconfig, in: -60),
        certificate("certificate.over", "kubeconfig expires in 5 h", .kubeconfig, in: 5.5 * 3600),
        certificate(
            "certificate.soon", .warning, "API server expires in 12 days", .apiServer,
            in: 12.5 * 86_400),
        BrokenCase("gate.closed", "Node w-1 should have Ready, and has False") {
            $0.ailing {
                $0.gates = [
                    gate(.known([.init(title: "w-1", holds: false, found: "False")]))
                ]
            }
        },
        BrokenCase("gate.nothing", "finds no such object") {
            $0.ailing { $0.gates = [gate(.known([]))] }
        },
        BrokenCase("gate.unseen", "cannot be asked: no such kind") {
            $0.ailing { $0.gates = [gate(.unknown("no such kind"))] }
        },
        BrokenCase("terraform.pending", .warning, "1 to change (terraform_data.a)") {
            $0.ailing { $0.infrastructure = .known("1 to change (terraform_data.a)") }
        },
        BrokenCase("terraform.no-plan", "the state is locked") {
            $0.ailing { $0.infrastructure = .unknown("the state is locked") }
        },
        BrokenCase("repository.obstacle", "not committed") {
            $0.with {
                $0.repository.obstacles = [
                    Problem(.refused, "terraform.tfvars has changes that are not committed.")
                ]
            }
        },
        BrokenCase("run.open", "talos v1.9.4") {
            $0.with {
                $0.openRun = OpenRun(
                    id: RunID("r"), title: "talos v1.9.4", startedAt: 0, isAlive: false)
            }
        },
    ]

    private static func gate(_ objects: Observed<[GateFacts.Object]>) -> GateFacts {
        GateFacts(
            rule: GateRule(
                apiVersion: "v1", kind: "Node",
                condition: .status(type: "Ready", value: "True"), place: ".bump.yaml:2:5"),
            objects: objects)
    }

    private static func certificate(
        _ code: String, _ names: String, _ holder: CertificateFacts.Holder, in seconds: Double
    ) -> BrokenCase { certificate(code, .error, names, holder, in: seconds) }

    private static func certificate(
        _ code: String, _ severity: Finding.Severity, _ names: String,
        _ holder: CertificateFacts.Holder, in seconds: Double
    ) -> BrokenCase {
        BrokenCase(code, severity, names) {
            $0.ailing { health in
                for index in health.certificates.indices
                where health.certificates[index].holder == holder {
                    health.certificates[index].expires = HealthSamples.now + seconds
                }
            }
        }
    }
}
