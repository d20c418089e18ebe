import Model
import Simulation
import Testing

@testable import Lab

/// A small cluster, quick enough to be ready at once.
private struct World {
    let engine: Engine
    let api: ClusterAPI

    init() {
        var cluster = EmulatedCluster(
            Blueprint(
                clusterName: "demo", talos: Version(1, 9, 2), kubernetes: Version(1, 32, 0),
                seed: 7, workers: 2))
        for (name, role) in [("cp-1", Role.controlPlane), ("w-1", .worker), ("w-2", .worker)] {
            cluster.createMachine(
                MachineSpec(
                    name: NodeName(name), address: NodeAddress("127.9.0.\(name.utf8.count)"),
                    role: role), by: "test")
        }
        cluster.advance(to: .seconds(60))
        engine = Engine(cluster, speed: 1)
        api = ClusterAPI(engine: engine)
    }

    /// Code and body of an answer; a watch has no body.
    func ask(
        _ method: String, _ target: String, _ body: String = "",
        type: String = "application/json", accept: String = "application/json"
    ) throws -> (code: Int, body: JSONValue) {
        let answer = api.answer(
            APIRequest(
                method: method, target: target,
                headers: [
                    "content-type": type, "accept": accept, "user-agent": "kubectl/v1.32.4",
                ],
                body: Array(body.utf8)))
        guard case .body(let code, _, let bytes, _) = answer else { return (0, nil) }
        return (code, try JSONText.parse(bytes))
    }

