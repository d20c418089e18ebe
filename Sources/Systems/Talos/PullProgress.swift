import TalosAPI

/// Turns the progress of an image's layers into a line now and then.
struct PullProgress {
    private var layers: [String: (offset: Int64, total: Int64)] = [:]
    private var lastTenth: Int64 = 0

    /// A line to show for this message, if it is worth one: at each tenth, and at the end.
    mutating func take(_ message: Machine_ImageServicePullResponse.OneOf_Response?) -> String? {
        switch message {
        case .name(let name):
            return "pulled \(name)"
        case .pullProgress(let step):
            guard step.progress.status == .downloading, step.progress.total > 0 else { return nil }
            let total = min(step.progress.total, Self.mostBytes)
            layers[step.layerID] = (min(max(step.progress.offset, 0), total), total)
            return line()
        case nil:
            return nil
        }
    }

    /// More than any layer has; keeps sums far from overflow.
    private static let mostBytes: Int64 = 1 << 40

    private mutating func line() -> String? {
        let total = layers.values.reduce(0) { $0 &+ $1.total }
        let done = layers.values.reduce(0) { $0 &+ $1.offset }
        guard total > 0 else { return nil }
        let tenth = done / max(total / 10, 1)
        guard tenth > lastTenth else { return nil }
        lastTenth = tenth
        return "pulling: \(done / 1_000_000) of \(total / 1_000_000) MB"
    }
}
