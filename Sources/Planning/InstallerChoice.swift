package import Model

/// Which installer image a node gets.
package enum InstallerChoice {
    /// The image for `version` on this node, keeping its registry, its platform, its flavour
    /// (SecureBoot or not) and the given schematic.
    ///
    /// Names: `PLATFORM-installer[-secureboot]` from Talos 1.10 on, `installer[-secureboot]` before
    /// (Image Factory v0.6.8 and later serve both), where it does not run the former already. A node that runs the generic installer keeps
    /// it as long as that is published; from Talos 1.14 on it maps to the empty schematic.
    ///
    /// A schematic that changes while the version stays (`version` is the running one) gives the
    /// same image name with the other schematic: from the generic installer, which has none, the
    /// node then goes to the factory.
    ///
    /// - Parameters:
    ///   - schematic: what the node is to have; nil keeps the generic installer.
    ///   - factory: the registry of the Image Factory, without a scheme; what the node was
    ///     installed from counts more.
    package static func image(
        for machine: MachineFacts, version: Version, schematic: SchematicID?,
        factory: String = "factory.talos.dev"
    ) -> InstallerImage {
        let installed = machine.installImage.flatMap(InstallerImage.init)
        let series = TalosSeries.of(version.series)
        if schematic == nil, series?.hasGenericInstaller ?? false {
            return InstallerImage(
                host: genericHost, name: "installer", schematic: nil, tag: version.tag)
        }
        let flavour = machine.isSecureBoot ? "-secureboot" : ""
        let isNamed = installed?.name.hasPrefix("\(machine.platform)-installer") ?? false
        let hasPlatform = isNamed || series?.hasPlatformInstaller ?? true
        let name = hasPlatform ? "\(machine.platform)-installer\(flavour)" : "installer\(flavour)"
        let host = installed.flatMap { $0.schematic == nil ? nil : $0.host } ?? factory
        return InstallerImage(
            host: host, name: name, schematic: schematic ?? .empty, tag: version.tag)
    }

    private static let genericHost = "ghcr.io/siderolabs"
}
