import Model

/// Cuts release notes to what an upgrader reads: what changed, without who changed it.
enum NotesReader {
    static func notes(_ version: Version, _ markdown: String, page: String) -> ReleaseNotes {
        var sections: [ReleaseNotes.Section] = []
        var title = ""
        var lines: [String] = []
        var isDetail = false
        var isCut = false
        func finish() {
            while lines.last?.isEmpty ?? false { lines.removeLast() }
            defer { lines = [] }
            guard !lines.isEmpty, !isSkipped(title) else { return }
            guard sections.count < mostSections else {
                isCut = true
                return
            }
            let kept = Array(lines.prefix(mostLines))
            isCut = isCut || kept.count < lines.count
            sections.append(
                ReleaseNotes.Section(
                    title: title, lines: kept, isBreaking: isBreaking(title, kept)))
        }
        for raw in markdown.prefix(largest).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        {
            let line = visible(raw)
            let lower = line.lowercased()
            if lower.hasPrefix("<details") { isDetail = true }
            if !isDetail, line.hasPrefix("#") {
                finish()
                title = String(line.drop { $0 == "#" || $0 == " " })
            } else if !isDetail, !(line.isEmpty && lines.isEmpty) {
                lines.append(line)
            }
            if lower.contains("</details>") { isDetail = false }
        }
        finish()
        return ReleaseNotes(version: version, page: page, sections: sections, isCut: isCut)
    }

    /// One line without control characters and blanks behind it, and not without end.
    private static func visible(_ line: Substring) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(2000)
        where scalar.value >= 32 && !(127..<160).contains(scalar.value) {
            kept.append(scalar)
        }
        var text = String(kept)
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func isSkipped(_ title: String) -> Bool {
        let lower = title.lowercased()
        return skipped.contains { lower.hasPrefix($0) }
    }

    private static func isBreaking(_ title: String, _ lines: [String]) -> Bool {
        let text = ([title] + lines).joined(separator: " ").lowercased()
        return alarming.contains { text.contains($0) }
    }

    private static let skipped = [
        "contributors", "changes", "dependency changes", "previous release", "downloads", "images",
        "component updates",
    ]

    private static let alarming = [
        "breaking", "removed", "no longer", "deprecat", "before upgrading", "must be",
        "upgrade note",
        "not supported", "action required", "dropped",
    ]

    private static let largest = 400_000
    private static let mostSections = 60
    private static let mostLines = 60
}
