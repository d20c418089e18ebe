/// The official system extensions that exist for one Talos version.
package struct ExtensionCatalog: Sendable, Equatable {
    package var talos: Version
    /// Full names (`siderolabs/iscsi-tools`) in the factory's order, which is not alphabetical.
    package var names: [String]
    package var origin: Origin
    /// Why it is not the factory's own list; nil when it is.
    package var remark: String?

    package init(talos: Version, names: [String], origin: Origin, remark: String? = nil) {
        self.talos = talos
        self.names = names
        self.origin = origin
        self.remark = remark
    }

    package enum Origin: Sendable, Equatable {
        /// The factory of this address said so.
        case factory(String)
        /// What was compiled into `bump`, seconds since 1970.
        case bundled(asOf: Double)
    }
}
