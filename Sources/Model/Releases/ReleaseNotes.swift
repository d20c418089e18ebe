/// What a release says of itself, cut to what an upgrader reads.
package struct ReleaseNotes: Sendable, Equatable, Codable {
    package var version: Version
    /// Where the whole text is.
    package var page: String
    package var sections: [Section]
    /// The text was longer than what is kept.
    package var isCut: Bool

    package init(version: Version, page: String, sections: [Section], isCut: Bool = false) {
        self.version = version
        self.page = page
        self.sections = sections
        self.isCut = isCut
    }

    package struct Section: Sendable, Equatable, Codable {
        package var title: String
        /// Lines of Markdown, without control characters.
        package var lines: [String]
        /// It speaks of something that goes away or must be done.
        package var isBreaking: Bool

        package init(title: String, lines: [String], isBreaking: Bool = false) {
            self.title = title
            self.lines = lines
            self.isBreaking = isBreaking
        }
    }
}
