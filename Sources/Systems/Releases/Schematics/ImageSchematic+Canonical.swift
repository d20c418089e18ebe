import Crypto
package import Model

/// The text that an Image Factory hashes, and its hash.
///
/// Source: siderolabs/image-factory, `pkg/schematic` (`Marshal`, `ID`).
extension ImageSchematic {
    /// The canonical YAML as factories with this emitter write it; it ends in one newline.
    package func canonicalText(_ emitter: YAMLEmitter = .v3) -> String {
        CanonicalText(emitter).document(members)
    }

    /// What is sent to a factory: the canonical text, but for the few strings that go-yaml writes
    /// in a way that cannot be read back (blocks that begin with a blank or a line break).
    package var requestText: String {
        let text = canonicalText()
        let isReadable = (try? ImageSchematic(yaml: text, source: "")) == self
        return isReadable ? text : CanonicalText(.v3).flow(members)
    }

    private var members: [(key: String, value: CanonicalText.Tree)] {
        var members: [(key: String, value: CanonicalText.Tree)] = []
        if let owner, !owner.isEmpty { members.append(("owner", .string(owner))) }
        if let overlay, !(overlay.image.isEmpty && overlay.name.isEmpty && overlay.options.isEmpty)
        {
            var parts: [(key: String, value: CanonicalText.Tree)] = [
                ("image", .string(overlay.image)), ("name", .string(overlay.name)),
            ]
            if !overlay.options.isEmpty {
                parts.append(("options", .mapping(CanonicalText.Tree.members(overlay.options))))
            }
            members.append(("overlay", .mapping(parts)))
        }
        members.append(("customization", .mapping(customization)))
        return members
    }

    /// The id computed here: a prediction, since what the factory answers decides.
    ///
    /// A few odd strings (`yes`, `12:30`, `<<`) are written differently by different factories; this
    /// is the oldest of their ways, `candidateIDs` has them all.
    package var id: SchematicID { id(.v3) }

    /// The ids that this schematic has at factories of any age: one, but for odd strings.
    package var candidateIDs: Set<SchematicID> { Set(YAMLEmitter.allCases.map { id($0) }) }

    package func id(_ emitter: YAMLEmitter) -> SchematicID {
        SchematicID(digestOf: canonicalText(emitter))
    }

    private var customization: [(key: String, value: CanonicalText.Tree)] {
        var parts: [(key: String, value: CanonicalText.Tree)] = []
        if let embeddedMachineConfiguration, !embeddedMachineConfiguration.isEmpty {
            parts.append(("embeddedMachineConfiguration", .string(embeddedMachineConfiguration)))
        }
        if !extraKernelArguments.isEmpty {
            parts.append(
                ("extraKernelArgs", .list(extraKernelArguments.map(CanonicalText.Tree.string))))
        }
        if !meta.isEmpty {
            parts.append(
                (
                    "meta",
                    .list(
                        meta.map {
                            .mapping([("key", .plain("\($0.key)")), ("value", .string($0.value))])
                        })
                ))
        }
        if !extensions.isEmpty {
            let names = CanonicalText.Tree.list(extensions.map(CanonicalText.Tree.string))
            parts.append(("systemExtensions", .mapping([("officialExtensions", names)])))
        }
        if let bootloader { parts.append(("bootloader", .string(bootloader.rawValue))) }
        let secureBoot = secureBootMembers
        if !secureBoot.isEmpty { parts.append(("secureboot", .mapping(secureBoot))) }
        if let sectorSize, sectorSize > 0 {
            parts.append(("diskImage", .mapping([("sectorSize", .plain("\(sectorSize)"))])))
        }
        return parts
    }

    private var secureBootMembers: [(key: String, value: CanonicalText.Tree)] {
        var parts: [(key: String, value: CanonicalText.Tree)] = []
        if let enrollKeys, !enrollKeys.isEmpty { parts.append(("enrollKeys", .string(enrollKeys))) }
        if includesWellKnownCertificates {
            parts.append(("includeWellKnownCertificates", .plain("true")))
        }
        return parts
    }
}

extension SchematicID {
    /// The lower-case SHA-256 of a canonical text.
    package init(digestOf canonicalText: String) {
        let hex = SHA256.hash(data: Array(canonicalText.utf8)).map { byte in
            String(UInt16(byte) + 256, radix: 16).dropFirst()
        }.joined()
        // Sixty-four hex digits by construction.
        self = SchematicID(hex) ?? .empty
    }
}
