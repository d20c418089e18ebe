import Foundation
import Model

/// The proxy that the environment asks for where the kubeconfig names none.
/// Rules: Go's `golang.org/x/net/http/httpproxy`, which client-go follows.
struct ProxyEnvironment: Sendable {
    private let values: [String: String]

    init(_ environment: [String: String]) {
        values = environment
    }

    /// Nil when the server is to be reached directly.
    ///
    /// - Throws: `.refused` when the proxy's address is of no supported kind.
    func proxy(for server: ServerAddress) throws -> ProxyAddress? {
        let name = server.isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"
        guard let text = value(of: name), !isExcepted(server) else { return nil }
        let whole = text.contains("://") ? text : "http://\(text)"
        guard let address = ProxyAddress(whole) else {
            throw Problem(
                .refused, "\(name) is not the address of an HTTP or SOCKS5 proxy.",
                at: "environment variable \(name)",
                fix: "Set it to http://HOST:PORT, or leave the cluster out: "
                    + "export NO_PROXY=\(server.host)")
        }
        return address
    }

    private func value(of name: String) -> String? {
        for name in [name, name.lowercased()] {
            if let text = values[name], !text.isEmpty { return text }
        }
        return nil
    }

    /// The machine itself, and what `NO_PROXY` lists: addresses, networks (`10.0.0.0/8`), names
    /// with all below them (`example.com`), only those below (`.example.com`), each with or
    /// without a port, and `*` for all.
    private func isExcepted(_ server: ServerAddress) -> Bool {
        let host = server.host.lowercased()
        let address = IPAddress(host)
        if host == "localhost" || address?.isLoopback == true { return true }
        let port = server.port ?? (server.isSecure ? 443 : 80)
        for entry in (value(of: "NO_PROXY") ?? "").lowercased().split(separator: ",") {
            let entry = entry.trimmingCharacters(in: .whitespaces)
            if entry == "*" { return true }
            let network = entry.split(separator: "/", omittingEmptySubsequences: false)
            if network.count == 2, let base = IPAddress(String(network[0])),
                let bits = Int(network[1])
            {
                if address?.isInside(base, bits: bits) == true { return true }
                continue
            }
            guard
                let place = ServerAddress("https://\(Self.bracketed(entry))", secureByDefault: true)
            else { continue }
            if let only = place.port, only != port { continue }
            if let exact = IPAddress(place.host) {
                if exact == address { return true }
                continue
            }
            let name = place.host.hasPrefix("*") ? String(place.host.dropFirst()) : place.host
            if name.hasPrefix(".")
                ? host.hasSuffix(name) : host == name || host.hasSuffix(".\(name)")
            {
                return true
            }
        }
        return false
    }

    private static func bracketed(_ entry: String) -> String {
        IPAddress(entry)?.bytes.count == 16 ? "[\(entry)]" : entry
    }
}

/// An IPv4 or IPv6 address by its bytes.
struct IPAddress: Sendable, Equatable {
    var bytes: [UInt8]

    init?(_ text: String) {
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = sixteen
        } else {
            return nil
        }
    }

    var isLoopback: Bool {
        bytes.count == 4
            ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    func isInside(_ network: IPAddress, bits: Int) -> Bool {
        guard network.bytes.count == bytes.count, (0...bytes.count * 8).contains(bits) else {
            return false
        }
        for index in bytes.indices {
            let left = min(max(bits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> left)
            if bytes[index] & mask != network.bytes[index] & mask { return false }
        }
        return true
    }
}
