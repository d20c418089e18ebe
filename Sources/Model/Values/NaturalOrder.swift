/// The order people expect of names with numbers in them: `node-2` before `node-10`.
package enum NaturalOrder {
    /// Whether `left` comes before `right`. A strict total order: texts that differ only in
    /// leading zeros fall back to byte order.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        var a = left.utf8[...]
        var b = right.utf8[...]
        while let x = a.first, let y = b.first {
            if isDigit(x), isDigit(y) {
                let m = a.prefix(while: isDigit).drop { $0 == 48 }
                let n = b.prefix(while: isDigit).drop { $0 == 48 }
                if m.count != n.count { return m.count < n.count }
                if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
                a = a.drop(while: isDigit)
                b = b.drop(while: isDigit)
            } else {
                if x != y { return x < y }
                a = a.dropFirst()
                b = b.dropFirst()
            }
        }
        if a.isEmpty && b.isEmpty { return left < right }
        return a.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
