package import Model

/// The official system extensions of each minor of Talos, as the Image Factory lists them.
package enum ExtensionCatalog {
    /// Short names, sorted. Nil for a Talos that is not known.
    package static func names(talos: Version) -> [String]? {
        talos.major == 1 ? byMinor[talos.minor] : nil
    }

    /// The name under which an image of this Talos holds an extension: itself, or what it was
    /// renamed to. Nil when no such image can be made.
    package static func resolved(_ name: String, talos: Version) -> String? {
        guard talos.major == 1, let known = sets[talos.minor] else { return name }
        if known.contains(name) { return name }
        guard let alias = aliases[name], known.contains(alias) else { return nil }
        return alias
    }

    /// One way, old to new. Source: image-factory v1.5.0.
    package static let aliases = [
        "v4l-uvc": "v4l-uvc-drivers", "usb-modem": "usb-modem-drivers",
        "gasket": "gasket-driver", "talos-vmtoolsd": "vmtoolsd-guest-agent",
        "xe-guest-utilities": "xen-guest-agent",
        "nvidia-container-toolkit": "nvidia-container-toolkit-lts",
        "nvidia-open-gpu-kernel-modules": "nvidia-open-gpu-kernel-modules-lts",
        "nonfree-kmod-nvidia": "nonfree-kmod-nvidia-lts",
        "nvidia-fabricmanager": "nvidia-fabric-manager-lts",
        "i915-ucode": "i915", "amdgpu-firmware": "amdgpu",
    ]

    private static let sets = byMinor.mapValues { Set($0) }

    /// Walks from 1.13 to its neighbours. Source: siderolabs/extensions, tags v1.6.0 to
    /// v1.14.0-rc.1.
    private static let byMinor: [Int: [String]] = {
        var now = Set(words(newest))
        var found = [13: now]
        found[14] = now.union(
            words("harbor-credential-provider hyperv-guest-agent kata-containers-snp"))
        for (minor, added, removed) in steps {
            now.subtract(words(added))
            now.formUnion(words(removed))
            found[minor] = now
        }
        for minor in 2...5 { found[minor] = now }
        return found.mapValues { $0.sorted() }
    }()

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Going back to a minor: what the next one had added, and what it had removed.
    private static let steps: [(minor: Int, added: String, removed: String)] = [
        (12, "gpio-pinctrl intel-npu joydev px-fuse rockchip-rknn uhid", ""),
        (
            11,
            "bird2 mellanox-mstflint multipath-tools netbird nfs-utils nvidia-gdrdrv-device "
                + "soci-snapshotter trident-iscsi-tools usb-audio-drivers xe", ""
        ),
        (10, "dvb-m88ds3103 hailort newt nfsrahead tenstorrent youki", ""),
        (
            9,
            "amazon-ena ctr nebula nfsd nvme-cli panfrost revpi-firmware vc4 xdma-driver zerotier",
            ""
        ),
        (
            8, "cloudflared dvb-cx23885 glibc lldpd metal-agent i915 amdgpu",
            "i915-ucode amdgpu-firmware"
        ),
        (
            7,
            "crun mei uinput nvidia-container-toolkit-production nvidia-container-toolkit-lts "
                + "nvidia-open-gpu-kernel-modules-production nvidia-open-gpu-kernel-modules-lts "
                + "nonfree-kmod-nvidia-production nonfree-kmod-nvidia-lts "
                + "nvidia-fabricmanager-production nvidia-fabricmanager-lts",
            "nvidia-container-toolkit nvidia-open-gpu-kernel-modules nonfree-kmod-nvidia "
                + "nvidia-fabricmanager"
        ),
        (
            6,
            "gvisor-debug kata-containers qlogic-firmware realtek-firmware spin v4l-uvc-drivers "
                + "vmtoolsd-guest-agent wasmedge xen-guest-agent", "xe-guest-utilities"
        ),
    ]

    private static let newest = """
        amazon-ena amd-ucode amdgpu binfmt-misc bird2 bnx2-bnx2x btrfs chelsio-drivers
        chelsio-firmware cloudflared crun ctr drbd dvb-cx23885 dvb-m88ds3103
        ecr-credential-provider fuse3 gasket-driver glibc gpio-pinctrl gvisor gvisor-debug hailort
        hello-world-service i915 intel-ice-firmware intel-npu intel-ucode iscsi-tools joydev
        kata-containers lldpd mdadm mei mellanox-mstflint metal-agent multipath-tools nebula
        netbird newt nfs-utils nfsd nfsrahead nonfree-kmod-nvidia-lts
        nonfree-kmod-nvidia-production nut-client nvidia-container-toolkit-lts
        nvidia-container-toolkit-production nvidia-fabricmanager-lts
        nvidia-fabricmanager-production nvidia-gdrdrv-device nvidia-open-gpu-kernel-modules-lts
        nvidia-open-gpu-kernel-modules-production nvme-cli panfrost px-fuse qemu-guest-agent
        qlogic-firmware realtek-firmware revpi-firmware rockchip-rknn soci-snapshotter spin
        stargz-snapshotter tailscale tenstorrent thunderbolt trident-iscsi-tools uhid uinput
        usb-audio-drivers usb-modem-drivers util-linux-tools v4l-uvc-drivers vc4
        vmtoolsd-guest-agent wasmedge xdma-driver xe xen-guest-agent youki zerotier zfs
        """
}
