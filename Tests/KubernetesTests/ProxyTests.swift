import Model
import Testing

@testable import Kubernetes

struct ProxyTests {
    @Test(
        arguments: [
            ("https://10.0.0.1:6443", ["HTTPS_PROXY": "http://p:3128"], "p"),
            ("https://10.0.0.1:6443", ["https_proxy": "p"], "p"),
            ("https://10.0.0.1:6443", ["HTTP_PROXY": "http://p:3128"], nil),
            ("http://10.0.0.1:6443", ["HTTP_PROXY": "http://p:3128"], "p"),
            ("https://10.0.0.1:6443", ["HTTPS_PROXY": "socks5://p"], "p"),
            ("https://127.0.0.9:6443", ["HTTPS_PROXY": "p"], nil),
            ("https://[::1]:6443", ["HTTPS_PROXY": "p"], nil),
            ("https://localhost", ["HTTPS_PROXY": "p"], nil),
            ("https://10.0.0.1", ["HTTPS_PROXY": "p", "NO_PROXY": "*"], nil),
            ("https://10.0.0.1", ["HTTPS_PROXY": "p", "NO_PROXY": "a, 10.0.0.1"], nil),
            ("https://10.0.0.1", ["HTTPS_PROXY": "p", "NO_PROXY": "10.0.0.1:443"], nil),
            ("https://10.0.0.1", ["HTTPS_PROXY": "p", "NO_PROXY": "10.0.0.1:6443"], "p"),
            ("https://10.9.0.1", ["HTTPS_PROXY": "p", "no_proxy": "10.0.0.0/8"], nil),
            ("https://11.9.0.1", ["HTTPS_PROXY": "p", "no_proxy": "10.0.0.0/8,10.0.0.0/99"], "p"),
            ("https://[fd00::5]", ["HTTPS_PROXY": "p", "no_proxy": "fd00::/64"], nil),
            ("https://[fd00::5]", ["HTTPS_PROXY": "p", "no_proxy": "fd00::5"], nil),
            ("https://k.example.com", ["HTTPS_PROXY": "p", "NO_PROXY": "example.com"], nil),
            ("https://k.example.com", ["HTTPS_PROXY": "p", "NO_PROXY": ".example.com"], nil),
            ("https://k.example.com", ["HTTPS_PROXY": "p", "NO_PROXY": "*.example.com"], nil),
            ("https://example.com", ["HTTPS_PROXY": "p", "NO_PROXY": ".example.com"], "p"),
            ("https://badexample.com", ["HTTPS_PROXY": "p", "NO_PROXY": "example.com"], "p"),
            ("https://K.Example.com", ["HTTPS_PROXY": "p", "NO_PROXY": "k.eXample.com"], nil),
            ("https://a", ["HTTPS_PROXY": "", "NO_PROXY": ",,"], nil),
        ] as [(String, [String: String], String?)])
    func `the environment's proxy is used as kubectl uses it`(
        server: String, environment: [String: String], host: String?
    ) throws {
        let address = try #require(ServerAddress(server, secureByDefault: true))
        #expect(try ProxyEnvironment(environment).proxy(for: address)?.host == host)
    }

    @Test func `a proxy may ask for a password, which no message shows`() throws {
        let address = try #require(ServerAddress("https://a", secureByDefault: true))
        let proxy = try ProxyEnvironment(["HTTPS_PROXY": "http://u:hunter2@p:1"])
            .proxy(for: address)
        #expect(proxy?.login == "u:hunter2")
        let problem = #expect(throws: Problem.self) {
            _ = try ProxyEnvironment(["HTTPS_PROXY": "https://u:hunter2@p:1"]).proxy(for: address)
        }
        #expect(!"\(problem.map { "\($0)" } ?? "")".contains("hunter2"))
    }
}
