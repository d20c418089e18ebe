import Testing

@testable import Model

@Suite struct `A text that is shown` {
    @Test(arguments: [
        ("key: -----BEGIN KEY-----\nabc\n-----END KEY----- end", "key: <secret> end"),
        ("cut -----BEGIN KEY-----\nabc", "cut <secret>"),
        ("client-key-data: LS0tLS1CRUdJTiBFQw==\n", "client-key-data: <secret>\n"),
        ("ca: LS0tLS1CRUdJTiBFQw== x", "ca: <secret> x"),
        ("got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, bad", "got <secret>, bad"),
        ("join abc123.0123456789abcdef now", "join <secret> now"),
        ("dial https://me:pass@host:6443/x", "dial https://me:<secret>@host:6443/x"),
        ("{\"token\":\"abc\",\"a\":1}", "{\"token\":\"<secret>\",\"a\":1}"),
        ("Authorization: Bearer abc", "Authorization: Bearer <secret>"),
        ("aescbcEncryptionSecret = \"abc\"", "aescbcEncryptionSecret = \"<secret>\""),
    ])
    func `has no secret in it`(text: String, shown: String) {
        #expect(Redaction.clean(text) == shown)
    }

    @Test(arguments: [
        "", "w-1 runs v1.9.4", "127.0.0.10:50000: connection refused", "a: b = c @ d. e - L",
        "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7"
            + "d603b4ba:v1.9.4@sha256:0123", "terraform/terraform.tfvars:3:17", "--- + ---", "eyJ",
        "user@host:/path", "the token is missing",
    ])
    func `stays as it is otherwise`(text: String) {
        #expect(Redaction.clean(text) == text)
    }

    @Test func `has none in problems, events and findings either`() {
        let problem = Problem(
            .stopped, "password=abc", details: ["token: abc"], fix: "secret=abc",
            causes: ["{\"token\":\"abc\"}"])
        let event = Event(time: 0, kind: .stepFailed, message: "token: abc", problem: problem)
        let finding = Finding(.error, "x", "password: abc")
        #expect(!"\(event) \(finding)".contains("abc"))
    }
}

@Suite struct `A reference to an installer` {
    @Test(arguments: [
        ("factory.talos.dev/metal-installer/\(SchematicID.empty):v1.9.4", "metal-installer"),
        (
            "registry:5000/a/b/installer-secureboot/\(SchematicID.empty):v1.10.0@sha256:00",
            "installer-secureboot"
        ),
        ("ghcr.io/siderolabs/installer:v1.9.4", "installer"),
    ])
    func `is taken apart and put together again`(reference: String, name: String) throws {
        let image = try #require(InstallerImage(reference))
        #expect(image.name == name)
        #expect(image.description == reference.prefix { $0 != "@" })
    }

    @Test(arguments: [
        "", "installer", "a/installer", "a/installer:", "/installer:v1", "a:1/installer",
        "a/b:v1", "\(SchematicID.empty):v1", "a/\(SchematicID.empty):v1",
    ])
    func `is nothing else`(reference: String) {
        #expect(InstallerImage(reference) == nil)
    }
}
