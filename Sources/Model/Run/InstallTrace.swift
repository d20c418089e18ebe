/// How far a run got with installing on a node, as its journal tells.
package struct InstallTrace: Sendable, Codable, Equatable {
    /// The boot in which the last install was begun; nil when it was not known.
    package var bootID: String?
    /// The node said that the install ended well or, in the older way, that it will be done.
    package var isComplete: Bool

    package init(bootID: String?, isComplete: Bool = false) {
        self.bootID = bootID
        self.isComplete = isComplete
    }
}
