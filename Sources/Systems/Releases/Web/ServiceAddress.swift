package import Model

/// Where an HTTP service is: `https://factory.talos.dev`, with a port and a path in front if need
/// be.
package struct ServiceAddress: Sendable, Hashable, CustomStringConvertible {
    package var isSecure: Bool
    /// Host, and port if it is written: `127.66.0.1:8080`.
    package var authority: String
    /// In front of every path: empty, or `/factory` without a slash at its end.
    package var prefix: String

    /// - Parameter setting: what the address was set with, for the message: `factory.url`.
    /// - Throws: a `.refused` problem when `text` is no http or https address, or holds a user,
    ///   a query or a fragment.
    package init(_ text: String, setting: String) throws(Problem) {
        guard let address = ServiceAddress(text) else {
            throw Problem(
                .refused, "\(setting) is not an address.", at: setting,
                fix: "set \(setting) to something like https://factory.example.org")
        }
        self = address
    }

    package init?(_ text: String) {
        let lower = text.lowercased()
        if lower.hasPrefix("https://") {
            isSecure = true
        } else if lower.hasPrefix("http://") {
            isSecure = false
        } else {
            return nil
        }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        guard rest.utf8.count <= 512, rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !rest.contains(where: { "?#@\\\"<>".contains($0) })
        else { return nil }
        authority = String(rest.prefix { $0 != "/" }).lowercased()
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path = path.dropLast() }
        prefix = String(path)
        guard Self.isAuthority(authority) else { return nil }
    }

    package var description: String { (isSecure ? "https://" : "http://") + registry }

    /// How image references name it: without the scheme.
    package var registry: String { authority + prefix }

    private static func isAuthority(_ text: String) -> Bool {
        var host = text[...]
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return false }
            let port = host[host.index(after: end)...]
            return end > host.index(after: host.startIndex)
                && (port.isEmpty || (port.first == ":" && isPort(port.dropFirst())))
        }
        if let colon = host.lastIndex(of: ":") {
            guard isPort(host[host.index(after: colon)...]) else { return false }
            host = host[..<colon]
        }
        return !host.isEmpty
            && host.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
                    || $0 == 95
            }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.count <= 5 && text.utf8.allSatisfy { (48...57).contains($0) }
            && (Int(text).map { (1...65_535).contains($0) } ?? false)
    }
}
