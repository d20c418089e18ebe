import Foundation
import Model
import Simulation
import Testing

@testable import Lab

/// A cluster with disks and buckets in a folder of its own, driven by hand.
private final class World {
    let root: String
    let surroundings: Surroundings
    private(set) var engine: Engine
    private(set) var api: ClusterAPI

    init() throws {
        root =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString)").path
        surroundings = Surroundings(
            volumes: VolumeShelf(root: "\(root)/volumes"),
            vault: BackupVault(root: "\(root)/backups"), sources: "\(root)/flux")
        (engine, api) = Self.cluster(surroundings, seed: 7)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private static func cluster(_ surroundings: Surroundings, seed: UInt64) -> (Engine, ClusterAPI)
    {
        var cluster = EmulatedCluster(
            Blueprint(
                clusterName: "demo", talos: Version(1, 9, 2), kubernetes: Version(1, 32, 0),
                seed: seed, workers: 1))
        for (name, role) in [("cp-1", Role.controlPlane), ("w-1", .worker)] {
            cluster.createMachine(
                MachineSpec(
                    name: NodeName(name), address: NodeAddress("127.9.0.\(name.utf8.count)"),
                    role: role), by: "test")
        }
        cluster.advance(to: .seconds(60))
        let engine = Engine(cluster, speed: 100)
        return (engine, ClusterAPI(engine: engine, surroundings: surroundings))
    }

    /// The disks go, buckets stay, and another cluster is there.
    func rebuild() {
        surroundings.volumes.loseEverything()
        (engine, api) = Self.cluster(surroundings, seed: 8)
    }

    @discardableResult
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/yaml"
        let answer = api.answer(
            APIRequest(
                method: method, target: path,
                headers: ["content-type": type, "user-agent": "test"], body: Array(body.utf8)))
        guard case .body(let code, _, let bytes, _) = answer, code < 300 else { return .null }
        return try JSONText.parse(bytes)
    }

    /// Asks again until the condition holds of the object, for ten seconds at most.
    func wait(_ path: String, until condition: (JSONValue) -> Bool) async throws -> JSONValue {
        var last: JSONValue = .null
        for _ in 0..<1000 {
            last = try ask("GET", path)
            if condition(last) { return last }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never came true for \(path)")
        return last
    }

    func backUp(_ name: String) async throws -> JSONValue {
        try ask(
            "POST", "/apis/velero.io/v1/namespaces/velero/backups",
            """
            apiVersion: velero.io/v1
            kind: Backup
            metadata: {name: \(name)}
            spec: {excludedNamespaces: [kube-system], includeClusterResources: true,
                   defaultVolumesToFsBackup: true}
            """)
        return try await wait("/apis/velero.io/v1/namespaces/velero/backups/\(name)") {
            ["Completed", "PartiallyFailed", "Failed", "FailedValidation"]
                .contains($0["status", "phase"]?.string)
        }
    }

    func restore(_ name: String, of backup: String) async throws -> JSONValue {
        try ask(
            "POST", "/apis/velero.io/v1/namespaces/velero/restores",
            """
            apiVersion: velero.io/v1
            kind: Restore
            metadata: {name: \(name)}
            spec: {backupName: \(backup), excludedNamespaces: [velero],
                   includeClusterResources: true}
            """)
        return try await wait("/apis/velero.io/v1/namespaces/velero/restores/\(name)") {
            ["Completed", "PartiallyFailed", "Failed", "FailedValidation"]
                .contains($0["status", "phase"]?.string)
        }
    }

    func podsOfShopAreReady() async throws {
        _ = try await wait("/api/v1/namespaces/shop/pods") { list in
            let pods = list["items"]?.array ?? []
            return pods.count >= 4
                && pods.allSatisfy { $0.condition("Ready")?["status"] == "True" }
        }
    }
}

@Suite struct RestoreTests {
    private let shop = "/api/v1/namespaces/shop"
    private let flux =
        "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/apps"

