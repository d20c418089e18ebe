import Foundation
import Model
import Testing

@testable import Kubernetes

/// Over a loopback connection: what goes out, and that nothing hangs.
@Suite(.timeLimit(.minutes(10))) struct ClusterClientTests {
    @Test func `a list is read page by page`() async throws {
        try await withClient([
            LoopbackServer.json(
                200,
                #"{"metadata":{"continue":"t/1"},"items":[{"metadata":{"name":"a"}}]}"#),
            LoopbackServer.json(200, #"{"metadata":{},"items":[{"metadata":{"name":"b"}}]}"#),
        ]) { client, server in
            let nodes = try await client.nodes()
            #expect(nodes.map(\.name) == ["a", "b"])
            #expect(server.requests.first?.hasPrefix("GET /api/v1/nodes?limit=500 ") == true)
            #expect(server.requests.last?.contains("limit=500&continue=t%2F1 ") == true)
        }
    }

    @Test func `cordoning is one patch with the run in it`() async throws {
        try await withClient([LoopbackServer.json(200, "{}")]) { client, server in
            try await client.cordon("w-1", run: RunID("r1"))
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("PATCH /api/v1/nodes/w-1?fieldManager=bump "))
            #expect(request.contains("application/strategic-merge-patch+json"))
            #expect(request.contains(#""bump.dev\/cordoned-by":"r1""#))
            #expect(request.contains(#""unschedulable":true"#))
        }
    }

    @Test func `a busy server is asked again`() async throws {
        try await withClient([
            LoopbackServer.json(503, ""), LoopbackServer.json(200, #"{"gitVersion":"v1.32.4"}"#),
        ]) { client, server in
            let version = try await client.version()
            #expect(version == Version(1, 32, 4))
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a silent server is unreachable within the limit`() async throws {
        try await withClient([]) { client, _ in
            let problem = await #expect(throws: Problem.self) { _ = try await client.version() }
            #expect(problem?.kind == .unreachable)
        }
    }

    @Test func `connections that died half open cost one attempt, however many they are`()
        async throws
    {
        let answer = LoopbackServer.json(200, #"{"gitVersion":"v1.32.4"}"#, keepsAlive: true)
        let server = try await LoopbackServer(Array(repeating: answer, count: 9))
        let client = try client(port: server.port)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try await client.version() } }
            try await group.waitForAll()
        }
        server.leaveConnectionsHalfOpen()
        #expect(try await client.version() == Version(1, 32, 4))
        await client.close()
        await server.close()
    }

    @Test func `nobody listening is unreachable`() async throws {
        let server = try await LoopbackServer([])
        await server.close()
        let client = try client(port: server.port)
        let problem = await #expect(throws: Problem.self) { _ = try await client.nodes() }
        #expect(problem?.kind == .unreachable)
        #expect(problem?.causes == ["connection refused"])
        await client.close()
    }

    @Test func `a missing kind of Velero is not a missing backup`() async throws {
        try await withClient([
            LoopbackServer.json(404, "404 page not found"),
            LoopbackServer.json(
                404, #"{"kind":"Status","details":{"name":"b","kind":"backups"}}"#),
        ]) { client, _ in
            let problem = await #expect(throws: Problem.self) {
                _ = try await client.backup(named: "b")
            }
            #expect(problem?.kind == .refused)
            #expect(problem?.fix?.contains("--no-backup") == true)
            let backup = try await client.backup(named: "b")
            #expect(backup == nil)
        }
    }

    @Test func `a backup of that name is taken up by its own run alone`() async throws {
        let taken = #"{"kind":"Status","reason":"AlreadyExists","code":409}"#
        func backup(of run: String) -> String {
            #"{"metadata":{"name":"b","labels":{"bump.dev/run":"\#(run)"}}}"#
        }
        let run = RunID("20260501-120000-0001")
        try await withClient([
            LoopbackServer.json(409, taken), LoopbackServer.json(200, backup(of: run.text)),
            LoopbackServer.json(409, taken), LoopbackServer.json(200, backup(of: "another")),
        ]) { client, _ in
            try await client.createBackup(named: "b", run: run)
            let problem = await #expect(throws: Problem.self) {
                try await client.createBackup(named: "b", run: run)
            }
            #expect(problem?.kind == .refused)
            #expect(problem?.summary.contains("not of this run") == true)
        }
    }

    @Test func `a lease held by another run is refused by the server's clock`() async throws {
        let held =
            #"{"metadata":{},"spec":{"holderIdentity":"you","leaseDurationSeconds":60,"#
            + #""renewTime":"2026-05-01T11:59:30.000000Z"}}"#
        try await withClient([LoopbackServer.json(200, held)]) { client, _ in
            let problem = await #expect(throws: Problem.self) {
                try await client.takeLease(holder: "me", lasting: .seconds(60))
            }
            #expect(problem?.summary.contains("you") == true)
        }
    }

    @Test func `a lost race for the lease is run again`() async throws {
        try await withClient([
            LoopbackServer.json(404, "{}"), LoopbackServer.json(409, "{}"),
            LoopbackServer.json(200, #"{"metadata":{"resourceVersion":"5"},"spec":{}}"#),
            LoopbackServer.json(200, "{}"),
        ]) { client, server in
            try await client.takeLease(holder: "me", lasting: .seconds(60))
            #expect(server.requests.map { $0.prefix(4) } == ["GET ", "POST", "GET ", "PUT "])
            #expect(server.requests.last?.contains(#""resourceVersion":"5""#) == true)
            #expect(server.requests.last?.contains("2026-05-01T12:00:00.000000Z") == true)
        }
    }

    private func withClient(
        _ answers: [String],
        _ body: (ClusterClient, LoopbackServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackServer(answers)
        let client = try client(port: server.port)
        do {
            try await body(client, server)
        } catch {
            await client.close()
            await server.close()
            throw error
        }
        await client.close()
        await server.close()
    }

    private func client(port: Int) throws -> ClusterClient {
        let text = KubeconfigTests.config(cluster: "{server: 'http://127.0.0.1:\(port)'}")
        return ClusterClient(
            try Kubeconfig(text: text, origin: "x").access(), environment: [:],
            limits: ClusterLimits(
                connect: .seconds(10), request: .seconds(10), page: .seconds(10)),
            now: { Date(timeIntervalSince1970: 1_777_636_800) })
    }
}
