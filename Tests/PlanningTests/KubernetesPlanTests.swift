import Model
import Testing

@testable import Planning

@Suite struct `A Kubernetes plan` {
    private func plan(_ snapshot: Snapshot, _ version: Version, back: Bool = false) -> Plan {
        let planner = KubernetesPlanner(
            snapshot: snapshot, options: PlanOptions(), id: RunID("r"), now: 0)
        return back ? planner.plan(backTo: version) : planner.plan(to: version)
    }

    private func codes(_ plan: Plan, _ severity: Finding.Severity = .error) -> [String] {
        plan.findings.filter { $0.severity == severity }.map(\.code)
    }

    @Test func `walks the control plane component by component, then the kubelets`() {
        let plan = plan(Samples.kubernetes(controlPlanes: 2, workers: 1), Version(1, 32, 2))
        #expect(codes(plan) == ["etcd.two-members"])
        let sets = plan.steps.compactMap { step -> String? in
            guard case .perform(.setImage) = step.action else { return nil }
            return step.id
        }
        #expect(
            sets == [
                "cp-1/kube-apiserver", "cp-2/kube-apiserver", "cp-1/kube-controller-manager",
                "cp-2/kube-controller-manager", "cp-1/kube-scheduler", "cp-2/kube-scheduler",
                "cp-1/kube-proxy", "cp-2/kube-proxy", "cp-1/kubelet", "cp-2/kubelet",
                "w-1/kubelet",
            ])
        #expect(Checker(plan).findings().isEmpty)
        #expect(plan.edit?.new == "1.32.2")
    }

    @Test func `applies with Terraform at its end, also where that is done before an upgrade`() {
        var options = PlanOptions()
        options.apply = .before
        let plan = KubernetesPlanner(
            snapshot: Samples.kubernetes(), options: options, id: RunID("r"), now: 0
        ).plan(to: Version(1, 32, 2))
        #expect(plan.stages.last?.lanes.first?.map(\.id).contains("apply") == true)
        #expect(plan.steps.filter { $0.id == "apply" }.count == 1)
    }

    @Test func `keeps a mirror and a suffix, and changes the tag alone`() {
        var snapshot = Samples.kubernetes()
        snapshot.components?.settings["w-1"] = .known([
            ComponentSetting(
                component: .kubelet, image: "mirror:5000/k/kubelet:v1.32.0-slim@sha256:0a")
        ])
        let step = plan(snapshot, Version(1, 32, 2)).steps.first { $0.id == "w-1/kubelet" }
        #expect(
            step?.action
                == .perform(
                    .setImage(
                        .kubelet, image: "mirror:5000/k/kubelet:v1.32.2-slim",
                        snapshot.nodes.first { $0.name == "w-1" }?.identity
                            ?? NodeIdentity(name: "", address: "", role: .worker))))
    }

    @Test func `does only what is missing`() {
        var snapshot = Samples.kubernetes(kubernetes: Version(1, 32, 2))
        snapshot = snapshot.changing("w-2") { node in
            node.kubernetes = node.kubernetes.map { seen in
                var copy = seen
                copy.kubeletVersion = Version(1, 32, 0)
                return copy
            }
        }
        snapshot.components?.settings["w-2"] = .known([
            ComponentSetting(component: .kubelet, image: "ghcr.io/siderolabs/kubelet:v1.32.0")
        ])
        let plan = plan(snapshot, Version(1, 32, 2))
        #expect(plan.nodes.map(\.node.name) == ["w-2"])
        #expect(plan.nodes.first?.note == "kubelet only")
    }

    @Test(arguments: [(29, ""), (28, "bump kubernetes 1.31.4 brings it up first")])
    func `a kubelet may lag by three minors`(_ minor: Int, _ fix: String) {
        let snapshot = Samples.kubernetes(kubernetes: Version(1, 31, 4)).running(
            .kubelet, Version(1, minor, 1), on: "w-1")
        #expect(snapshot.oldestControlPlaneVersion == Version(1, 31, 4))
        let plan = plan(snapshot, Version(1, 32, 2))
        let errors = plan.findings.filter { $0.severity == .error }
        #expect(errors.compactMap(\.fix).joined() == fix)
        #expect(errors.count == (fix.isEmpty ? 0 : 1))
    }

    @Test(arguments: [Version(1, 32, 2), Version(1, 32, 5), Version(1, 33, 0)])
    func `a way back leads to something older`(_ target: Version) {
        let snapshot = Samples.kubernetes(kubernetes: Version(1, 32, 2))
            .running(.kubelet, Version(1, 32, 0), on: "w-1")
        let plan = plan(snapshot, target, back: true)
        let finding = plan.findings.first { $0.code == "version.not-back" }
        #expect(finding?.fix == "bump kubernetes \(target.number)")
    }

    @Test func `kube-proxy may lag, a scheduler may not`() {
        let snapshot = Samples.kubernetes(kubernetes: Version(1, 31, 4))
        let proxy = snapshot.running(.proxy, Version(1, 30, 1), on: "cp-1")
        #expect(codes(plan(proxy, Version(1, 32, 2))).isEmpty)
        let scheduler = snapshot.running(.scheduler, Version(1, 30, 1), on: "cp-1")
        #expect(codes(plan(scheduler, Version(1, 32, 2))) == ["version.skips-minor"])
    }

    @Test(arguments: [
        (KubernetesComponent.apiServer, NodeName("cp-2")), (.kubelet, NodeName("w-1")),
    ])
    func `what is ahead of the target is not taken back`(
        _ component: KubernetesComponent, _ node: NodeName
    ) {
        let snapshot = Samples.kubernetes(controlPlanes: 3)
            .running(component, Version(1, 32, 5), on: node)
        let plan = plan(snapshot, Version(1, 32, 2))
        #expect(codes(plan) == ["version.downgrade"])
        #expect(plan.findings.first?.location == node.text)
        #expect(codes(self.plan(snapshot, Version(1, 32, 5))).isEmpty)
        #expect(codes(self.plan(snapshot, Version(1, 32, 0), back: true)).isEmpty)
    }

    @Test func `is empty when all is there`() {
        #expect(plan(Samples.kubernetes(), Version(1, 32, 0)).isEmpty)
    }

    @Test(arguments: [
        (Version(1, 35, 0), "version.kubernetes-range"), (Version(1, 34, 0), "version.skips-minor"),
        (Version(1, 31, 9), "version.downgrade"), (Version(1, 30, 9), "version.too-far-back"),
    ])
    func `refuses what the cluster cannot do`(_ target: Version, _ code: String) {
        #expect(codes(plan(Samples.kubernetes(), target)).contains(code))
    }

    @Test func `goes back within the minor and to the one before, not further`() {
        let snapshot = Samples.kubernetes(kubernetes: Version(1, 32, 2))
        #expect(codes(plan(snapshot, Version(1, 32, 0), back: true)).isEmpty)
        #expect(codes(plan(snapshot, Version(1, 31, 4), back: true)).isEmpty)
        #expect(
            codes(plan(snapshot, Version(1, 31, 4), back: true), .warning)
                .contains("version.minor-back"))
        #expect(
            codes(plan(snapshot, Version(1, 30, 4), back: true)).contains("version.too-far-back"))
        #expect(Checker(plan(snapshot, Version(1, 32, 0), back: true)).findings().isEmpty)
    }

    @Test(arguments: [
        "--feature-gates=KMSv2=true,Other=false", "--feature-gates=Other=false, KMSv2=true",
    ])
    func `finds a feature gate that the next minor no longer knows`(_ argument: String) {
        var snapshot = Samples.kubernetes(kubernetes: Version(1, 31, 4))
        snapshot.components?.arguments = .known([
            ComponentArguments(component: .apiServer, node: "cp-1", arguments: [argument])
        ])
        let plan = plan(snapshot, Version(1, 32, 2))
        let finding = plan.findings.first { $0.code == "removed.argument" }
        #expect(finding?.summary.contains("the feature gate KMSv2") == true)
        #expect(finding?.location == "cp-1")
    }

    @Test func `finds objects of an API that the next minor no longer serves`() {
        var snapshot = Samples.kubernetes(kubernetes: Version(1, 31, 4))
        let resource = APIResource(
            group: "resource.k8s.io", version: "v1alpha3", plural: "podschedulingcontexts")
        snapshot.components?.objects = [resource: .known(["default/a", "default/b"])]
        let finding = plan(snapshot, Version(1, 32, 2)).findings.first { $0.code == "removed.api" }
        #expect(finding?.summary.contains("(default/a and 1 more)") == true)
        #expect(codes(plan(snapshot, Version(1, 31, 5))).isEmpty)
    }

    @Test func `knows before the first hop what stops a later one`() {
        var snapshot = Samples.kubernetes(kubernetes: Version(1, 31, 4))
        snapshot.components?.arguments = .known([
            ComponentArguments(
                component: .apiServer, node: "cp-1", arguments: ["--cloud-config=/x"])
        ])
        let removed = plan(snapshot, Version(1, 32, 2)).findings.filter {
            $0.code.hasPrefix("removed")
        }
        #expect(removed.isEmpty)
        guard let survey = snapshot.components else { return }
        func ahead(_ near: Int, _ far: Int) -> [String] {
            RemovalRules.ahead(
                survey, after: Version(1, near, 0).series, to: Version(1, far, 0).series
            ).map(\.summary)
        }
        #expect(ahead(32, 33).first?.contains("--cloud-config") == true)
        #expect(ahead(33, 34).isEmpty && ahead(31, 32).isEmpty)
    }

    @Test func `says when no Kubernetes version is declared, and edits nothing`() {
        var snapshot = Samples.kubernetes()
        snapshot.declaration.kubernetes = .unknown("kubernetes_version is nowhere")
        let plan = plan(snapshot, Version(1, 32, 2))
        #expect(plan.edit == nil)
        #expect(codes(plan, .warning) == ["declaration.no-kubernetes"])
    }

    @Test func `is backed out of in reverse, only where it was begun`() {
        let snapshot = Samples.kubernetes(controlPlanes: 3)
        let run = plan(snapshot, Version(1, 32, 2))
        let back = KubernetesAbortPlanner(
            snapshot: snapshot, run: run,
            begun: ["cp-1/kube-apiserver", "cp-2/kube-apiserver"], id: RunID("a"), now: 0
        ).plan()
        let sets = back.steps.filter {
            if case .perform(.setImage) = $0.action { true } else { false }
        }
        #expect(sets.map(\.id) == ["cp-2/kube-apiserver", "cp-1/kube-apiserver"])
        #expect(back.edit?.new == "1.32.0")
        #expect(Checker(back).findings().isEmpty)
    }

    @Test func `with two nodes at once, unproven or with a drain is no good plan`() {
        let plan = plan(Samples.kubernetes(controlPlanes: 3), Version(1, 32, 2))
        var atOnce = plan
        let at = atOnce.stages.firstIndex { $0.title == "kube-apiserver" } ?? 0
        atOnce.stages[at].lanes += atOnce.stages.remove(at: at + 1).lanes
        #expect(Checker(atOnce).findings().map(\.code).contains("plan.components-at-once"))
        var unproven = plan
        unproven.stages[at].lanes[0].removeLast()
        #expect(Checker(unproven).findings().map(\.code).contains("plan.component-unproven"))
        var early = plan
        let last = early.stages.lastIndex { $0.title == "kubelets" } ?? 0
        early.stages.insert(early.stages.remove(at: last), at: at)
        #expect(Checker(early).findings().map(\.code).contains("plan.kubelet-early"))
    }
}

