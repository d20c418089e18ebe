import Model

/// Which installer image a node gets.
enum InstallerChoice {
    /// The image for `version` on this node, keeping its registry, its platform, its flavour
    /// (SecureBoot or not) and the given schematic.
    ///
    /// Names: `PLATFORM-installer[-secureboot]` from Talos 1.10 on, `installer[-secureboot]` before
    /// (Image Factory v0.6.8 and later serve both). A node that runs the generic installer keeps
    /// it as long as that is published; from Talos 1.14 on it maps to the empty schematic.
    static func image(
        for machine: MachineFacts, version: Version, schematic: SchematicID?
    ) -> InstallerImage {
        let installed = machine.installImage.flatMap(InstallerImage.init)
        let series = TalosSeries.of(version.series)
        if schematic == nil, series?.hasGenericInstaller ?? false {
            return InstallerImage(
                host: genericHost, name: "installer", schematic: nil, tag: version.tag)
        }
        let flavour = machine.isSecureBoot ? "-secureboot" : ""
        let hasPlatform = series?.hasPlatformInstaller ?? true
        let name = hasPlatform ? "\(machine.platform)-installer\(flavour)" : "installer\(flavour)"
        let host = installed.flatMap { $0.schematic == nil ? nil : $0.host } ?? factoryHost
        return InstallerImage(
            host: host, name: name, schematic: schematic ?? .empty, tag: version.tag)
    }

    private static let genericHost = "ghcr.io/siderolabs"
    private static let factoryHost = "factory.talos.dev"
}
