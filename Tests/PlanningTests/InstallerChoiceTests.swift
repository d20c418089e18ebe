import Model
import Planning
import Testing

struct InstallerChoiceTests {
    static let other = SchematicID(String(repeating: "c", count: 64)) ?? .empty

    struct Case: Sendable {
        var installed: String?
        var platform = "metal"
        var isSecureBoot = false
        var version: Version
        var schematic: SchematicID?
        var image: String
    }

    static let cases = [
        Case(
            installed: "factory.talos.dev/metal-installer/\(SchematicID.empty):v1.10.1",
            version: Version(1, 10, 1), schematic: other,
            image: "factory.talos.dev/metal-installer/\(other):v1.10.1"),
        Case(
            installed: "factory.talos.dev/nocloud-installer-secureboot/\(SchematicID.empty):v1.9.1",
            platform: "nocloud", isSecureBoot: true, version: Version(1, 9, 5), schematic: other,
            image: "factory.talos.dev/nocloud-installer-secureboot/\(other):v1.9.5"),
        Case(
            installed: "factory.talos.dev/installer-secureboot/\(SchematicID.empty):v1.9.1",
            isSecureBoot: true, version: Version(1, 9, 1), schematic: other,
            image: "factory.talos.dev/installer-secureboot/\(other):v1.9.1"),
        Case(
            installed: "factory.talos.dev/installer/\(SchematicID.empty):v1.9.1",
            platform: "hcloud", isSecureBoot: true, version: Version(1, 10, 9),
            schematic: .empty,
            image: "factory.talos.dev/hcloud-installer-secureboot/\(SchematicID.empty):v1.10.9"),
        Case(
            installed: "10.0.0.1:8080/f/metal-installer/\(SchematicID.empty):v1.11.0@sha256:ab",
            version: Version(1, 11, 0), schematic: other,
            image: "10.0.0.1:8080/f/metal-installer/\(other):v1.11.0"),
        Case(
            installed: "ghcr.io/siderolabs/installer:v1.9.1", version: Version(1, 9, 1),
            schematic: other, image: "my.factory/installer/\(other):v1.9.1"),
        Case(
            installed: "ghcr.io/siderolabs/installer:v1.13.1", version: Version(1, 13, 9),
            schematic: nil, image: "ghcr.io/siderolabs/installer:v1.13.9"),
        Case(
            installed: nil, version: Version(1, 14, 0), schematic: nil,
            image: "my.factory/metal-installer/\(SchematicID.empty):v1.14.0"),
    ]

    @Test(arguments: cases.indices)
    func `the image keeps host, platform and flavour of the node`(_ index: Int) throws {
        let this = Self.cases[index]
        let node = Samples.node("w-1", .worker, 1, this.version, Version(1, 32, 0))
        var machine = try #require(node.machine.value)
        machine.installImage = this.installed
        machine.platform = this.platform
        machine.isSecureBoot = this.isSecureBoot
        let image = InstallerChoice.image(
            for: machine, version: this.version, schematic: this.schematic, factory: "my.factory")
        #expect(image.description == this.image)
    }
}
