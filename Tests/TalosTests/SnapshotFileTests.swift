import Crypto
import Foundation
import Model
import Testing

@testable import Talos

struct SnapshotFileTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(component: "snapshot-\(UUID().uuidString)").path

    private func write(_ sizes: [Int], digest: Bool = false) async throws -> Int64 {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let chunks = AsyncStream<Data> { stream in
            for size in sizes { stream.yield(Data(repeating: 7, count: size)) }
            if digest {
                let whole = Data(repeating: 7, count: sizes.reduce(0, +))
                stream.yield(Data(SHA256.hash(data: whole)))
            }
            stream.finish()
        }
        return try await SnapshotFile.write(chunks, to: folder + "/etcd.db")
    }

    private var contents: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    @Test func `a whole snapshot is put in place, readable by its owner alone`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try await write([1000, 0, 24, 512], digest: true) == 1568)
        #expect(contents == ["etcd.db"])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/etcd.db")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 1568)
    }

    @Test(arguments: [[], [32], [1024], [1024, 31], [1024, 32]])
    func `a cut or damaged snapshot leaves nothing behind`(sizes: [Int]) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let problem = await #expect(throws: Problem.self) { try await write(sizes) }
        #expect(problem?.kind == .stopped)
        #expect(contents.isEmpty)
    }
}
