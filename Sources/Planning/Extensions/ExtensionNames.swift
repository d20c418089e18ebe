package import Model

/// The names of system extensions: short and full, renamed, mistyped.
package struct ExtensionNames: Sendable {
    private let catalog: ExtensionCatalog
    private let known: Set<String>

    /// - Parameter catalog: what exists for the Talos version that the names are for.
    package init(_ catalog: ExtensionCatalog) {
        self.catalog = catalog
        known = Set(catalog.names)
    }

    /// `siderolabs/iscsi-tools` of `iscsi-tools`; a name with a path stays as it is.
    package static func full(_ name: String) -> String {
        name.contains("/") ? name : prefix + name
    }

    /// `iscsi-tools` of `siderolabs/iscsi-tools`; other publishers' names stay whole.
    package static func short(_ name: String) -> String {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// What became of one name.
    package enum Resolution: Sendable, Equatable {
        /// The full name.
        case found(String)
        /// It is called otherwise for this Talos version. Full names.
        case renamed(from: String, to: String)
        /// Short names that come near, best first, and what else is to be said.
        case unknown(near: [String], remark: String?)
    }

    /// Looks a short or full name up; letter case and blanks around it do not matter.
    package func resolve(_ text: String) -> Resolution {
        let name = Self.full(text.split(separator: " ").joined(separator: " ").lowercased())
        if known.contains(name) { return .found(name) }
        let short = Self.short(name)
        if let new = ExtensionRename.table[short].map(Self.full), known.contains(new) {
            return .renamed(from: name, to: new)
        }
        let older = ExtensionRename.table.filter {
            $0.value == short && known.contains(Self.full($0.key))
        }
        .keys.sorted()
        let near = older + near(short).filter { !older.contains($0) }
        return .unknown(near: Array(near.prefix(3)), remark: remark(on: short))
    }

    /// All of them: full names in the order given, each once, and what is to be said: a note for
    /// each rename, an error for each unknown name.
    package func resolve(_ texts: [String]) -> (names: [String], findings: [Finding]) {
        var names: [String] = []
        var findings: [Finding] = []
        for text in texts {
            switch resolve(text) {
            case .found(let name):
                if !names.contains(name) { names.append(name) }
            case .renamed(let old, let new):
                if !names.contains(new) { names.append(new) }
                findings.append(
                    Finding(
                        .note, "extension.renamed",
                        "\(Self.short(old)) is called \(Self.short(new)) in Talos "
                            + "\(catalog.talos.series)."))
            case .unknown(let near, let remark):
                findings.append(unknown(text, near: near, remark: remark))
            }
        }
        return (names, findings)
    }

    private func unknown(_ text: String, near: [String], remark: String?) -> Finding {
        let source =
            switch catalog.origin {
            case .factory(let address): "the list of \(address)"
            case .bundled: "the bundled list"
            }
        return Finding(
            .error, "extension.unknown",
            "There is no extension \(String(text.prefix(80))) for Talos \(catalog.talos) in "
                + "\(source)." + (remark.map { " \($0)" } ?? ""),
            fix: near.isEmpty
                ? "see the names: bump extensions list --available"
                : "did you mean \(Self.either(near))?")
    }

    private static func either(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    private func remark(on short: String) -> String? {
        let series = BundledExtensions.series(having: short)
        guard let first = series.first, let last = series.last else { return nil }
        if first > catalog.talos.series { return "It exists from Talos \(first) on." }
        if last < catalog.talos.series { return "It exists up to Talos \(last)." }
        return nil
    }

    /// Names within a few typing errors, then those that hold the text or are held by it.
    private func near(_ short: String) -> [String] {
        guard (2...64).contains(short.count) else { return [] }
        let limit = max(2, short.count / 4)
        let candidates = catalog.names.map(Self.short)
        let typed = candidates.compactMap { name -> (name: String, distance: Int)? in
            let distance = EditDistance.between(short, name, limit: limit)
            return distance.map { (name, $0) }
        }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.map(\.name)
        let holding = candidates.filter {
            short.count >= 3 && ($0.contains(short) || short.contains($0)) && !typed.contains($0)
        }
        return typed + holding.sorted()
    }

    private static let prefix = "siderolabs/"
}

/// How many typing errors lie between two words.
enum EditDistance {
    /// Insertions, deletions, replacements and swaps of neighbours; nil when more than `limit`.
    static func between(_ left: String, _ right: String, limit: Int) -> Int? {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        guard abs(a.count - b.count) <= limit else { return nil }
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            before = last
            last = row
        }
        return last[b.count] <= limit ? last[b.count] : nil
    }
}
