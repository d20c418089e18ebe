extension Dictionary {
    /// Writes one property of a value in its place; nothing when the key is not there. Optional
    /// chaining would move the whole value out and in again, which is slow for large values.
    @inline(__always)
    mutating func set<Property>(
        _ property: WritableKeyPath<Value, Property>, of key: Key, to new: Property
    ) {
        guard let index = index(forKey: key) else { return }
        values[index][keyPath: property] = new
    }
}
