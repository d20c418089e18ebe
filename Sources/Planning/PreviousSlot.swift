package import Model

/// What a node's other boot slot holds, as the last run that moved the node left it.
///
/// The Talos API does not tell it: META key 0x06 is gone once a version is healthy, and a booted
/// entry names only the slot that runs (`MetaKeys`, `BootedEntries` of siderolabs/talos).
package struct PreviousSlot: Sendable, Equatable {
    package var run: RunID
    /// What that run was asked for: `talos v1.9.4`.
    package var title: String
    /// What the run left the node on. It holds only as long as the node still runs it.
    package var running: Version
    package var runningSchematic: SchematicID?
    /// What `MachineService.Rollback` would boot.
    package var previous: Version
    package var previousSchematic: SchematicID?
    package var origin: Origin

    package init(
        run: RunID, title: String, running: Version, runningSchematic: SchematicID?,
        previous: Version, previousSchematic: SchematicID?, origin: Origin
    ) {
        self.run = run
        self.title = title
        self.running = running
        self.runningSchematic = runningSchematic
        self.previous = previous
        self.previousSchematic = previousSchematic
        self.origin = origin
    }

    /// How the node came to run what it runs.
    package enum Origin: Sendable, Equatable {
        case upgraded
        /// The other slot holds the newer version: the calls flip the slots.
        case rolledBack
        /// The other slot holds a version that did not boot.
        case fellBack
    }
}
