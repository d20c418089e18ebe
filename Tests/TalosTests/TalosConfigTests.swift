import Model
import Testing

@testable import Talos

struct TalosConfigTests {
    private static let two = """
        context: home
        contexts:
          home:
            endpoints: [10.0.0.1, "10.0.0.2:50001"]
            nodes: [10.0.0.3]
            cluster: kitchen
            future-key: 1
          work:
            endpoints: []
        """

    @Test func `contexts keep their endpoints, nodes and cluster`() throws {
        let home = try TalosConfig(yaml: Self.two, source: "f").context()
        #expect(home.name == "home")
        #expect(home.endpoints.map(\.description) == ["10.0.0.1:50000", "10.0.0.2:50001"])
        #expect(home.nodes == ["10.0.0.3"])
        #expect(home.cluster == "kitchen")
    }

    @Test func `a named context wins over the current one`() throws {
        #expect(try TalosConfig(yaml: Self.two, source: "f").context(named: "work").name == "work")
    }

    @Test func `an unknown context is refused with what there is`() throws {
        let config = try TalosConfig(yaml: Self.two, source: "f")
        let problem = try #require(throws: Problem.self) { try config.context(named: "play") }
        #expect(problem.kind == .refused)
        #expect(problem.details == ["It has: home, work."])
    }

    @Test(
        arguments: [
            ("", "f"), ("[1, 2]", "f"), ("context: x", "f"), ("contexts: 3", "f"),
            ("context: x\ncontexts: {}\nkey: [secret-text", "f:4:1"),
            ("contexts:\n  a: {endpoints: ['x:y']}", "f"),
        ])
    func `what is not a talosconfig is refused and not shown`(
        text: (yaml: String, place: String)
    ) throws {
        let problem = try #require(throws: Problem.self) {
            _ = try TalosConfig(yaml: text.yaml, source: "f").context()
        }
        #expect(problem.kind == .refused)
        #expect(problem.location?.hasPrefix("f") == true)
        #expect(!"\(problem)".contains("secret-text"))
    }

    @Test func `a key never prints`() throws {
        let config = try TalosConfig(yaml: Certificates.talosconfig(), source: "f")
        var dumped = "\(config)"
        dump(config, to: &dumped)
        #expect(!dumped.contains(Certificates.base64(Certificates.key)))
    }
}
