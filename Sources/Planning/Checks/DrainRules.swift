import Model

/// What the forecast of the drains says, as findings.
struct DrainRules {
    let outlooks: [DrainOutlook]

    func findings() -> [Finding] { blocked() + bare() + homeless() + scratch() + single() }

    /// One finding for each budget on each node, since that is what has to be changed.
    private func blocked() -> [Finding] {
        outlooks.flatMap { outlook -> [Finding] in
            var seen: [String] = []
            return outlook.blocked.compactMap { blocked in
                let key = blocked.budget ?? blocked.pod.description
                guard !seen.contains(key) else { return nil }
                seen.append(key)
                let count = outlook.blocked.filter { $0.budget == blocked.budget }.count
                let more = blocked.budget == nil || count == 1 ? "" : " (and \(count - 1) more)"
                return Finding(
                    .error, "drain.blocked",
                    "Draining \(outlook.node) would hang on pod \(blocked.pod)\(more): "
                        + "\(blocked.reason).", at: blocked.budget ?? blocked.pod.description,
                    fix: blocked.fix)
            }
        }
    }

    private func bare() -> [Finding] {
        outlooks.filter { !$0.bare.isEmpty }.map { outlook in
            let pods = Listing.names(outlook.bare.map(\.description))
            return Finding(
                .warning, "drain.bare-pod",
                "Draining \(outlook.node) deletes for good what no controller makes again: \(pods).",
                at: outlook.node.text,
                fix: "make a Deployment of what you want to keep")
        }
    }

    private func homeless() -> [Finding] {
        outlooks.flatMap { outlook -> [Finding] in
            let tied = outlook.homeless.filter(\.hasLocalVolume)
            let rest = outlook.homeless.filter { !$0.hasLocalVolume }
            var found: [Finding] = []
            if !tied.isEmpty {
                let pods = Listing.names(tied.map(\.pod.description))
                found.append(
                    Finding(
                        .note, "drain.local-volume",
                        "Their volumes exist on \(outlook.node) only, so they wait for it: \(pods).",
                        at: outlook.node.text))
            }
            if let first = rest.first {
                let pods = Listing.names(rest.map(\.pod.description))
                found.append(
                    Finding(
                        .note, "drain.no-room",
                        "No other node has a place for what runs on \(outlook.node), so it waits: "
                            + "\(pods) (\(first.reason)).", at: outlook.node.text))
            }
            return found
        }
    }

    private func scratch() -> [Finding] {
        outlooks.filter { !$0.scratch.isEmpty }.map { outlook in
            Finding(
                .note, "drain.scratch",
                "Draining \(outlook.node) ends what these keep in an emptyDir: "
                    + "\(Listing.names(outlook.scratch.map(\.description))).",
                at: outlook.node.text)
        }
    }

    private func single() -> [Finding] {
        let names = Set(outlooks.flatMap(\.single)).sorted()
        guard !names.isEmpty else { return [] }
        return [
            Finding(
                .note, "drain.single-replica",
                "Each with one replica, away for a moment while it moves: "
                    + "\(Listing.names(names)).")
        ]
    }
}