    @Test(.timeLimit(.minutes(10)))
    func `what a backup held is back in another cluster, byte for byte`() async throws {
        let world = try World()
        try StatefulDemo.furnish(world.api, world.surroundings)
        try await world.podsOfShopAreReady()
        let disks = (0..<2).map { world.surroundings.volumes.contents("shop", "data-db-\($0)") }
        #expect(disks[0].count == 3 && disks[0] != disks[1])
        try world.ask("PATCH", flux, #"{"spec":{"suspend":true}}"#)
        let backup = try await world.backUp("kept")
        #expect(backup["status", "phase"] == "Completed")
        let copies =
            try world.ask("GET", "/apis/velero.io/v1/podvolumebackups")["items"]?.array ?? []
        let mine = copies.filter { $0["spec", "pod", "namespace"] == "shop" }
        #expect(mine.count == 2)
        #expect(mine.allSatisfy { ($0["status", "progress", "bytesDone"]?.integer ?? 0) > 65_536 })

        world.rebuild()
        #expect(try world.ask("GET", "/api/v1/namespaces/shop") == .null)
        _ = try await world.wait("/apis/velero.io/v1/namespaces/velero/backups/kept") {
            $0["status", "phase"] == "Completed"
        }
        let restored = try await world.restore("back", of: "kept")
        #expect(restored["status", "phase"] == "Completed")
        #expect(
            restored["status", "progress", "itemsRestored"]
                == restored["status", "progress", "totalItems"])
        #expect(try world.ask("GET", "\(shop)/configmaps/settings")["data", "currency"] == "EUR")
        #expect(
            try world.ask("GET", "/apis/example.com/v1/namespaces/shop/widgets/first")[
                "spec", "size"] == 3)
        #expect(
            try world.ask("GET", "/apis/scheduling.k8s.io/v1/priorityclasses/shop-first") != .null)
        #expect(try world.ask("GET", flux)["spec", "suspend"] == true)
        try await world.podsOfShopAreReady()
        for number in 0..<2 {
            #expect(
                world.surroundings.volumes.contents("shop", "data-db-\(number)") == disks[number])
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `what exists stays, and a claim that was there first is not filled`() async throws {
        let world = try World()
        try StatefulDemo.furnish(world.api, world.surroundings)
        try await world.podsOfShopAreReady()
        _ = try await world.backUp("kept")
        try world.ask("PATCH", "\(shop)/configmaps/settings", #"{"data":{"currency":"USD"}}"#)
        world.surroundings.volumes.write(["hello.txt": Data("new".utf8)], "shop", "data-db-0")
        let restored = try await world.restore("back", of: "kept")
        #expect(restored["status", "phase"] == "Completed")
        #expect((restored["status", "warnings"]?.integer ?? 0) > 0)
        #expect(try world.ask("GET", "\(shop)/configmaps/settings")["data", "currency"] == "USD")
        let disk = world.surroundings.volumes.contents("shop", "data-db-0")
        #expect(disk["hello.txt"] == Data("new".utf8))
    }

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            (Fault.restoreFails, "Failed"), (.restorePartial, "PartiallyFailed"),
            (.locationUnavailable, "FailedValidation"),
        ])
    func `a restore ends as the fault says`(fault: Fault, phase: String) async throws {
        let world = try World()
        _ = try await world.backUp("kept")
        world.engine.with { $0.inject(fault, on: nil) }
        let restored = try await world.restore("back", of: "kept")
        #expect(restored["status", "phase"]?.string == phase)
    }

    @Test(.timeLimit(.minutes(10)))
    func `Flux sets back what was changed, unless it is suspended`() async throws {
        let world = try World()
        try StatefulDemo.furnish(world.api, world.surroundings)
        let front = "\(shop)/configmaps/front"
        _ = try await world.wait(front) { $0["data", "greeting"] == "hello" }
        try world.ask("PATCH", front, #"{"data":{"greeting":"mine"}}"#)
        _ = try await world.wait(front) { $0["data", "greeting"] == "hello" }
        try world.ask("PATCH", flux, #"{"spec":{"suspend":true}}"#)
        _ = try await world.wait(flux) { $0.condition("Ready")?["status"] == "True" }
        try world.ask("PATCH", front, #"{"data":{"greeting":"mine"}}"#)
        let since = world.engine.with { $0.now }
        while world.engine.with({ $0.now }) < since + .seconds(25) {
            #expect(try world.ask("GET", front)["data", "greeting"] == "mine")
            try await Task.sleep(for: .milliseconds(20))
        }
        try world.ask("PATCH", flux, #"{"spec":{"suspend":false}}"#)
        _ = try await world.wait(front) { $0["data", "greeting"] == "hello" }
    }

    @Test(arguments: [("1m30s", 90.0), ("10s", 10), ("1h", 3600), ("500ms", 0.5)])
    func `intervals are read as Go writes them`(text: String, seconds: Double) {
        #expect(APIState.duration(text) == .milliseconds(Int(seconds * 1000)))
    }
}
