/// A place where a Talos API answers.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name or an IP address, without brackets.
    package var host: String
    package var port: Int

    /// The port of apid on every node.
    package static let apiPort = 50000

    package init(host: String, port: Int = Endpoint.apiPort) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port`, `[IPv6]:port`, a bare IPv6 address or `https://host[:port]`.
    /// Without a port it is 50000, behind `https://` 443. Nil for anything else.
    package init?(_ text: String) {
        var rest = Substring(text)
        var port = Self.apiPort
        if rest.hasPrefix("https://") {
            rest = rest.dropFirst("https://".count)
            port = 443
            if rest.hasSuffix("/") { rest = rest.dropLast() }
        }
        var host = rest
        var digits: Substring?
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[rest.index(after: rest.startIndex)..<end]
            let tail = rest[rest.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            digits = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = rest.firstIndex(of: ":"), colon == rest.lastIndex(of: ":") {
            host = rest[..<colon]
            digits = rest[rest.index(after: colon)...]
        }
        if let digits {
            guard let number = UInt16(digits), number > 0 else { return nil }
            port = Int(number)
        }
        guard !host.isEmpty,
            !host.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "[" || $0 == "]" })
        else { return nil }
        self.init(host: String(host), port: port)
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