extension Samples {
    /// A cluster whose components were looked at, with a declared Kubernetes version.
    static func kubernetes(
        controlPlanes: Int = 1, workers: Int = 2, kubernetes: Version = Version(1, 32, 0)
    ) -> Snapshot {
        var snapshot = snapshot(
            controlPlanes: controlPlanes, workers: workers, kubernetes: kubernetes)
        snapshot.declaration.kubernetes = .known(
            DeclaredValue(
                text: kubernetes.number, version: kubernetes,
                place: Place(
                    file: "terraform/terraform.tfvars", path: "kubernetes_version", line: 3,
                    column: 22)))
        var settings: [NodeName: Observed<[ComponentSetting]>] = [:]
        var pods: [ComponentPod] = []
        for node in snapshot.nodes {
            let components: [KubernetesComponent] =
                node.role == .worker ? [.kubelet] : KubernetesComponent.allCases
            settings[node.name] = .known(
                components.map {
                    ComponentSetting(
                        component: $0, image: "\($0.defaultRepository):\(kubernetes.tag)")
                })
            pods += components.filter { $0 != .kubelet }.map {
                ComponentPod(
                    component: $0, name: "\($0.rawValue)-\(node.name)", address: node.address,
                    image: "\($0.defaultRepository):\(kubernetes.tag)", isReady: true)
            }
        }
        snapshot.components = KubernetesSurvey(
            settings: settings, pods: .known(pods), arguments: .known([]), objects: [:],
            runsProxy: true)
        return snapshot
    }
}

extension Snapshot {
    /// The same with one component of one node at another version, by its image and by what runs.
    fileprivate func running(
        _ component: KubernetesComponent, _ version: Version, on name: NodeName
    ) -> Snapshot {
        var copy = self
        let image = "\(component.defaultRepository):\(version.tag)"
        let address = nodes.first { $0.name == name }?.address
        copy.components?.settings[name] = components?.settings[name]?.map { settings in
            settings.map {
                $0.component == component
                    ? ComponentSetting(component: component, image: image) : $0
            }
        }
        if let pods = components?.pods {
            copy.components?.pods = pods.map { pods in
                pods.map { pod in
                    var pod = pod
                    if pod.component == component, pod.address == address { pod.image = image }
                    return pod
                }
            }
        }
        guard component == .kubelet else { return copy }
        return copy.changing(name) { node in
            node.kubernetes = node.kubernetes.map { seen in
                var copy = seen
                copy.kubeletVersion = version
                return copy
            }
        }
    }
}
