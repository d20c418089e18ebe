import GRPCCore
import Model
import Testing

@testable import Talos

struct RouteTests {
    private let first = Endpoint(host: "10.0.0.1")
    private let second = Endpoint(host: "10.0.0.2", port: 6000)
    private var table: RouteTable { RouteTable(endpoints: [first, second]) }

    @Test func `a new node is tried directly, then through the endpoints`() {
        #expect(
            table.candidates(for: "10.0.0.9") == [
                .direct(Endpoint(host: "10.0.0.9")), .proxied(through: first),
                .proxied(through: second),
            ])
    }

    @Test func `a node that is an endpoint is not its own proxy and keeps its port`() {
        #expect(
            table.candidates(for: "10.0.0.2") == [.direct(second), .proxied(through: first)])
    }

    @Test func `a node once reached directly is down when it does not answer`() {
        let table = table
        let direct = Route.direct(Endpoint(host: "10.0.0.9"))
        table.record(direct, for: "10.0.0.9")
        #expect(table.candidates(for: "10.0.0.9") == [direct])
    }

    @Test func `a node behind a proxy is tried through the others when that one is down`() {
        let table = table
        table.record(.proxied(through: second), for: "10.0.0.9")
        #expect(
            table.candidates(for: "10.0.0.9") == [
                .proxied(through: second), .proxied(through: first),
            ])
    }

    @Test func `only a proxied request names the node`() {
        let direct = NodeConnection.metadata(
            node: "10.0.0.9", route: .direct(first), cluster: nil)
        #expect(Array(direct[stringValues: "node"]).isEmpty)
        let proxied = NodeConnection.metadata(
            node: "10.0.0.9", route: .proxied(through: first), cluster: "kitchen")
        #expect(Array(proxied[stringValues: "node"]) == ["10.0.0.9"])
        #expect(Array(proxied[stringValues: "nodes"]).isEmpty)
        #expect(Array(proxied[stringValues: "context"]) == ["kitchen"])
    }
}
