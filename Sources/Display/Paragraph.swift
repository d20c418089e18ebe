/// Running text, fitted to a width.
enum Paragraph {
    /// Breaks at blanks. A word that is longer than the width stays whole, so that paths and
    /// commands can be copied. Empty text gives no line.
    static func wrap(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var length = 0
        for word in text.split(separator: " ") {
            let size = word.count
            if length > 0, length + 1 + size > width {
                lines.append(line)
                line = ""
                length = 0
            }
            line += (length > 0 ? " " : "") + word
            length += size + (length > 0 ? 1 : 0)
        }
        return length > 0 ? lines + [line] : lines
    }

    /// Text under a label: the label on the first line, the text in a column beside it.
    static func lines(
        _ text: String, label: String = "", paint: Paint? = nil, indent: Int = 2, style: Style
    ) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let hang = String(repeating: " ", count: label.isEmpty ? 0 : label.count + 1)
        let pieces = wrap(style.line(text), to: max(style.width - indent - hang.count, 20))
        guard let first = pieces.first else { return label.isEmpty ? [] : [margin + label] }
        let head = label.isEmpty ? "" : style.paint(label, paint) + " "
        return [margin + head + first] + pieces.dropFirst().map { margin + hang + $0 }
    }

    /// `worker-1, worker-2 and 3 more`: names in a row, at most `limit` of them.
    static func list(_ names: [String], limit: Int = 8) -> String {
        guard names.count > limit else { return names.joined(separator: ", ") }
        return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) more"
    }

    /// `1 node`, `3 nodes`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
