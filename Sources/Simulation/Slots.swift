package import Model

/// The two systems on a machine's disk.
package struct Slots: Sendable, Codable, Equatable {
    package var a: Slot?
    package var b: Slot?
    /// What the next boot runs.
    package var active: Label
    /// What the machine runs now; not `active` between an install and its boot.
    package var running: Label
    /// What a rollback boots; nil when there is no previous system.
    package var fallback: Label?

    package init(_ first: Slot) {
        a = first
        active = .a
        running = .a
    }

    package subscript(label: Label) -> Slot? {
        get { label == .a ? a : b }
        set { if label == .a { a = newValue } else { b = newValue } }
    }

    /// Writes beside the boot default and makes it the new one, as the installer does. A second
    /// time without a boot between, this overwrites the running system.
    /// Source: Talos boot loader code, `facts` on A/B slots.
    mutating func install(_ slot: Slot) {
        let target = active.other
        fallback = active
        self[target] = slot
        active = target
    }

    /// The name of a slot.
    package enum Label: String, Sendable, Codable {
        case a = "A"
        case b = "B"
        package var other: Label { self == .a ? .b : .a }
    }

    /// One installed system.
    package struct Slot: Sendable, Codable, Equatable {
        package var version: Version
        package var image: String
        package var schematic: SchematicID?
        package var extensions: [ExtensionFact]

        package init(
            version: Version, image: String, schematic: SchematicID?, extensions: [ExtensionFact]
        ) {
            self.version = version
            self.image = image
            self.schematic = schematic
            self.extensions = extensions
        }
    }
}
