package import Model

/// Which releases the emulated world knows.
package enum ReleaseTable {
    /// One minor series of Talos Linux.
    package struct Series: Sendable {
        package var minor: Int
        /// Highest patch that was published.
        package var lastPatch: Int
        /// etcd that the last patch runs by default.
        package var etcd: Version
        /// Default Kubernetes of the last patch.
        package var kubernetes: Version
        /// Lowest version that its installer upgrades from, inclusive; 1.x.
        package var hostAtLeast: Int
        /// Version below which its installer downgrades from, exclusive; 1.x.
        package var hostBelow: Int
    }

    /// Sources: patches, etcd and Kubernetes from the Git tags of siderolabs/talos and their
    /// `pkg/machinery/constants` (snapshot 2026-08-21, later tags as seen in third-party
    /// repositories); host columns from `pkg/machinery/compatibility` at v1.14.0-rc.1.
    package static let series: [Series] = [
        row(2, 9, etcd: Version(3, 5, 5), Version(1, 25, 5), host: 0..<3),
        row(3, 7, etcd: Version(3, 5, 7), Version(1, 26, 3), host: 0..<5),
        row(4, 8, etcd: Version(3, 5, 9), Version(1, 27, 4), host: 0..<6),
        row(5, 6, etcd: Version(3, 5, 10), Version(1, 28, 3), host: 2..<7),
        row(6, 8, etcd: Version(3, 5, 11), Version(1, 29, 7), host: 3..<8),
        row(7, 7, etcd: Version(3, 5, 13), Version(1, 30, 5), host: 4..<9),
        row(8, 4, etcd: Version(3, 5, 17), Version(1, 31, 4), host: 5..<10),
        row(9, 6, etcd: Version(3, 5, 21), Version(1, 32, 4), host: 8..<11),
        row(10, 9, etcd: Version(3, 5, 26), Version(1, 33, 6), host: 8..<12),
        row(11, 6, etcd: Version(3, 6, 5), Version(1, 34, 1), host: 9..<13),
        row(12, 12, etcd: Version(3, 6, 11), Version(1, 35, 4), host: 10..<14),
        row(13, 11, etcd: Version(3, 6, 14), Version(1, 36, 3), host: 11..<15),
        row(14, 2, etcd: Version(3, 7, 1), Version(1, 37, 1), host: 12..<16),
    ]

    /// v1.13.1 was announced as broken and withdrawn the same day (siderolabs/talos#13312).
    package static let withdrawn: [Version] = [Version(1, 13, 1)]

    /// `LifecycleService` exists from 1.13.0 on.
    package static let firstLifecycle = Version(1, 13, 0)

    /// Whether an installer image of this version can be pulled.
    package static func exists(_ version: Version) -> Bool {
        guard version.prerelease.isEmpty, let row = row(of: version) else { return false }
        return version.patch >= 0 && version.patch <= row.lastPatch && !withdrawn.contains(version)
    }

    package static func row(of version: Version) -> Series? {
        guard version.major == 1 else { return nil }
        return series.first { $0.minor == version.minor }
    }

    /// What the target's installer says of the running host before it writes anything; nil when
    /// it agrees. Only major, minor and patch count.
    package static func preflight(host: Version, target: Version) -> String? {
        guard let row = row(of: target) else {
            return "upgrades to version \(target.number) are not supported"
        }
        if host.major < 1 || (host.major == 1 && host.minor < row.hostAtLeast) {
            return "host version \(host.number) is too old to upgrade to Talos \(target.number)"
        }
        if host.major > 1 || host.minor >= row.hostBelow {
            return "host version \(host.number) is too new to downgrade to Talos \(target.number)"
        }
        return nil
    }

    /// etcd that a Talos release runs.
    package static func etcd(of talos: Version) -> Version {
        row(of: talos)?.etcd ?? Version(3, 5, 21)
    }

    /// The version of a system extension in an image of that Talos: most carry their own
    /// (siderolabs/extensions), the rest Talos's.
    package static func extensionVersion(_ name: String, talos: Version) -> String {
        switch name {
        case "iscsi-tools": talos.minor < 10 ? "v0.1.6" : "v0.2.0"
        case "qemu-guest-agent": talos.minor < 10 ? "9.2.0" : "10.0.2"
        case "tailscale": talos.minor < 10 ? "1.78.1" : "1.84.0"
        case "util-linux-tools": talos.minor < 10 ? "2.40.2" : "2.41.1"
        default: talos.tag
        }
    }

    private static func row(
        _ minor: Int, _ patch: Int, etcd: Version, _ kubernetes: Version, host: Range<Int>
    ) -> Series {
        Series(
            minor: minor, lastPatch: patch, etcd: etcd, kubernetes: kubernetes,
            hostAtLeast: host.lowerBound, hostBelow: host.upperBound)
    }
}
