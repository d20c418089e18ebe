import Foundation
import Model
import Synchronization
import Testing

@testable import Kubernetes

/// Whole synchronisations against a server that answers by a script.
@Suite(.timeLimit(.minutes(10))) struct ManifestSyncTests {
    static let map: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "coredns", "namespace": "kube-system"],
        "data": ["Corefile": "new", "other": "new"],
    ]
    static let core =
        #"{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true},"#
        + #"{"name":"namespaces","kind":"Namespace"},{"name":"services","kind":"Service","namespaced":true}]}"#

    static func server(_ version: Int, _ data: String, _ annotations: String = "") -> String {
        LoopbackServer.json(
            200,
            #"{"kind":"ConfigMap","metadata":{"name":"coredns","resourceVersion":"\#(version)","#
                + #""annotations":{\#(annotations)}},"data":{\#(data)}}"#)
    }

    @Test func `an object is tried, applied and counted`() async throws {
        let result = try await run([
            LoopbackServer.json(200, Self.core), Self.server(1, #""Corefile":"old""#),
            Self.server(1, #""Corefile":"new""#), Self.server(2, #""Corefile":"new""#),
        ])
        #expect(result.word == "1 object: 1 changed")
        #expect(result.reports == ["changed ConfigMap kube-system/coredns"])
        let path = "/api/v1/namespaces/kube-system/configmaps/coredns"
        #expect(
            result.requests.map { $0.prefix { !$0.isNewline } } == [
                "GET /api/v1 HTTP/1.1", "GET \(path) HTTP/1.1",
                "PATCH \(path)?fieldManager=talos&force=false&dryRun=All HTTP/1.1",
                "PATCH \(path)?fieldManager=talos&force=false HTTP/1.1",
            ])
        #expect(result.requests[3].contains("application/apply-patch+yaml"))
        #expect(result.requests[3].contains(#""Corefile":"new""#))
    }

    @Test func `an object that is as it should be is not written`() async throws {
        let result = try await run([
            LoopbackServer.json(200, Self.core), Self.server(1, #""Corefile":"new""#),
            Self.server(1, #""Corefile":"new""#),
        ])
        #expect(result.word == "1 object: 1 as they were")
        #expect(result.requests.count == 3)
    }

    @Test func `another manager's field is left to it and Talos's own is taken`() async throws {
        let result = try await run([
            LoopbackServer.json(200, Self.core), Self.server(1, #""Corefile":"theirs""#),
            Self.conflict([("flux", ".data.Corefile"), ("talosctl", ".data.other")]),
            Self.server(1, #""Corefile":"theirs","other":"new""#),
            Self.server(2, #""Corefile":"theirs","other":"new""#),
        ])
        #expect(
            result.word
                == "1 object: 1 changed; others manage parts of ConfigMap kube-system/coredns")
        #expect(
            result.reports.last == "ConfigMap kube-system/coredns: .data.Corefile is managed by "
                + "flux and stays as it is")
        let last = try #require(result.requests.last)
        #expect(last.contains("force=true") && last.contains(#""other":"new""#))
        #expect(!last.contains("Corefile"))
    }

    @Test func `an object is left alone when its conflict cannot be taken out`() async throws {
        let result = try await run([
            LoopbackServer.json(200, Self.core), Self.server(1, ""),
            Self.conflict([("flux", ".data[what]")]),
        ])
        #expect(result.word.hasPrefix("1 object: 1 left alone"))
        #expect(result.requests.count == 3)
    }

    @Test func `a refused dry run stops before anything is changed`() async throws {
        let server = try await LoopbackServer([
            LoopbackServer.json(200, Self.core), LoopbackServer.json(404, "{}"),
            LoopbackServer.json(422, #"{"kind":"Status","message":"data: wrong"}"#),
        ])
        let problem = await #expect(throws: Problem.self) {
            _ = try await Self.sync(server, [Self.map], inventory: false) { _ in }
        }
        #expect(problem?.summary.contains("data: wrong") == true)
        #expect(server.requests.count == 3)
        await server.close()
    }

    @Test func `an inventory adopts, notes and prunes only what is Talos's`() async throws {
        let ours = #""config.k8s.io/owning-inventory":"talos-bootstrap-manifests-inventory""#
        let result = try await run(
            [
                LoopbackServer.json(200, Self.core), Self.server(1, #""Corefile":"new""#),
                Self.server(1, #""Corefile":"new""#, ours), Self.server(2, "", ours),
                LoopbackServer.json(
                    200,
                    #"{"data":{"kube-system_gone__Service":"","kube-system_mine__Service":"","#
                        + #""_ns__Namespace":"","not a key":""}}"#),
                LoopbackServer.json(200, "{}"),
                LoopbackServer.json(200, #"{"metadata":{"annotations":{\#(ours)}}}"#),
                LoopbackServer.json(200, #"{"metadata":{"annotations":{\#(ours)}}}"#),
                LoopbackServer.json(200, "{}"),
                LoopbackServer.json(200, #"{"metadata":{}}"#),
                LoopbackServer.json(200, "{}"),
            ], inventory: true)
        #expect(result.word == "1 object: 1 changed, 1 removed, 2 no longer rendered but kept")
        let deleted = result.requests.filter { $0.hasPrefix("DELETE") }
        #expect(deleted.count == 1)
        #expect(
            deleted.first?.hasPrefix(
                "DELETE /api/v1/namespaces/kube-system/services/gone?propagationPolicy=Background ")
                == true)
        #expect(result.requests[3].contains("owning-inventory"))
        #expect(result.requests[5].contains(#""kube-system_coredns__ConfigMap":"""#))
        #expect(result.requests.last?.contains(#""kube-system_gone__Service":null"#) == true)
    }

    @Test func `another inventory's object is not touched`() async throws {
        let result = try await run(
            [
                LoopbackServer.json(200, Self.core),
                Self.server(1, "", #""config.k8s.io/owning-inventory":"other""#),
                LoopbackServer.json(404, "{}"), LoopbackServer.json(201, "{}"),
            ], inventory: true)
        #expect(
            result.reports == [
                "left ConfigMap kube-system/coredns alone: it belongs to the inventory other"
            ])
        #expect(result.requests.last?.hasPrefix("POST ") == true)
        #expect(result.requests.last?.contains("coredns") == false)
    }

    @Test func `a rollout is waited for through a short loss of the server`() async throws {
        let apps = #"{"resources":[{"name":"daemonsets","kind":"DaemonSet","namespaced":true}]}"#
        func set(_ updated: Int, _ version: Int) -> String {
            LoopbackServer.json(
                200,
                #"{"kind":"DaemonSet","metadata":{"generation":2},"spec":{"v":\#(version)},"#
                    + #""status":{"observedGeneration":2,"desiredNumberScheduled":2,"#
                    + #""updatedNumberScheduled":\#(updated),"numberAvailable":2}}"#)
        }
        let result = try await run(
            [
                LoopbackServer.json(200, apps), set(2, 1), set(2, 2), set(0, 2), set(1, 2),
                LoopbackServer.json(503, ""), LoopbackServer.json(503, ""),
                LoopbackServer.json(503, ""), set(2, 2),
            ],
            objects: [
                [
                    "apiVersion": "apps/v1", "kind": "DaemonSet",
                    "metadata": ["name": "kube-proxy", "namespace": "kube-system"],
                    "spec": ["v": 2],
                ]
            ])
        #expect(result.word == "1 object: 1 changed")
        #expect(
            result.reports == [
                "changed DaemonSet kube-system/kube-proxy",
                "DaemonSet kube-system/kube-proxy: 1 of 2 pods updated",
            ])
    }

    @Test func `a kind that nobody serves is refused`() async throws {
        let server = try await LoopbackServer([LoopbackServer.json(404, "404 page not found")])
        let problem = await #expect(throws: Problem.self) {
            _ = try await Self.sync(
                server,
                [["apiVersion": "x.io/v1", "kind": "X", "metadata": ["name": "a"]]],
                inventory: false
            ) { _ in }
        }
        #expect(problem?.kind == .refused)
        await server.close()
    }

    @Test func `a component's pod tells its node, its version and its trouble`() throws {
        let json = """
            {"metadata":{"name":"kube-apiserver-cp-1","labels":{"k8s-app":"kube-apiserver"},
             "annotations":{"talos.dev/config-version":"4"}},
             "spec":{"containers":[{"name":"x","image":"y"},
              {"name":"kube-apiserver","image":"registry.k8s.io/kube-apiserver:v1.33.1"}]},
             "status":{"hostIP":"10.0.0.2","conditions":[{"type":"Ready","status":"False"}],
              "containerStatuses":[{"state":{"waiting":{"reason":"CrashLoopBackOff",
               "message":"back-off 5m0s"}}}]}}
            """
        let object = try JSONDecoder().decode(ComponentPodObject.self, from: Data(json.utf8))
        let pod = try #require(object.facts)
        #expect(pod.address == "10.0.0.2" && pod.configVersion == "4" && !pod.isReady)
        #expect(pod.version == Version(1, 33, 1))
        #expect(pod.trouble == "CrashLoopBackOff: back-off 5m0s")
        let ready = json.replacing("\"False\"", with: "\"True\"")
        let second = try JSONDecoder().decode(ComponentPodObject.self, from: Data(ready.utf8))
        #expect(second.facts?.isReady == true && second.facts?.trouble == nil)
    }

    @Test func `objects of an API that is not served are none`() async throws {
        let server = try await LoopbackServer([LoopbackServer.json(404, "404 page not found")])
        let client = try Self.client(server)
        let found = try await client.objects(
            of: APIResource(group: "resource.k8s.io", version: "v1alpha3", plural: "xs"))
        #expect(found.isEmpty)
        await client.close()
        await server.close()
    }

    private struct Result {
        var word: String
        var reports: [String]
        var requests: [String]
    }

    private func run(
        _ answers: [String], objects: [JSONValue] = [ManifestSyncTests.map],
        inventory: Bool = false
    ) async throws -> Result {
        let server = try await LoopbackServer(answers)
        let reports = Mutex<[String]>([])
        do {
            let word = try await Self.sync(server, objects, inventory: inventory) { line in
                reports.withLock { $0.append(line) }
            }
            await server.close()
            return Result(
                word: word, reports: reports.withLock { $0 }, requests: server.requests)
        } catch {
            await server.close()
            throw error
        }
    }

    private static func sync(
        _ server: LoopbackServer, _ objects: [JSONValue], inventory: Bool,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let client = try client(server)
        do {
            let word = try await client.applyManifests(
                objects, inventory: inventory, within: .seconds(60), report: report)
            await client.close()
            return word
        } catch {
            await client.close()
            throw error
        }
    }

    private static func client(_ server: LoopbackServer) throws -> ClusterClient {
        let text = KubeconfigTests.config(cluster: "{server: 'http://127.0.0.1:\(server.port)'}")
        return ClusterClient(
            try Kubeconfig(text: text, origin: "x").access(), environment: [:],
            limits: ClusterLimits(
                connect: .seconds(10), request: .seconds(10), page: .seconds(10),
                poll: .milliseconds(10)),
            now: { Date(timeIntervalSince1970: 1_777_636_800) })
    }

    private static func conflict(_ fields: [(String, String)]) -> String {
        let causes = fields.map {
            #"{"reason":"FieldManagerConflict","message":"conflict with \"\#($0.0)\" using v1","field":"\#($0.1)"}"#
        }
        return LoopbackServer.json(
            409,
            #"{"kind":"Status","reason":"Conflict","details":{"causes":[\#(causes.joined(separator: ","))]}}"#
        )
    }
}
