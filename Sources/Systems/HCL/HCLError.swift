/// A mistake in a file, a path or an edit, with the place where it was found.
///
/// Summaries and details follow the wording of Terraform 1.11 where it has one, so that the
/// answer of `terraform plan` and ours can be told to be the same.
package struct HCLError: Error, Equatable, Sendable {
    /// One line, such as `Invalid expression`.
    package let summary: String
    /// What exactly is wrong, in sentences.
    package let detail: String
    /// The place in the text, in bytes from its start (a byte order mark counts).
    package let byteOffset: Int
    /// The line, from 1.
    package let line: Int
    /// The column, from 1, in characters (grapheme clusters) as Terraform counts them.
    package let column: Int
    /// The whole line without its line ending, for printing above a caret. Invalid UTF-8 is
    /// replaced, and a very long line is cut.
    package let sourceLine: String

    /// An error at a byte of a text.
    init(_ summary: String, _ detail: String, at offset: Int, in bytes: [UInt8]) {
        let place = SourcePlace(of: offset, in: bytes)
        self.summary = summary
        self.detail = detail
        byteOffset = offset
        line = place.line
        column = place.column
        sourceLine = place.text
    }

    /// Summary and detail in one sentence each.
    package var message: String { detail.isEmpty ? summary : "\(summary): \(detail)" }

    /// The source line with a caret below the column, ready to print.
    package var excerpt: String {
        let padding = sourceLine.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" : " " }
        return sourceLine + "\n" + padding.joined() + "^"
    }
}

/// A mistake found while parsing, before its line and column are worked out.
struct SyntaxError: Error {
    let summary: String
    let detail: String
    let offset: Int

    init(_ summary: String, _ detail: String, at offset: Int) {
        self.summary = summary
        self.detail = detail
        self.offset = offset
    }

    func located(in bytes: [UInt8]) -> HCLError {
        HCLError(summary, detail, at: offset, in: bytes)
    }
}
