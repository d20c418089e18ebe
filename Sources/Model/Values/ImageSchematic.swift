/// The recipe of a Talos image: what an Image Factory builds an installer from.
///
/// The members are in the order of the factory's canonical text. Lists keep their order and their
/// duplicates, since both change the id.
/// Source: siderolabs/image-factory, `pkg/schematic/schematic.go`.
package struct ImageSchematic: Sendable, Hashable, Codable {
    /// Enterprise factories only; nil elsewhere.
    package var owner: String?
    /// The overlay of a single-board computer.
    package var overlay: Overlay?
    /// YAML documents that are built into the image (Talos 1.12 and later).
    package var embeddedMachineConfiguration: String?
    package var extraKernelArguments: [String]
    package var meta: [Meta]
    /// Full names: `siderolabs/iscsi-tools`.
    package var extensions: [String]
    package var bootloader: Bootloader?
    /// `off`, `manual`, `if-safe` or `force`.
    package var enrollKeys: String?
    package var includesWellKnownCertificates: Bool
    /// Bytes; nil for the default.
    package var sectorSize: UInt64?

    package init(
        owner: String? = nil, overlay: Overlay? = nil, embeddedMachineConfiguration: String? = nil,
        extraKernelArguments: [String] = [], meta: [Meta] = [], extensions: [String] = [],
        bootloader: Bootloader? = nil, enrollKeys: String? = nil,
        includesWellKnownCertificates: Bool = false, sectorSize: UInt64? = nil
    ) {
        self.owner = owner
        self.overlay = overlay
        self.embeddedMachineConfiguration = embeddedMachineConfiguration
        self.extraKernelArguments = extraKernelArguments
        self.meta = meta
        self.extensions = extensions
        self.bootloader = bootloader
        self.enrollKeys = enrollKeys
        self.includesWellKnownCertificates = includesWellKnownCertificates
        self.sectorSize = sectorSize
    }

    /// Found by `name` alone; `image` is only text that enters the id.
    package struct Overlay: Sendable, Hashable, Codable {
        package var image: String
        package var name: String
        /// An object, empty when there are none.
        package var options: [String: JSONValue]

        package init(image: String, name: String, options: [String: JSONValue] = [:]) {
            self.image = image
            self.name = name
            self.options = options
        }
    }

    /// A value of the META partition, for new disks only.
    package struct Meta: Sendable, Hashable, Codable {
        package var key: UInt8
        package var value: String

        package init(key: UInt8, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// For new disks only; an upgrade keeps what is there.
    package enum Bootloader: String, Sendable, Hashable, Codable, CaseIterable {
        case dual = "dual-boot"
        case systemd = "sd-boot"
        case grub
    }

    /// The same recipe with other extensions.
    package func with(extensions: [String]) -> ImageSchematic {
        var copy = self
        copy.extensions = extensions
        return copy
    }
}

/// What an Image Factory answered when a schematic was given to it.
package struct RegisteredSchematic: Sendable, Equatable {
    /// The factory's id: this one decides.
    package var id: SchematicID
    /// The id computed here.
    package var predicted: SchematicID
    /// Why the two differ though the recipe is the same; nil when they agree.
    package var remark: String?

    package init(id: SchematicID, predicted: SchematicID, remark: String? = nil) {
        self.id = id
        self.predicted = predicted
        self.remark = remark
    }

    package var isAsPredicted: Bool { id == predicted }
}
