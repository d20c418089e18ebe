/// Columns of text: each as wide as its widest cell, two blanks between them.
struct Table {
    /// Text and its colour. The width counts characters, not the colour's bytes.
    struct Cell {
        var text: String
        var paint: Paint?

        init(_ text: String, _ paint: Paint? = nil) {
            self.text = text
            self.paint = paint
        }
    }

    var header: [String]
    var rows: [[Cell]] = []

    /// The lines, indented by two. What does not fit in the last column goes on below it; a last
    /// column left without room begins on a line of its own. A column without any text is left out.
    func lines(_ style: Style) -> [String] {
        let all = [header.map { Cell($0, .faint) }] + rows
        let used = header.indices.filter { column in
            rows.contains { column < $0.count && !$0[column].text.isEmpty }
        }
        guard let last = used.last else { return [] }
        let widths = Dictionary(
            uniqueKeysWithValues: used.map { column in
                (
                    column,
                    all.map { column < $0.count ? style.line($0[column].text).count : 0 }.max() ?? 0
                )
            })
        let start = used.dropLast().reduce(2) { $0 + (widths[$1] ?? 0) + 2 }
        return all.flatMap { row in
            lines(of: row, used: used, last: last, widths: widths, start: start, style: style)
        }
    }

    private func lines(
        of row: [Cell], used: [Int], last: Int, widths: [Int: Int], start: Int, style: Style
    ) -> [String] {
        var line = "  "
        for column in used where column != last {
            let cell = column < row.count ? row[column] : Cell("")
            let text = style.line(cell.text)
            let gap = (widths[column] ?? 0) - text.count + 2
            line += style.paint(text, cell.paint) + String(repeating: " ", count: max(gap, 0))
        }
        let end = last < row.count ? row[last] : Cell("")
        let room = max(style.width - start, 20)
        let pieces = Paragraph.wrap(style.line(end.text), to: room)
        guard let first = pieces.first else { return [Paragraph.trimmed(line)] }
        let indent = String(repeating: " ", count: start)
        return [line + style.paint(first, end.paint)]
            + pieces.dropFirst().map { indent + style.paint($0, end.paint) }
    }
}
