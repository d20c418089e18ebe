package import HCL
package import Model

extension Problem {
    /// What the reader or the editor says about a file: its place, the line and a caret.
    ///
    /// - Parameter fix: Nil when the file itself has to be corrected.
    package init(_ error: HCLError, in name: String, fix: String? = nil) {
        self.init(
            .refused, "\(error.summary).", at: "\(name):\(error.line):\(error.column)",
            details: Self.lines(of: error), fix: fix ?? "Correct line \(error.line) of \(name).")
    }

    /// What the reader says about a path or an expression that somebody typed.
    package init(typed error: HCLError, fix: String) {
        self.init(.usage, "\(error.summary).", details: Self.lines(of: error), fix: fix)
    }

    private static func lines(of error: HCLError) -> [String] {
        error.excerpt.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            + (error.detail.isEmpty ? [] : [error.detail])
    }
}
