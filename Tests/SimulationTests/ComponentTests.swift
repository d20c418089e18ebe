import Model
import Simulation
import Testing

@Suite struct ComponentTests {
    private let target = "registry.k8s.io/kube-apiserver:v1.32.2"

    private func pod(_ name: String, in cluster: EmulatedCluster) -> Pod? {
        cluster.pods.values.first { $0.name == name }
    }

    @Test func `a changed API server image makes another static pod with the config's revision`()
        throws
    {
        var cluster = makeCluster(controlPlanes: 3, workers: 1)
        let before = pod("kube-apiserver-cp-1", in: cluster)
        _ = try cluster.setImage(of: .apiServer, to: target, on: "cp-1", by: "test")
        #expect(cluster.machines["cp-1"]?.state(of: .apiServer)?.revision == 2)
        #expect(cluster.machines["cp-1"]?.state(of: .apiServer)?.runningRevision == 1)
        cluster.advance(by: .seconds(2))
        #expect(!cluster.apiServerIsUp(on: "cp-1"), "the new one is still starting")
        cluster.advance(by: .seconds(2))
        let after = pod("kube-apiserver-cp-1", in: cluster)
        #expect(after?.isReady == true && after?.uid != before?.uid)
        #expect(cluster.machines["cp-1"]?.state(of: .apiServer)?.runningRevision == 2)
        #expect(cluster.isHealthy)
        let kinds = cluster.kinds(on: "cp-1")
        #expect(kinds.contains(.staticPodUpdated))
        #expect(!kinds.contains(.notReady) && !kinds.contains(.wentDown))
    }

    @Test(arguments: [1, 3])
    func `an API server that crash-loops stays down until its old image is back`(
        controlPlanes: Int
    ) throws {
        var cluster = makeCluster(controlPlanes: controlPlanes, workers: 1)
        cluster.inject(.apiserverCrashLoops, on: nil)
        let old = try #require(cluster.machines["cp-1"]?.state(of: .apiServer)).image
        _ = try cluster.setImage(of: .apiServer, to: target, on: "cp-1", by: "test")
        cluster.advance(by: .seconds(60))
        #expect(!cluster.apiServerIsUp(on: "cp-1"))
        #expect(cluster.machines["cp-1"]?.state(of: .apiServer)?.trouble == "CrashLoopBackOff")
        #expect(cluster.apiIsAvailable == (controlPlanes == 3))
        if controlPlanes == 3 {
            #expect(pod("kube-apiserver-cp-1", in: cluster)?.isReady == false)
            #expect(pod("kube-scheduler-cp-1", in: cluster)?.isReady == true)
        }
        _ = try cluster.setImage(of: .apiServer, to: old, on: "cp-1", by: "test")
        cluster.advance(by: .seconds(10))
        #expect(cluster.isHealthy)
    }

    @Test func `a kubelet that does not run leaves its node NotReady and its pods alone`() throws {
        var cluster = makeCluster()
        let running = cluster.pods.values.filter { $0.node == "w-1" }.map(\.uid).sorted()
        cluster.inject(.kubeletNeverBack, on: "w-1")
        _ = try cluster.setImage(
            of: .kubelet, to: SystemComponent.kubelet.defaultImage(Version(1, 32, 2)), on: "w-1",
            by: "test")
        cluster.advance(by: .seconds(30))
        #expect(cluster.nodes["w-1"]?.isReady == false)
        #expect(cluster.nodes["w-1"]?.kubeletVersion == Version(1, 32, 0))
        #expect(cluster.pods.values.filter { $0.node == "w-1" }.map(\.uid).sorted() == running)
        cluster.inject(.heal, on: nil)
        cluster.advance(by: .seconds(10))
        #expect(cluster.isHealthy)
        #expect(cluster.nodes["w-1"]?.kubeletVersion == Version(1, 32, 2))
    }

    @Test func `an image that no registry has is not run, and a reboot does not help`() throws {
        var cluster = makeCluster()
        _ = try cluster.setImage(
            of: .scheduler, to: "registry.k8s.io/kube-scheduler:v1.32.99", on: "cp-1", by: "test")
        cluster.advance(by: .seconds(5))
        #expect(cluster.machines["cp-1"]?.state(of: .scheduler)?.trouble == "ImagePullBackOff")
        _ = try cluster.reboot("cp-1", mode: .standard, by: "test")
        cluster.advance(by: .seconds(30))
        #expect(pod("kube-scheduler-cp-1", in: cluster)?.isReady == false)
        #expect(pod("kube-apiserver-cp-1", in: cluster)?.isReady == true)
    }

    @Test(arguments: [
        ("mirror.example:5000/kube-apiserver:v1.31.4@sha256:00", Version(1, 31, 4)),
        ("ghcr.io/siderolabs/kubelet:v1.33.1-slim", Version(1, 33, 1)),
        ("mirror.example:5000/kubelet", nil),
    ])
    func `the version of an image is in its tag`(image: String, version: Version?) {
        #expect(SystemComponent.version(of: image) == version)
    }

    @Test func `an image of the same Talos with another schematic brings its extensions`() throws {
        var cluster = makeCluster()
        let other = try #require(
            SchematicID("376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4bb"))
        cluster.register(schematic: other, extensions: ["i915-ucode"])
        let image = "factory.talos.dev/installer/\(other):v1.9.2"
        _ = try cluster.upgrade(image, on: "w-1", by: "test")
        cluster.advance(by: .seconds(60))
        #expect(cluster.machines["w-1"]?.schematic == other)
        #expect(cluster.machines["w-1"]?.extensions.map(\.name) == ["i915"], "it was renamed")
        #expect(cluster.machines["w-1"]?.version == Version(1, 9, 2))
    }

    @Test func `an image with an extension that its Talos lacks cannot be pulled`() throws {
        var cluster = makeCluster()
        let other = try #require(
            SchematicID("376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4bb"))
        cluster.register(schematic: other, extensions: ["youki"])
        #expect(throws: CallRefusal.self) {
            _ = try cluster.pullImage(
                "factory.talos.dev/installer/\(other):v1.9.6", on: "w-1", by: "test")
        }
    }
}
