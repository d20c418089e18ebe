import Testing

@testable import Model

@Suite struct `A version` {
    @Test(arguments: [
        ("v1.9.4", Version(1, 9, 4)), ("1.32.0", Version(1, 32, 0)),
        ("v1.13.0-rc.1", Version(1, 13, 0, prerelease: "rc.1")),
        ("1.2.3+build.5", Version(1, 2, 3)), ("999999.0.10", Version(999_999, 0, 10)),
        ("1.2.3-rc.1+b-2", Version(1, 2, 3, prerelease: "rc.1")), ("v0.14.0", Version(0, 14, 0)),
    ])
    func `is read with and without the v`(text: String, version: Version) {
        #expect(Version(text) == version)
    }

    @Test(arguments: [
        "v1.9", "1.9.4.1", "latestt", "", "v", "1..2", "v01.2.3", "1.2.x", "-1.2.3", "1.2.3-",
        "1.2.3-a..b", "999999999999999999999.1.1", "１.2.3", "vv1.2.3", "1.2.3 ", "1234567.0.0",
        "1.2-3.4", "+", "v+1.2.3", "1.2.3-+x", "1.2.+3", "1.2.3.", "1.2.", "v1.2.3-rc\u{301}",
    ])
    func `is refused when it is anything else`(text: String) {
        #expect(Version(text) == nil)
    }

    @Test func `orders numerically and puts pre-releases first`() {
        let ordered = [
            "1.9.9", "1.10.0-alpha.1", "1.10.0-alpha.10", "1.10.0-rc.1", "1.10.0", "1.10.1",
        ]
        .compactMap { Version($0) }
        #expect(ordered.shuffled().sorted() == ordered)
    }

    @Test func `is written in both manners`() {
        let version = Version(1, 9, 4, prerelease: "rc.1")
        #expect(version.tag == "v1.9.4-rc.1")
        #expect(version.number == "1.9.4-rc.1")
        #expect(version.series.description == "1.9")
    }
}

@Suite struct `Natural order` {
    @Test func `puts worker-2 before worker-10`() {
        let names: [NodeName] = ["w-1", "w-2", "w-10", "w-10b", "x"]
        #expect(names.shuffled().sorted() == names)
    }

    @Test(arguments: [("a1", "a01"), ("a", "a1"), ("", "a"), ("a007b", "a7c")])
    func `is strict and total`(left: String, right: String) {
        #expect(NaturalOrder.precedes(left, right) != NaturalOrder.precedes(right, left))
        #expect(!NaturalOrder.precedes(left, left))
    }
}

@Suite struct `An installer image` {
    static let id = String(repeating: "ab", count: 32)

    @Test(arguments: [
        ("factory.talos.dev/metal-installer/\(id):v1.10.1", "factory.talos.dev", "metal-installer"),
        ("registry.local:5000/x/installer/\(id):v1.9.4", "registry.local:5000/x", "installer"),
    ])
    func `is taken apart and put together again`(text: String, host: String, name: String) throws {
        let image = try #require(InstallerImage(text))
        #expect(image.host == host)
        #expect(image.name == name)
        #expect(image.schematic?.text == Self.id)
        #expect(image.description == text)
    }

    @Test func `of the generic kind has no schematic, and a digest is dropped`() throws {
        let image = try #require(InstallerImage("ghcr.io/siderolabs/installer:v1.9.2@sha256:00"))
        #expect(image.schematic == nil)
        #expect(image.tag == "v1.9.2")
    }

    @Test(arguments: [
        "", "installer", "nginx:1", "host:5000/installer", "factory.talos.dev/a/b:v1",
    ])
    func `is refused when it is none`(text: String) {
        #expect(InstallerImage(text) == nil)
    }
}
