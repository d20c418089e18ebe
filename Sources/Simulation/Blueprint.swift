package import Model

/// What an infrastructure tool asked for: the cluster before any machine exists.
package struct Blueprint: Sendable, Codable, Equatable {
    package var clusterName: String
    /// The Talos Linux that new machines boot, unless their own `MachineSpec` says otherwise.
    package var talos: Version
    package var kubernetes: Version
    /// Everything random (boot ids, pod names, figures) comes from it.
    package var seed: UInt64
    /// How many workers there are going to be; decides whether control planes are tainted before
    /// the first worker exists. Nil: judge by the machines that exist.
    package var workers: Int?
    /// Whether Velero is there from the beginning; else somebody installs it.
    package var hasVelero = true

    package init(
        clusterName: String, talos: Version, kubernetes: Version, seed: UInt64, workers: Int? = nil
    ) {
        self.clusterName = clusterName
        self.talos = talos
        self.kubernetes = kubernetes
        self.seed = seed
        self.workers = workers
    }
}

/// One machine to create.
package struct MachineSpec: Sendable, Codable, Equatable {
    package var name: NodeName
    package var address: NodeAddress
    package var role: Role
    /// Nil: an image that did not come from an Image Factory.
    package var schematic: SchematicID?
    /// Names of the system extensions of the image: `qemu-guest-agent`.
    package var extensions: [String]
    package var platform: String
    package var isSecureBoot: Bool
    /// `machine.install.image`.
    package var installImage: String
    /// Nil: the blueprint's.
    package var talos: Version?
    /// Nil: the blueprint's.
    package var kubernetes: Version?
    /// The machine config, YAML, secrets included: never to be logged.
    package var config: String
    /// Images of components that the config names otherwise than usual.
    package var images: [SystemComponent: String] = [:]

    package init(
        name: NodeName, address: NodeAddress, role: Role, schematic: SchematicID? = .empty,
        extensions: [String] = [], platform: String = "metal", isSecureBoot: Bool = false,
        installImage: String = "", talos: Version? = nil, kubernetes: Version? = nil,
        config: String = ""
    ) {
        self.name = name
        self.address = address
        self.role = role
        self.schematic = schematic
        self.extensions = extensions
        self.platform = platform
        self.isSecureBoot = isSecureBoot
        self.installImage = installImage
        self.talos = talos
        self.kubernetes = kubernetes
        self.config = config
    }
}
