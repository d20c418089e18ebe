/// What is released: the two things `bump` upgrades.
package enum Product: String, Sendable, Hashable, Codable, CaseIterable {
    case talos, kubernetes

    /// `Talos`, `Kubernetes`.
    package var title: String {
        switch self {
        case .talos: "Talos"
        case .kubernetes: "Kubernetes"
        }
    }

    /// Owner and name of its repository on GitHub.
    package var repository: String {
        switch self {
        case .talos: "siderolabs/talos"
        case .kubernetes: "kubernetes/kubernetes"
        }
    }

    /// A version as this project writes it: Talos with the `v`, Kubernetes without.
    package func spelling(_ version: Version) -> String {
        self == .talos ? version.tag : version.number
    }
}

/// One published version.
package struct Release: Sendable, Hashable, Codable {
    package var version: Version
    /// Seconds since 1970, UTC. Nil when the day is not known.
    package var publishedAt: Double?
    /// Published and then taken back: never to be installed.
    package var isWithdrawn: Bool

    package init(_ version: Version, publishedAt: Double? = nil, isWithdrawn: Bool = false) {
        self.version = version
        self.publishedAt = publishedAt
        self.isWithdrawn = isWithdrawn
    }

    /// Stable, and not withdrawn.
    package var isUsable: Bool { version.prerelease.isEmpty && !isWithdrawn }
}

/// Releases of one product, and where they come from.
package struct ReleaseList: Sendable, Equatable {
    package var product: Product
    /// Ascending, each version once. Pre-releases are in it.
    package var releases: [Release]
    package var origin: Origin
    /// Why it is not as fresh as it could be; nil when it is.
    package var remark: String?

    /// The order of `releases` does not matter; of two with the same version the later one counts.
    package init(
        _ product: Product, _ releases: [Release], origin: Origin, remark: String? = nil
    ) {
        self.product = product
        var byVersion: [Version: Release] = [:]
        for release in releases { byVersion[release.version] = release }
        self.releases = byVersion.values.sorted { $0.version < $1.version }
        self.origin = origin
        self.remark = remark
    }

    package enum Origin: Sendable, Equatable {
        /// Asked just now, or within the last hour.
        case feed(String)
        /// An earlier answer of the feed, seconds since 1970.
        case cache(String, asOf: Double)
        /// What was compiled into `bump`, seconds since 1970.
        case bundled(asOf: Double)
    }

    package subscript(version: Version) -> Release? { releases.first { $0.version == version } }

    /// Stable releases that were not withdrawn, ascending.
    package var usable: [Release] {
        releases.filter(\.isUsable)
    }

    package var newest: Release? { usable.last }

    /// The newest usable patch of a series.
    package func newest(in series: Version.Series) -> Release? {
        releases.last { $0.version.series == series && $0.isUsable }
    }

    /// The day on which a series began: the date of its `.0`.
    package func beginning(of series: Version.Series) -> Double? {
        self[Version(series.major, series.minor, 0)]?.publishedAt
    }

    /// This list with what `other` knows besides. A withdrawal known to either stays; a date known
    /// to either stays, and `other`'s counts first.
    package func merging(_ other: ReleaseList) -> ReleaseList {
        var byVersion = Dictionary(
            releases.map { ($0.version, $0) }, uniquingKeysWith: { _, last in last })
        for release in other.releases {
            let known = byVersion[release.version]
            byVersion[release.version] = Release(
                release.version, publishedAt: release.publishedAt ?? known?.publishedAt,
                isWithdrawn: release.isWithdrawn || known?.isWithdrawn ?? false)
        }
        return ReleaseList(
            product, Array(byVersion.values), origin: other.origin, remark: other.remark)
    }
}

/// All the releases that routes and advice are made from.
package struct KnownReleases: Sendable, Equatable {
    package var talos: ReleaseList
    package var kubernetes: ReleaseList

    package init(talos: ReleaseList, kubernetes: ReleaseList) {
        self.talos = talos
        self.kubernetes = kubernetes
    }

    package subscript(product: Product) -> ReleaseList {
        product == .talos ? talos : kubernetes
    }
}
