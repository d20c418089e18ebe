import Yams

/// Judges whether a text and its edited form mean the same but for one value.
///
/// Aliases are compared by what they stand for, so an edit that reaches other places through one
/// is found out.
struct SoleChange {
    let home: MachineConfigDocuments.Home
    let image: String
    /// Comparisons left: aliases of aliases can make a small text a very large tree.
    private var budget = 2_000_000

    init(of home: MachineConfigDocuments.Home, to image: String) {
        self.home = home
        self.image = image
    }

    /// True when `after` is `before` with the image at its home and nothing else changed.
    mutating func isAll(from before: [Node], to after: [Node]) -> Bool {
        guard before.count == after.count, before.indices.contains(home.document) else {
            return false
        }
        for (index, (old, new)) in zip(before, after).enumerated() {
            let isFine =
                index == home.document
                ? isChanged(old, new, at: home.path[...]) : isSame(old, new)
            if !isFine { return false }
        }
        return true
    }

    private mutating func isChanged(
        _ old: Node?, _ new: Node, at path: ArraySlice<String>
    ) -> Bool {
        guard let key = path.first else {
            return new.scalar?.string == image
        }
        guard case .mapping(let mapping) = new else { return false }
        var others: [(key: Node, value: Node)] = []
        switch old {
        case .mapping(let pairs): others = pairs.map { (key: $0.key, value: $0.value) }
        case .scalar where old?.nonEmptyString == nil: break
        case nil: break
        default: return false
        }
        var rest = mapping.map { (key: $0.key, value: $0.value) }
        guard let place = rest.firstIndex(where: { $0.key.string == key }) else { return false }
        let changed = rest.remove(at: place).value
        var previous: Node?
        if let place = others.firstIndex(where: { $0.key.string == key }) {
            previous = others.remove(at: place).value
        }
        guard rest.count == others.count else { return false }
        for (left, right) in zip(others, rest)
        where !isSame(left.key, right.key) || !isSame(left.value, right.value) {
            return false
        }
        return isChanged(previous, changed, at: path.dropFirst())
    }

    private mutating func isSame(_ left: Node, _ right: Node) -> Bool {
        budget -= 1
        guard budget > 0 else { return false }
        switch (left, right) {
        case (.scalar(let left), .scalar(let right)):
            return left == right
        case (.sequence(let left), .sequence(let right)):
            guard left.count == right.count else { return false }
            for (one, other) in zip(left, right) where !isSame(one, other) { return false }
            return true
        case (.mapping(let left), .mapping(let right)):
            guard left.count == right.count else { return false }
            for (one, other) in zip(left, right)
            where !isSame(one.key, other.key) || !isSame(one.value, other.value) {
                return false
            }
            return true
        default:
            return false
        }
    }
}
