import Foundation

/// The three ways in which time is written on the wire.
enum KubernetesTime {
    /// Reads `metav1.Time` and `MicroTime`: RFC 3339, with or without a fraction, which is dropped.
    static func parse(_ text: String) -> Date? {
        var whole = text
        if let dot = text.firstIndex(of: ".") {
            let rest = text[text.index(after: dot)...].drop { $0.isASCII && $0.isNumber }
            whole = String(text[..<dot] + rest)
        }
        return try? Date(whole, strategy: .iso8601)
    }

    /// Writes a `MicroTime`, which needs exactly six decimals.
    static func micro(_ date: Date) -> String {
        String(seconds(date).dropLast()) + ".000000Z"
    }

    /// `2026-05-01T12:00:00Z`.
    static func seconds(_ date: Date) -> String { date.formatted(.iso8601) }

    /// Reads the header `Date`: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    static func http(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, parts[3].count == 4,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return parse("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
