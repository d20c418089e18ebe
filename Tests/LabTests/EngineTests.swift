import Foundation
import Model
import Simulation
import Testing

@testable import Lab

@Suite struct EngineTests {
    private static let blueprint = Blueprint(
        clusterName: "demo", talos: Version(1, 9, 2), kubernetes: Version(1, 32, 0), seed: 7,
        workers: 1)

    private static func engine(log: EventLog? = nil) -> Engine {
        let engine = Engine(EmulatedCluster(blueprint), speed: 100, log: log)
        engine.with { cluster in
            cluster.createMachine(
                MachineSpec(name: "demo-cp-1", address: "127.0.0.1", role: .controlPlane),
                by: "test")
            cluster.createMachine(
                MachineSpec(name: "demo-worker-1", address: "127.0.0.2", role: .worker),
                by: "test")
        }
        return engine
    }

    @Test(.timeLimit(.minutes(10)))
    func `a cluster becomes healthy by itself, and its log says how`() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let engine = Self.engine(log: try EventLog(path: path))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            while !engine.with({ $0.isHealthy }) { try await Task.sleep(for: .milliseconds(10)) }
            group.cancelAll()
        }
        let kinds = EventLog.read(path: path).map(\.kind)
        #expect(kinds.filter { $0 == "machine-created" }.count == 2)
        #expect(kinds.contains("ready"))
    }

    @Test(.timeLimit(.minutes(10)))
    func `changes reach a listener`() async throws {
        let engine = Self.engine()
        let changes = engine.changes()
        engine.with { $0.destroyMachine("demo-worker-1", by: "test") }
        var seen: [ObjectChange] = []
        for await batch in changes {
            seen += batch
            if seen.contains(.machineGone("demo-worker-1")) { break }
        }
        #expect(seen.contains(.machineGone("demo-worker-1")))
    }

    @Test func `real times of the past stay what they were when a lab goes on`() {
        var timeline = Timeline()
        let start = Date(timeIntervalSince1970: 1_000)
        timeline.anchor(.zero, at: start, speed: 10)
        timeline.anchor(.seconds(100), at: start + 5_000, speed: 10)
        #expect(timeline.date(at: .seconds(50)) == start + 5)
        #expect(timeline.date(at: .seconds(120)) == start + 5_002)
    }

    @Test func `a torn line at the end of the log is left out`() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let event = LabEvent(
            time: .seconds(1), kind: .installed, node: nil, by: "os:admin", detail: "v1.9.4")
        let record = EventRecord(event, at: Date(timeIntervalSince1970: 0))
        try EventLog(path: path).append([record])
        let file = try #require(FileHandle(forWritingAtPath: path))
        file.seekToEndOfFile()
        try file.write(contentsOf: Data("{\"time\":".utf8))
        #expect(EventLog.read(path: path) == [record])
        #expect(record.time == "1970-01-01T00:00:00.000Z")
    }
}

@Suite struct SchematicShelfTests {
    @Test func `the schematic that Terraform registered is found in its state`() throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("lab-\(UUID().uuidString).tfstate")
        defer { try? FileManager.default.removeItem(at: file) }
        let kept = file.path + ".json"
        defer { try? FileManager.default.removeItem(atPath: kept) }
        let shelf = SchematicShelf(file: kept, terraformState: file.path)
        #expect(shelf.all().count == 1, "the empty one is always there")
        let schematic = Schematic(extensions: ["b", "a"])
        let text = """
            {"resources": [{"type": "terraform_data", "name": "schematic", "instances": [
              {"attributes": {"output": {"value": {"schematic": \(quoted(schematic.yaml))}}}}]}]}
            """
        try Data(text.utf8).write(to: file)
        let id = try #require(schematic.id)
        #expect(shelf.all()[id] == ["a", "b"])
        let again = SchematicShelf(file: kept, terraformState: file.path + ".none")
        #expect(again.text(id) == schematic.yaml)
    }

    private func quoted(_ text: String) -> String {
        String(decoding: JSONText.bytes(.string(text)), as: UTF8.self)
    }
}
