import Testing

@testable import Talos

struct EndpointTests {
    @Test(
        arguments: [
            ("10.0.0.1", "10.0.0.1:50000"), ("cp.example.org", "cp.example.org:50000"),
            ("10.0.0.1:50001", "10.0.0.1:50001"), ("fd00::1", "[fd00::1]:50000"),
            ("[fd00::1]", "[fd00::1]:50000"), ("[fd00::1]:6000", "[fd00::1]:6000"),
            ("https://talos.example.org", "talos.example.org:443"),
            ("https://talos.example.org:8443/", "talos.example.org:8443"),
        ])
    func `every form of endpoint is read`(text: String, expected: String) {
        #expect(Endpoint(text)?.description == expected)
    }

    @Test(
        arguments: [
            "", ":50000", "host:", "host:port", "host:70000", "host:0", "[fd00::1", "[fd00::1]x",
            "http://host", "https://host/path", "a host",
        ])
    func `what is not an endpoint is refused`(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
