import Model
import Testing

@testable import Lab
@testable import Simulation

@Suite struct MethodRulesTests {
    @Test(arguments: [
        ("Version", "os:reader", true), ("Read", "os:operator", false),
        ("Reboot", "os:operator", true), ("Reboot", "os:reader", false),
        ("EtcdSnapshot", "os:etcd:backup", true), ("EtcdStatus", "os:etcd:backup", true),
        ("Upgrade", "os:operator", false), ("Rollback", "os:operator", false),
    ])
    func `roles may call what Talos lets them call`(method: String, role: String, may: Bool) {
        let roles = MethodRules.roles(service: "machine.MachineService", method: method)
        #expect(roles.contains(role) == may)
    }

    @Test func `reads leave no trace, changes do`() {
        func leaves(_ service: String, _ method: String) -> Bool {
            MethodRules.changesState(service: service, method: method)
        }
        #expect(!leaves("machine.MachineService", "ServiceList"))
        #expect(!leaves("cosi.resource.State", "Get"))
        #expect(leaves("machine.MachineService", "Upgrade"))
        #expect(leaves("machine.LifecycleService", "Upgrade"))
    }
}

@Suite struct COSICatalogTests {
    private static func view(talos: Version, role: Role) throws -> COSIView {
        let engine = Engine(
            EmulatedCluster(
                Blueprint(
                    clusterName: "demo", talos: talos, kubernetes: Version(1, 34, 1), seed: 3)),
            speed: 1)
        let schematic = Schematic(extensions: ["iscsi-tools"])
        let config = "machine:\n    type: worker\n"
        engine.with { cluster in
            if let id = schematic.id {
                cluster.register(schematic: id, extensions: schematic.extensions)
            }
            cluster.createMachine(
                MachineSpec(
                    name: "n1", address: "127.0.0.9", role: role, schematic: schematic.id,
                    extensions: schematic.extensions, config: config),
                by: "test")
        }
        let world = TalosWorld(
            engine: engine, pki: try PKI(), clusterName: "demo",
            endpoint: "https://127.0.0.9:6443")
        return try #require(COSIView(world: world, node: "n1"))
    }

    private static func items(_ type: String, _ view: COSIView) throws -> [COSIItem] {
        try #require(COSICatalog.types[type]).items(view)
    }

    @Test func `the schematic is among the extensions, with its text`() throws {
        let view = try Self.view(talos: Version(1, 12, 1), role: .worker)
        let items = try Self.items("ExtensionStatuses.runtime.talos.dev", view)
        #expect(items.count == 2)
        let last = try #require(items.last)
        let id = try #require(Schematic(extensions: ["iscsi-tools"]).id)
        #expect(last.yaml.contains("name: schematic\n"))
        #expect(last.yaml.contains("version: \(id.text)\n"))
        #expect(last.yaml.contains("- siderolabs/iscsi-tools\\n"))
    }

    @Test(arguments: [(Version(1, 9, 2), false), (Version(1, 12, 1), true)])
    func `the machine config is in its proto form always, a string from 1.12 on`(
        version: Version, isString: Bool
    ) throws {
        let view = try Self.view(talos: version, role: .worker)
        let item = try #require(try Self.items("MachineConfigs.config.talos.dev", view).first)
        let text = view.machine.config
        #expect(Array(item.proto) == [0x0a, UInt8(text.utf8.count)] + Array(text.utf8))
        #expect(item.yaml.hasPrefix("\"") == isString)
        #expect(item.annotations.isEmpty != isString)
    }

    @Test func `workers have no control plane resources`() throws {
        let worker = try Self.view(talos: Version(1, 13, 2), role: .worker)
        let control = try Self.view(talos: Version(1, 13, 2), role: .controlPlane)
        #expect(try Self.items("StaticPods.kubernetes.talos.dev", worker).isEmpty)
        #expect(try Self.items("StaticPods.kubernetes.talos.dev", control).count == 3)
    }

    @Test func `a resource's version rises when it changes and only then`() throws {
        let shelf = ResourceShelf()
        let type = try #require(COSICatalog.types["Versions.runtime.talos.dev"])
        func version(_ yaml: String) -> Int {
            shelf.version(COSIItem("version", yaml), of: type, on: "n1")
        }
        #expect(version("a") == 1)
        #expect(version("a") == 1)
        #expect(version("b") == 2)
    }
}
