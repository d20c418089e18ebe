import Model

/// A tfvars file and its history, as far as invariant I7 needs them.
struct SimulatedRepository: Sendable, Equatable {
    /// What the file in the work tree says.
    private(set) var declared: String
    /// What HEAD says.
    private(set) var committed: String
    /// Messages of our commits, oldest first.
    private(set) var commits: [String] = []

    init(declared: String) {
        self.declared = declared
        committed = declared
    }

    mutating func edit(from old: String, to new: String) throws {
        if declared == new { return }
        guard declared == old else {
            throw Problem(.refused, "talos_version is \(declared), neither \(old) nor \(new).")
        }
        declared = new
    }

    /// Gives a word for the commit; when HEAD holds this already, nothing is committed.
    mutating func commit(_ message: String) -> String {
        if committed != declared {
            committed = declared
            commits.append(message)
        }
        return "c\(commits.count)"
    }
}
