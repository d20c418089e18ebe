import Foundation
import GRPCCore
import Model
import Simulation
import TalosAPI
import Testing

@testable import Lab

/// One control plane that runs, its Talos API and its Kubernetes API, without sockets.
private struct World {
    let engine: Engine
    let talos: TalosWorld
    let api: ClusterAPI
    let config: String

    init(_ style: ConfigStyle, talos version: Model.Version = Version(1, 9, 2)) throws {
        let kubernetes = Version(1, version.minor + 22, 0)
        let pki = try PKI()
        config = MachineConfigText(
            clusterName: "demo", endpoint: "https://127.9.0.1:6443", installImage: "x",
            talos: version, kubernetes: kubernetes
        ).text(role: .controlPlane, pki: pki, style: style)
        var cluster = EmulatedCluster(
            Blueprint(
                clusterName: "demo", talos: version, kubernetes: kubernetes, seed: 7, workers: 0))
        var spec = MachineSpec(
            name: "cp-1", address: "127.9.0.1", role: .controlPlane, config: config)
        spec.images = try #require(ConfigReading(config)).images
        cluster.createMachine(spec, by: "test")
        cluster.advance(to: .seconds(60))
        engine = Engine(cluster, speed: 100)
        talos = TalosWorld(
            engine: engine, pki: pki, clusterName: "demo", endpoint: "https://127.9.0.1:6443")
        api = ClusterAPI(engine: engine)
    }

    func apply(_ text: String, dryRun: Bool = false) async throws -> Machine_ApplyConfiguration {
        let call = Call(node: "cp-1", boot: "", caller: Caller(name: "test", roles: ["os:admin"]))
        var message = Machine_ApplyConfigurationRequest()
        message.data = Data(text.utf8)
        message.mode = .noReboot
        message.dryRun = dryRun
        let request = message
        let answer = try await withServerContextRPCCancellationHandle { handle in
            try await Call.$current.withValue(call) {
                try await MachineAPI(world: talos).applyConfiguration(
                    request: request,
                    context: ServerContext(
                        descriptor: MethodDescriptor(
                            fullyQualifiedService: "machine.MachineService",
                            method: "ApplyConfiguration"), remotePeer: "", localPeer: "",
                        cancellation: handle))
            }
        }
        return try #require(answer.messages.first)
    }

    func item(_ type: String, _ id: String) throws -> COSIItem {
        let view = try #require(COSIView(world: talos, node: "cp-1"))
        let items = try #require(COSICatalog.types[type]).items(view)
        return try #require(items.first { $0.id == id })
    }

    var apiServerPod: JSONValue? {
        let path = "/api/v1/namespaces/kube-system/pods/kube-apiserver-cp-1"
        guard case .body(200, _, let bytes, _) = api.answer(APIRequest(method: "GET", target: path))
        else { return nil }
        return try? JSONText.parse(bytes)
    }

    func becomes(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

@Suite struct ConfigurationTests {
    @Test(.timeLimit(.minutes(10)), arguments: ConfigStyle.allCases)
    func `a config of any style is kept byte for byte, and its images take effect`(
        style: ConfigStyle
    ) async throws {
        let world = try World(
            style, talos: style == .documents ? Version(1, 14, 0) : Version(1, 9, 2))
        let reading = try #require(ConfigReading(world.config))
        let old = try #require(reading.image(of: "kube-apiserver"))
        let new = old.replacingOccurrences(of: ".0", with: ".1")
        let text = world.config.replacingOccurrences(of: old, with: new)
        let before = try world.item("APIServerConfigs.kubernetes.talos.dev", "kube-apiserver")

        let trial = try await world.apply(text, dryRun: true)
        #expect(trial.modeDetails.contains("+") && trial.modeDetails.contains(new))
        #expect(try world.item("MachineConfigs.config.talos.dev", "v1alpha1").version == 1)

        #expect(try await world.apply(text).mode == .noReboot)
        let kept = try world.item("MachineConfigs.config.talos.dev", "v1alpha1")
        #expect(kept.version == 2)
        #expect(kept.proto.suffix(text.utf8.count) == Data(text.utf8))
        let after = try world.item("APIServerConfigs.kubernetes.talos.dev", "kube-apiserver")
        #expect(after.version == (before.version ?? 0) + 1 && after.yaml.contains(new))
        #expect(
            try await world.becomes {
                world.apiServerPod?["spec", "containers"]?.array?.first?["image"]?.string == new
                    && world.apiServerPod?.condition("Ready")?["status"] == "True"
            })
        let offset = style == .documents ? 1 : 0
        #expect(
            world.apiServerPod?.annotations["talos.dev/config-version"]
                == String((after.version ?? 0) + offset))
        #expect(world.engine.with { $0.machines["cp-1"]?.bootCount } == 1)
    }

    @Test func `what is no config, or for another Talos, is refused`() async throws {
        let world = try World(.plain, talos: Version(1, 11, 0))
        for text in [
            "a: [", "a: 1\n", world.config.replacingOccurrences(of: "v1.33.0", with: "v1.36.0"),
        ] {
            await #expect(throws: RPCError.self) { try await world.apply(text) }
        }
        #expect(try world.item("MachineConfigs.config.talos.dev", "v1alpha1").version == 1)
    }

    @Test(.timeLimit(.minutes(10)))
    func `manifests that say nothing new change nothing; another proxy image rolls its pods`()
        async throws
    {
        let world = try World(.plain)
        func sync() throws {
            let view = try #require(COSIView(world: world.talos, node: "cp-1"))
            for manifest in BootstrapManifests.all(
                config: view.machine.config, talos: view.machine.version)
            {
                for object in manifest.objects { #expect(try put(object) == 200) }
            }
        }
        func put(_ object: JSONValue) throws -> Int {
            let plural = "\(object["kind"]?.string?.lowercased() ?? "")s"
            let version = object["apiVersion"]?.string ?? ""
            let root = version == "v1" ? "/api/v1" : "/apis/\(version)"
            let place = object.namespace.isEmpty ? "" : "/namespaces/\(object.namespace)"
            let answer = world.api.answer(
                APIRequest(
                    method: "PATCH",
                    target:
                        "\(root)\(place)/\(plural)/\(object.name)?fieldManager=talos&force=true",
                    headers: ["content-type": "application/apply-patch+yaml"],
                    body: JSONText.bytes(object)))
            guard case .body(let code, _, _, _) = answer else { return 0 }
            return code
        }
        _ = world.api.answer(APIRequest(method: "GET", target: "/api/v1/pods"))
        let pods = { Set(world.engine.with { $0.pods.keys }) }
        let before = pods()
        let count = world.engine.with { cluster in cluster.workloads.values.map(\.generation).max()
        }
        try sync()
        #expect(pods() == before)
        #expect(world.engine.with { $0.workloads.values.map(\.generation).max() } == count)

        _ = try await world.apply(
            world.config.replacingOccurrences(of: "kube-proxy:v1.31.0", with: "kube-proxy:v1.31.4"))
        try sync()
        #expect(try await world.becomes { pods() != before })
    }
}
