/// One way to break a cluster, and what `bump check` has to say of it.
struct Breakage: Sendable {
    /// The code of the finding.
    var code: String
    var severity: String
    /// In its summary.
    var words: [String]
    var acts: [Act]
    /// Undo it, beside healing and taking away what was applied.
    var mends: [Act]

    init(
        _ code: String, _ severity: String = "error", _ words: String..., by acts: [Act],
        mends: [Act] = []
    ) {
        self.code = code
        self.severity = severity
        self.words = words
        self.acts = acts
        self.mends = mends
    }

    static func fault(
        _ name: String, _ node: String?, _ code: String, _ word: String,
        _ severity: String = "error"
    ) -> Breakage {
        Breakage(code, severity, word, by: [.fault(name, node)])
    }

    /// What somebody does to a cluster or its repository.
    enum Act: Sendable {
        case fault(String, String?)
        /// Objects, gone again at the end.
        case apply(String)
        /// Objects, there to stay.
        case put(String)
        /// The merge patch of an object's status: `demo pod/sick`, namespace first, or only a name.
        case status(of: String, String)
        case kubectl(String)
        case write(String, String)
        /// In a file of the repository.
        case replace(String, with: String, in: String)
        case append(String, to: String)
        case remove(String)
        case git(String)
        case credentials(String)
        /// A run that ends with exit code 1.
        case bumpStopped([String])
        case bump([String])
        /// The same, tried until it goes.
        case bumpSoon([String])
        case heal
        case destroy(String)
    }
}

/// Breakages that are there at the same time.
struct Wave: Sendable {
    var title: String
    var breakages: [Breakage]
    /// Other findings that are right beside them.
    var also: [String] = []
    /// Whether the cluster can be as before again.
    var isMended = true
}

/// What tests read of `bump check --json`.
struct CheckDocument: Decodable {
    struct Finding: Decodable, Hashable, CustomStringConvertible {
        var code: String
        var severity: String
        var summary: String
        var fix: String?

        var description: String { "\(severity) \(code): \(summary)" }
    }

    var findings: [Finding]
}
