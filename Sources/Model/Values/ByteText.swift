/// Sizes as people read them.
package enum ByteText {
    package static func text(_ bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        let isWhole = unit == 0 || value >= 10 || tenths == tenths.rounded()
        let rounded = isWhole ? "\(Int(value))" : "\(tenths)"
        return "\(rounded) \(units[unit])"
    }
}
