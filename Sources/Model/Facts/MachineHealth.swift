/// What a node says of its volumes, its clock and itself over the Talos API.
package struct MachineHealth: Sendable, Codable, Equatable {
    /// What the node itself warns of (`Diagnostics.runtime.talos.dev`).
    package var diagnostics: [String]
    package var volumes: [Volume]
    package var clock: Clock
    /// Every address it has at this moment, without the prefix length; a VIP is among its
    /// holder's.
    package var addresses: [String]
    /// An installed version waits for its first healthy boot (META key 0x06), or an upgrade is
    /// staged for the next boot (0x07).
    package var hasPendingInstall: Bool

    package init(
        diagnostics: [String] = [], volumes: [Volume] = [], clock: Clock = .inSync,
        addresses: [String] = [], hasPendingInstall: Bool = false
    ) {
        self.diagnostics = diagnostics
        self.volumes = volumes
        self.clock = clock
        self.addresses = addresses
        self.hasPendingInstall = hasPendingInstall
    }

    /// `TimeStatuses.v1alpha1.talos.dev`.
    package enum Clock: String, Sendable, Codable {
        case inSync = "in-sync"
        case notInSync = "not-in-sync"
        /// `syncDisabled`, or it did not say.
        case unwatched
    }

    /// A mounted volume. Sizes in bytes.
    package struct Volume: Sendable, Codable, Equatable {
        /// `/var` (EPHEMERAL: images, pods, etcd) or `/system/state`.
        package var mountPoint: String
        package var size: UInt64
        package var available: UInt64

        package init(mountPoint: String, size: UInt64, available: UInt64) {
            self.mountPoint = mountPoint
            self.size = size
            self.available = available
        }
    }
}
