/// A resource quantity: `100m`, `1.5`, `2Gi`, `1e3`.
/// Source: apimachinery `pkg/api/resource/quantity.go`.
enum Quantity {
    /// Nil for anything else.
    static func parse(_ text: String) -> Double? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        let suffix = String(text.dropFirst(number.count))
        guard let value = Double(number) else { return nil }
        if let factor = factors[suffix] { return value * factor }
        guard suffix.first == "e" || suffix.first == "E", let whole = Double(text),
            whole.isFinite
        else { return nil }
        return whole
    }

    /// In thousandths, rounded up; 0 for what is none.
    static func thousandths(_ text: String?) -> Int64 { whole(text, times: 1000) }

    /// Rounded up; 0 for what is none.
    static func whole(_ text: String?, times factor: Double = 1) -> Int64 {
        guard let value = text.flatMap(parse) else { return 0 }
        let scaled = (value * factor).rounded(.up)
        return scaled > 0 && scaled < 9e18 ? Int64(scaled) : 0
    }

    private static let factors: [String: Double] = [
        "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
        "P": 1e15, "E": 1e18, "Ki": 1024, "Mi": 1_048_576, "Gi": 1_073_741_824,
        "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
    ]
}