    func deployment(_ name: String, image: String = "one", replicas: Int = 2) -> String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)"},"spec":
        {"replicas":\(replicas),"selector":{"matchLabels":{"a":"\(name)"}},"template":{"metadata":
        {"labels":{"a":"\(name)"}},"spec":{"containers":[{"name":"c","image":"\(image)"}]}}}}
        """
    }
}

@Suite struct KubernetesAPITests {
    private let deployments = "/apis/apps/v1/namespaces/default/deployments"

    @Test func `nodes carry what Talos and kubectl look at`() throws {
        let world = World()
        let (code, list) = try world.ask("GET", "/api/v1/nodes?limit=500")
        let nodes = list["items"]?.array ?? []
        #expect(code == 200)
        #expect(nodes.map(\.name) == ["cp-1", "w-1", "w-2"])
        #expect(nodes.allSatisfy { $0.condition("Ready")?["status"] == "True" })
        #expect(nodes[0]["status", "nodeInfo", "osImage"] == "Talos (v1.9.2)")
        #expect(nodes[0]["kind"] == nil)
        #expect(nodes[0].labels["node-role.kubernetes.io/control-plane"] == "")
    }

    @Test func `a cordon reaches the cluster and comes back as a taint`() throws {
        let world = World()
        let (code, node) = try world.ask(
            "PATCH", "/api/v1/nodes/w-1", #"{"spec":{"unschedulable":true}}"#,
            type: "application/strategic-merge-patch+json")
        #expect(code == 200)
        #expect(world.engine.with { $0.nodes["w-1"]?.isCordoned } == true)
        #expect(node["spec", "unschedulable"] == true)
        let after = try world.ask("GET", "/api/v1/nodes/w-1").body
        #expect(
            after["spec", "taints"]?.array?.first?["key"] == "node.kubernetes.io/unschedulable")
    }

    @Test func `an annotation on a node stays and its revision rises`() throws {
        let world = World()
        let before = try world.ask("GET", "/api/v1/nodes/w-1").body
        _ = try world.ask(
            "PATCH", "/api/v1/nodes/w-1",
            #"{"metadata":{"annotations":{"bump.dev/cordoned-by":"run"}}}"#,
            type: "application/merge-patch+json")
        let after = try world.ask("GET", "/api/v1/nodes/w-1").body
        #expect(after.annotations["bump.dev/cordoned-by"] == "run")
        #expect((Int(after.resourceVersion) ?? 0) > (Int(before.resourceVersion) ?? .max))
    }

    @Test func `a budget without room refuses an eviction as the API server does`() throws {
        let world = World()
        let pods = try world.ask("GET", "/api/v1/namespaces/demo/pods?labelSelector=app%3Dweb").body
        let names = (pods["items"]?.array ?? []).map(\.name)
        func evict(_ name: String) throws -> (code: Int, body: JSONValue) {
            try world.ask(
                "POST", "/api/v1/namespaces/demo/pods/\(name)/eviction",
                #"{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"\#(name)"}}"#)
        }
        #expect(try evict(names[0]).code == 201)
        let refused = try evict(names[1])
        #expect(refused.code == 429)
        #expect(refused.body["reason"] == "TooManyRequests")
        #expect(refused.body["details", "causes"]?.array?.first?["reason"] == "DisruptionBudget")
        #expect(try evict("nobody").code == 404)
    }

    @Test func `the same template again replaces no pod`() throws {
        let world = World()
        let web = "/apis/apps/v1/namespaces/demo/deployments/web"
        let before = world.engine.with { Set($0.pods.keys) }
        _ = try world.ask(
            "PATCH", web + "/scale", #"{"spec":{"replicas":4}}"#,
            type: "application/merge-patch+json")
        #expect(world.engine.with { before.isSubset(of: $0.pods.keys) })
        #expect(world.engine.with { $0.pods.values.allSatisfy { !$0.isTerminating } })
    }

    @Test func `a stale revision is a conflict and a second create as well`() throws {
        let world = World()
        #expect(try world.ask("POST", deployments, world.deployment("x")).code == 201)
        let again = try world.ask("POST", deployments, world.deployment("x"))
        #expect(again.code == 409)
        #expect(again.body["reason"] == "AlreadyExists")
        var object = try world.ask("GET", deployments + "/x").body
        object.setMetadata("resourceVersion", "1")
        let stale = try world.ask("PUT", deployments + "/x", JSONText.text(object))
        #expect(stale.body["reason"] == "Conflict")
    }

    @Test func `server-side apply names the manager in the way, and force takes over`() throws {
        let world = World()
        func apply(_ image: String, _ manager: String, force: Bool = false) throws
            -> (code: Int, body: JSONValue)
        {
            try world.ask(
                "PATCH", deployments + "/x?fieldManager=\(manager)&force=\(force)",
                world.deployment("x", image: image), type: "application/apply-patch+yaml")
        }
        #expect(try apply("one", "a").code == 201)
        #expect(try apply("one", "b").code == 200)
        let conflict = try apply("two", "b")
        #expect(conflict.code == 409)
        let cause = conflict.body["details", "causes"]?.array?.first
        #expect(cause?["message"] == #"conflict with "a""#)
        #expect(cause?["field"] == #".spec.template.spec.containers[name="c"].image"#)
        #expect(try apply("two", "b", force: true).code == 200)
    }

    @Test func `a custom resource refuses a strategic merge patch`() throws {
        let world = World()
        let path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations"
        let object = #"{"kind":"Kustomization","metadata":{"name":"k"},"spec":{"path":"./"}}"#
        #expect(try world.ask("POST", path, object).code == 201)
        let patch = #"{"spec":{"suspend":true}}"#
        #expect(
            try world.ask(
                "PATCH", path + "/k", patch, type: "application/strategic-merge-patch+json"
            ).code == 415)
        let merged = try world.ask(
            "PATCH", path + "/k", patch, type: "application/merge-patch+json")
        #expect(merged.body["spec", "suspend"] == true)
        #expect(merged.body["metadata", "generation"] == 2)
    }

    @Test func `a watch goes on where the list ended`() async throws {
        let world = World()
        let list = try world.ask("GET", deployments).body
        let from = list.resourceVersion
        _ = try world.ask("POST", deployments, world.deployment("x"))
        let answer = world.api.answer(
            APIRequest(method: "GET", target: deployments + "?watch=1&resourceVersion=\(from)"))
        guard case .watch(let watching) = answer else {
            Issue.record("no watch")
            return
        }
        _ = try world.ask("DELETE", deployments + "/x")
        watching.end()
        var types: [JSONValue?] = []
        for await line in watching.lines { types.append(try JSONText.parse(line)["type"]) }
        #expect(types.first == "ADDED")
        #expect(types.last == "DELETED")
    }

    @Test func `a watch from a forgotten revision is told to list anew`() async throws {
        let world = World()
        let answer = world.api.answer(
            APIRequest(method: "GET", target: "/api/v1/nodes?watch=1&resourceVersion=3"))
        guard case .watch(let watching) = answer else {
            Issue.record("no watch")
            return
        }
        var lines: [JSONValue] = []
        for await line in watching.lines { lines.append(try JSONText.parse(line)) }
        #expect(lines.first?["object", "reason"] == "Expired")
    }

    @Test func `a backup gets its phase and Velero's defaults`() throws {
        let world = World()
        let path = "/apis/velero.io/v1/namespaces/velero/backups"
        let made = try world.ask(
            "POST", path, #"{"kind":"Backup","metadata":{"name":"b"},"spec":{"ttl":"0s"}}"#)
        #expect(made.code == 201)
        let backup = try world.ask("GET", path + "/b").body
        #expect(backup["status", "phase"] == "InProgress")
        #expect(backup["spec", "ttl"] == "720h0m0s")
        #expect(backup["spec", "storageLocation"] == "default")
    }

    @Test func `a table has the columns of kubectl get`() throws {
        let world = World()
        let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        let table = try world.ask("GET", "/api/v1/nodes", accept: accept).body
        let columns = (table["columnDefinitions"]?.array ?? []).compactMap { $0["name"]?.string }
        #expect(columns.prefix(5) == ["Name", "Status", "Roles", "Age", "Version"])
        #expect(table["rows"]?.array?.first?["cells"]?.array?[1] == "Ready")
    }

    @Test func `what users made is there again after a restart`() throws {
        let world = World()
        _ = try world.ask("POST", deployments, world.deployment("x"))
        let again = ClusterAPI(engine: world.engine, saved: world.api.saved)
        let answer = again.answer(APIRequest(method: "GET", target: deployments + "/x"))
        guard case .body(let code, _, _, _) = answer else {
            Issue.record("no answer")
            return
        }
        #expect(code == 200)
    }
}
