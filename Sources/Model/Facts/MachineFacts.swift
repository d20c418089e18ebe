/// What a node says of itself over the Talos API.
package struct MachineFacts: Sendable, Codable, Equatable {
    /// The name the machine registers in Kubernetes under (COSI `Nodename`), else its host name.
    package var name: NodeName
    package var role: Role
    /// The running Talos Linux.
    package var version: Version
    package var stage: MachineStage
    /// `MachineStatus.status.ready`.
    package var isReady: Bool
    /// Names and reasons of unmet conditions: `nodeReady: …`.
    package var unmetConditions: [String]
    /// `/proc/sys/kernel/random/boot_id`. Unknown when the caller's role may not read it.
    package var bootID: Observed<String>
    /// Nil when the node runs an image that did not come from an Image Factory.
    package var schematic: SchematicID?
    /// Names of the system extensions as the node reports them, sorted; neither `schematic` nor
    /// `modules.dep` is among them.
    package var extensions: [String]
    /// `metal`, `nocloud`, `aws`, …: decides the name of the installer image.
    package var platform: String
    /// `amd64` or `arm64`.
    package var architecture: String
    package var isSecureBoot: Bool
    /// `machine.install.image` of the machine config: where the image came from at first. It may
    /// be stale in all but its host (an upgrade does not rewrite it). Nil when it cannot be read.
    package var installImage: String?
    /// Services that are neither running nor finished, or not healthy: `etcd: Preparing`.
    package var troubledServices: [String]
    /// The cluster's name (COSI `Infos.cluster`), nil when discovery is off.
    package var clusterName: String?
    /// Whether it serves `LifecycleService`: asked of nodes that run Talos 1.13 or later.
    package var servesLifecycle: Bool

    package init(
        name: NodeName, role: Role, version: Version, stage: MachineStage, isReady: Bool,
        unmetConditions: [String] = [], bootID: Observed<String>, schematic: SchematicID?,
        extensions: [String], platform: String, architecture: String = "amd64",
        isSecureBoot: Bool = false, installImage: String? = nil, troubledServices: [String] = [],
        clusterName: String? = nil, servesLifecycle: Bool = false
    ) {
        self.name = name
        self.role = role
        self.version = version
        self.stage = stage
        self.isReady = isReady
        self.unmetConditions = unmetConditions
        self.bootID = bootID
        self.schematic = schematic
        self.extensions = extensions
        self.platform = platform
        self.architecture = architecture
        self.isSecureBoot = isSecureBoot
        self.installImage = installImage
        self.troubledServices = troubledServices
        self.clusterName = clusterName
        self.servesLifecycle = servesLifecycle
    }
}

/// The stage of `MachineStatuses.runtime.talos.dev`; the raw values are its words.
package enum MachineStage: String, Sendable, Codable, CaseIterable {
    case unknown, booting, installing, maintenance, running, rebooting
    case shuttingDown = "shutting down"
    case resetting, upgrading
}
