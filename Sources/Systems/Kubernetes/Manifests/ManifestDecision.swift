import Model

/// What is to be done about one manifest.
struct ManifestDecision: Sendable {
    /// As it will be applied: with the annotation, without fields that are left to others.
    var object: ManifestObject
    /// As it was given.
    let original: ManifestObject
    var path = ""
    /// How an inventory names it.
    var entry = ""
    /// Takes over fields, which then are only Talos's own of former times.
    var isForced = false
    /// `.data.Corefile is managed by flux and stays as it is`
    var yielded: [String] = []
    var verdict = Verdict.later

    enum Verdict: Sendable, Equatable {
        /// Its kind is not served yet.
        case later
        case create
        case change
        case same
        /// Not applied at all, and why.
        case left(String)

        /// Judges a dry run, by everything but what the server counts itself.
        static func apply(from current: JSONValue?, to result: JSONValue) -> Verdict {
            guard let current else { return .create }
            return plain(current) == plain(result) ? .same : .change
        }

        var word: String { self == .create ? "created" : "changed" }

        private static func plain(_ object: JSONValue) -> JSONValue {
            var copy = object
            for field in ["managedFields", "resourceVersion", "generation"] {
                copy["metadata"]?[field] = nil
            }
            copy["status"] = nil
            return copy
        }
    }

    init(object: ManifestObject) {
        self.object = object
        original = object
    }

    var isLeft: Bool { if case .left = verdict { true } else { false } }
    var isSame: Bool { verdict == .same }

    /// Marks the object as the inventory's.
    mutating func annotate() {
        var annotations = object.body["metadata", "annotations"]?.object ?? [:]
        annotations[ManifestInventory.annotation] = .string(ManifestInventory.name)
        object.body["metadata"]?["annotations"] = .object(annotations)
    }

    /// Leaves others' fields to them and takes over those that are Talos's own by another name.
    /// False when there is nothing to yield to, or no way to: then the verdict says so.
    mutating func yield(to conflicts: [FieldConflict]) -> Bool {
        guard !conflicts.isEmpty else { return false }
        let foreign = conflicts.filter { !$0.isOwn }
        for conflict in foreign {
            guard object.body.remove(field: conflict.field[...]) else {
                verdict = .left("\(conflict.manager) manages \(conflict.field)")
                return false
            }
            yielded.append(
                "\(conflict.field) is managed by \(conflict.manager) and stays as it is")
        }
        if foreign.count < conflicts.count { isForced = true }
        return true
    }
}

/// Counts what was done, for the word at the end.
struct ManifestSummary: Sendable {
    private var counts: [(word: String, count: Int)] = []
    private var total = 0
    private var others: Set<String> = []
    var removed = 0
    var kept = 0

    mutating func count(_ decision: ManifestDecision) {
        total += 1
        let word: String
        switch decision.verdict {
        case .create: word = "created"
        case .change: word = "changed"
        case .same, .later: word = "as they were"
        case .left: word = "left alone"
        }
        if let index = counts.firstIndex(where: { $0.word == word }) {
            counts[index].count += 1
        } else {
            counts.append((word, 1))
        }
        if !decision.yielded.isEmpty || decision.isLeft { others.insert(decision.object.key.title) }
    }

    /// `11 objects: 2 changed, 9 as they were; others manage parts of ConfigMap kube-system/coredns`
    var text: String {
        let order = ["created", "changed", "as they were", "left alone"]
        var parts = order.compactMap { word in
            counts.first { $0.word == word }.map { "\($0.count) \($0.word)" }
        }
        if removed > 0 { parts.append("\(removed) removed") }
        if kept > 0 { parts.append("\(kept) no longer rendered but kept") }
        let line = "\(total) \(total == 1 ? "object" : "objects"): " + parts.joined(separator: ", ")
        guard !others.isEmpty else { return line }
        return line + "; others manage parts of " + others.sorted().joined(separator: ", ")
    }
}
