import Model
import Planning
import Testing

struct RouteTests {
    private static let known = BundledReleases.known

    private func route(
        _ talos: Version, _ kubernetes: Version?, to wish: Route.Wish
    ) -> Route {
        Route.plan(from: ClusterVersions(talos: talos, kubernetes: kubernetes), to: wish)
    }

    private func text(_ route: Route) -> String {
        route.hops.map(\.description).joined(separator: ", ")
    }

    @Test func `Talos goes through the latest patch of each minor`() {
        let route = route(
            Version(1, 9, 2), Version(1, 32, 0), to: .init(talos: Version(1, 12, 3)))
        #expect(text(route) == "talos v1.10.9, talos v1.11.6, talos v1.12.3")
        #expect(route.findings.contains { $0.code == "hop.not-from-latest-patch" })
    }

    @Test func `etcd 3_6 needs v1_10_9 first`() {
        let route = route(
            Version(1, 10, 2), Version(1, 32, 0), to: .init(talos: Version(1, 11, 3)))
        #expect(text(route) == "talos v1.10.9, talos v1.11.3")
    }

    @Test func `Kubernetes minors are walked one at a time, also back`() {
        let up = route(
            Version(1, 9, 6), Version(1, 29, 1), to: .init(kubernetes: Version(1, 32, 2)))
        #expect(text(up) == "kubernetes 1.30.14, kubernetes 1.31.14, kubernetes 1.32.2")
        let down = route(
            Version(1, 9, 6), Version(1, 32, 2),
            to: .init(kubernetes: Version(1, 30, 0), goingBack: true))
        #expect(text(down) == "kubernetes 1.31.14, kubernetes 1.30.0")
        let old = route(
            Version(1, 9, 6), Version(1, 27, 2),
            to: .init(kubernetes: Version(1, 26, 3), goingBack: true))
        #expect(old.findings.first?.fix == "choose 1.27 or newer")
        let refused = route(
            Version(1, 9, 6), Version(1, 32, 2), to: .init(kubernetes: Version(1, 32, 0)))
        #expect(refused.findings.first?.fix == "bump rollback --kubernetes 1.32.0")
    }

    @Test func `both together go Talos first, and interleave where the matrix forces it`() {
        let first = route(
            Version(1, 11, 6), Version(1, 33, 2),
            to: .init(talos: Version(1, 12, 3), kubernetes: Version(1, 34, 2)))
        #expect(text(first) == "talos v1.12.3, kubernetes 1.34.2")
        let interleaved = route(
            Version(1, 9, 6), Version(1, 28, 0),
            to: .init(talos: Version(1, 12, 3), kubernetes: Version(1, 33, 1)))
        #expect(
            text(interleaved)
                == "talos v1.10.9, kubernetes 1.29.15, talos v1.11.6, kubernetes 1.30.14, "
                + "talos v1.12.3, kubernetes 1.31.14, kubernetes 1.32.13, kubernetes 1.33.1")
    }

    @Test(arguments: [(Version(1, 99, 0), "up to 1.37.1"), (Version(1, 20, 0), "1.24 or newer")])
    func `a Kubernetes that no known Talos runs is called that`(_ wish: Version, _ fix: String) {
        let route = route(Version(1, 9, 6), Version(1, 32, 0), to: .init(kubernetes: wish))
        #expect(route.findings.map(\.code) == ["version.unknown-series"])
        #expect(route.findings.first?.fix?.contains(fix) == true, "\(route.findings)")
    }

    @Test func `what the matrix forbids alone is refused with the command that does both`() {
        let talos = route(Version(1, 9, 6), Version(1, 28, 0), to: .init(talos: Version(1, 11, 6)))
        #expect(!talos.isPossible && talos.hops.isEmpty)
        #expect(talos.findings.first?.fix == "bump talos v1.11.6 --kubernetes 1.29.15")
        let kubernetes = route(
            Version(1, 9, 6), Version(1, 32, 0), to: .init(kubernetes: Version(1, 33, 0)))
        #expect(kubernetes.findings.first?.code == "version.kubernetes-range")
        #expect(kubernetes.findings.first?.fix == "bump talos v1.10.9 --kubernetes 1.33.0")
        let forced = route(
            Version(1, 9, 6), Version(1, 28, 0),
            to: .init(talos: Version(1, 11, 6), mayRaiseOther: true))
        #expect(text(forced) == "talos v1.10.9, kubernetes 1.29.15, talos v1.11.6")
    }

    @Test(
        arguments: [
            (Version(1, 13, 1), "version.withdrawn"), (Version(1, 15, 0), "version.unknown-series"),
            (Version(1, 8, 0), "version.downgrade"), (Version(1, 9, 9), "version.newer-than-known"),
        ])
    func `a target that is no target says why`(_ target: Version, _ code: String) {
        let route = route(Version(1, 9, 6), Version(1, 32, 0), to: .init(talos: target))
        #expect(route.findings.map(\.code).contains(code))
    }

    @Test func `an unknown Kubernetes leaves the Talos route as it is`() {
        let route = route(Version(1, 9, 6), nil, to: .init(talos: Version(1, 11, 6)))
        #expect(text(route) == "talos v1.10.9, talos v1.11.6")
    }

    @Test func `nothing to do is no hop`() {
        let here = Version(1, 9, 6)
        let route = route(here, Version(1, 32, 0), to: .init(talos: here))
        #expect(route.hops.isEmpty && route.findings.isEmpty)
    }

    /// Every Talos 1.6–1.14 with every Kubernetes 1.27–1.37, from the newest patch of each to the
    /// newest patch of each: the route is what the matrix allows, and no shorter one exists.
    @Test func `over the whole matrix each hop is legal and none is spared`() throws {
        let oracle = try RouteOracle(everyPatch: false)
        var possible = 0
        for start in oracle.starts {
            let distances = oracle.distances(from: start)
            for goal in oracle.goals where goal.talos >= start.talos {
                let route = Route.plan(
                    from: start, to: .init(talos: goal.talos, kubernetes: goal.kubernetes))
                let isWanted = (goal.kubernetes ?? goal.talos) >= (start.kubernetes ?? goal.talos)
                let best = isWanted ? distances[goal] : nil
                #expect(
                    route.isPossible == (best != nil), "\(start) to \(goal): \(route.findings)")
                guard let best else { continue }
                possible += 1
                #expect(route.hops.count == best, "\(start) to \(goal): \(route.hops)")
                try oracle.check(route, to: goal)
            }
        }
        #expect(possible > 500)
    }

    @Test func `for random starts and targets no shorter route exists`() throws {
        let oracle = try RouteOracle(everyPatch: true)
        var generator = Weyl(state: 42)
        for _ in 0..<120 {
            let start = oracle.anyState(&generator)
            let goal = oracle.anyState(&generator)
            guard goal.talos >= start.talos, let from = start.kubernetes, let to = goal.kubernetes,
                to >= from
            else { continue }
            let route = Route.plan(from: start, to: .init(talos: goal.talos, kubernetes: to))
            let best = oracle.distances(from: start)[goal]
            #expect(route.isPossible == (best != nil), "\(start) to \(goal): \(route.findings)")
            guard let best else { continue }
            #expect(route.hops.count == best, "\(start) to \(goal): \(route.hops)")
            try oracle.check(route, to: goal)
        }
    }
}

/// A small generator, so that a failure repeats.
struct Weyl: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
