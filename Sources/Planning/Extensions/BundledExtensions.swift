package import Model

/// The official extensions that `bump` knows without asking a factory.
///
/// Source: the build lists of siderolabs/extensions, v1.6 to v1.14.0-rc.1, read on 2026-08-20.
package enum BundledExtensions {
    /// Seconds since 1970.
    package static let asOf = ISOTime.seconds("2026-08-20") ?? 0

    /// The names for a Talos version, sorted. Nil for a series that is not bundled.
    package static func catalog(for talos: Version) -> ExtensionCatalog? {
        names(in: talos.series).map {
            ExtensionCatalog(
                talos: talos, names: $0.sorted().map(ExtensionNames.full),
                origin: .bundled(asOf: asOf))
        }
    }

    /// The short names in a series. Nil for one that is not bundled.
    static func names(in series: Version.Series) -> Set<String>? { bySeries[series] }

    /// The series that have this extension, ascending.
    static func series(having short: String) -> [Version.Series] {
        bySeries.filter { $0.value.contains(short) }.keys.sorted()
    }

    private static let bySeries: [Version.Series: Set<String>] = {
        var all: [Version.Series: Set<String>] = [:]
        var names = Set(of13)
        all[Version.Series(1, 13)] = names
        all[Version.Series(1, 14)] = names.union(addedIn14)
        for step in stepsBackFrom13 {
            names.subtract(step.added)
            for (old, new) in step.renamed where names.remove(new) != nil { names.insert(old) }
            all[Version.Series(1, step.series - 1)] = names
        }
        return all
    }()

    private struct Step {
        /// The minor that brought the change.
        var series: Int
        var added: [String]
        var renamed: [String: String] = [:]
    }

    private static let of13 = words(
        """
        amazon-ena amd-ucode amdgpu binfmt-misc bird2 bnx2-bnx2x btrfs chelsio-drivers \
        chelsio-firmware cloudflared crun ctr drbd dvb-cx23885 dvb-m88ds3103 \
        ecr-credential-provider fuse3 gasket-driver glibc gpio-pinctrl gvisor gvisor-debug hailort \
        hello-world-service i915 intel-ice-firmware intel-npu intel-ucode iscsi-tools joydev \
        kata-containers lldpd mdadm mei mellanox-mstflint metal-agent multipath-tools nebula \
        netbird newt nfs-utils nfsd nfsrahead nonfree-kmod-nvidia-lts \
        nonfree-kmod-nvidia-production nut-client nvidia-container-toolkit-lts \
        nvidia-container-toolkit-production nvidia-fabricmanager-lts \
        nvidia-fabricmanager-production nvidia-gdrdrv-device nvidia-open-gpu-kernel-modules-lts \
        nvidia-open-gpu-kernel-modules-production nvme-cli panfrost px-fuse qemu-guest-agent \
        qlogic-firmware realtek-firmware revpi-firmware rockchip-rknn soci-snapshotter spin \
        stargz-snapshotter tailscale tenstorrent thunderbolt trident-iscsi-tools uhid uinput \
        usb-audio-drivers usb-modem-drivers util-linux-tools v4l-uvc-drivers vc4 \
        vmtoolsd-guest-agent wasmedge xdma-driver xe xen-guest-agent youki zerotier zfs
        """)

    private static let addedIn14 = [
        "harbor-credential-provider", "hyperv-guest-agent", "kata-containers-snp",
    ]

    private static let stepsBackFrom13 = [
        Step(
            series: 13, added: words("gpio-pinctrl intel-npu joydev px-fuse rockchip-rknn uhid")),
        Step(
            series: 12,
            added: words(
                """
                bird2 mellanox-mstflint multipath-tools netbird nfs-utils nvidia-gdrdrv-device \
                soci-snapshotter trident-iscsi-tools usb-audio-drivers xe
                """)),
        Step(
            series: 11, added: words("dvb-m88ds3103 hailort newt nfsrahead tenstorrent youki")),
        Step(
            series: 10,
            added: words(
                """
                amazon-ena ctr nebula nfsd nvme-cli panfrost revpi-firmware vc4 xdma-driver \
                zerotier
                """)),
        Step(
            series: 9, added: words("cloudflared dvb-cx23885 glibc lldpd metal-agent"),
            renamed: ["i915-ucode": "i915", "amdgpu-firmware": "amdgpu"]),
        Step(
            series: 8,
            added: ["crun", "mei", "uinput"] + nvidia.map { $0 + "-production" },
            renamed: Dictionary(uniqueKeysWithValues: nvidia.map { ($0, $0 + "-lts") })),
        Step(
            series: 7,
            added: words(
                """
                gvisor-debug kata-containers qlogic-firmware realtek-firmware spin \
                v4l-uvc-drivers vmtoolsd-guest-agent wasmedge
                """),
            renamed: ["xe-guest-utilities": "xen-guest-agent"]),
    ]

    private static let nvidia = [
        "nvidia-container-toolkit", "nvidia-open-gpu-kernel-modules", "nonfree-kmod-nvidia",
        "nvidia-fabricmanager",
    ]

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}
