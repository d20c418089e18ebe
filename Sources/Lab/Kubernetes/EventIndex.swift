import Model

/// Finds a Kubernetes Event that says the same, and the oldest ones, without listing all of them.
struct EventIndex: Sendable {
    private var known: [Happening: ObjectKey] = [:]
    /// In the order in which they were made.
    private var order: [(happening: Happening, key: ObjectKey)] = []

    /// What makes two events the same.
    struct Happening: Sendable, Hashable {
        var uid: String
        var reason: String
        var message: String
    }

    init() {}

    func key(of happening: Happening) -> ObjectKey? { known[happening] }

    mutating func note(_ happening: Happening, at key: ObjectKey) {
        known[happening] = key
        order.append((happening, key))
    }

    /// Takes the oldest out once there are more than `limit`, fifty in a go.
    mutating func takeOldest(beyond limit: Int) -> [ObjectKey] {
        guard order.count > limit + 50 else { return [] }
        let oldest = order.prefix(order.count - limit)
        order.removeFirst(oldest.count)
        for (happening, key) in oldest where known[happening] == key {
            known[happening] = nil
        }
        return oldest.map(\.key)
    }
}
