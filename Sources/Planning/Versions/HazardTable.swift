import Model

extension Hazard {
    /// What is known, oldest series first. Code only walks this table.
    ///
    /// Sources are named in each row: “notes 1.N” are the release notes and the “What's new” page
    /// of Talos 1.N, “upgrade guide” is the page “Upgrading Talos” of that version.
    static let table: [Hazard] = [
        Hazard(
            "hop.arm-overlay", .warning, .entering(series(7)), for: .plainARMBoard,
            "Single-board computers need an overlay in their schematic from Talos 1.7 on; the "
                + "generic installer fails on them.",
            fix: "if it is one, give it a schematic with its overlay first",
            source: "upgrade guide 1.7, overlays"),
        Hazard(
            "hop.firmware", .note, .entering(series(6)),
            "Talos 1.6 left Linux firmware out of its base image: devices that need some need an "
                + "extension.", source: "notes 1.6"),
        Hazard(
            "hop.nvidia-renamed", .warning, .entering(series(8)),
            for: .extensions([
                "nvidia-container-toolkit", "nvidia-open-gpu-kernel-modules",
                "nonfree-kmod-nvidia", "nvidia-fabricmanager",
            ]),
            "Talos 1.8 renamed the NVIDIA extensions to -lts and -production, and the factory "
                + "has no working alias for nvidia-fabricmanager.",
            fix: "write the new names before: bump extensions set …",
            source: "notes 1.8; siderolabs/image-factory, aliases of v0.5.0"),
        Hazard(
            "hop.graphics-drivers", .note, .entering(series(9)),
            "Talos 1.9 left the i915 and amdgpu drivers out of its base image: they are extensions "
                + "now.", source: "notes 1.9"),
        Hazard(
            "hop.interface-names", .note, .entering(series(9)),
            "Talos 1.9 replaced eudev by systemd-udevd: network interfaces may get other names.",
            source: "notes 1.9"),
        Hazard(
            "hop.extensions-lost", .error, .entering(series(10)), for: .extensionsWithoutSchematic,
            "From Talos 1.10 on extensions come from a schematic only: those of "
                + ".machine.install.extensions would be gone after the upgrade.",
            fix: "make a schematic of them first: bump extensions set …", source: "notes 1.10"),
        Hazard(
            "hop.cgroups-v1", .note, .entering(series(10)),
            "Talos 1.10 removed cgroups v1.", source: "notes 1.10"),
        Hazard(
            "hop.iscsi-identity", .note, .entering(series(10)),
            "From Talos 1.10 on the iSCSI initiator name and the NVMe NQN come from the node's "
                + "identity: storage that lists initiators must be told.", source: "notes 1.10"),
        Hazard(
            "hop.platform-installer", .note, .entering(series(10)), for: .platformOtherThanMetal,
            "From Talos 1.10 on the installer carries the platform; each node keeps its own.",
            source: "upgrade guide 1.10"),
        Hazard(
            "hop.etcd-3.6", .error, .entering(series(11)), for: .below(Version(1, 10, 9)),
            "Talos 1.11 brings etcd 3.6, which needs the fix of v1.10.9 (etcd 3.5.26) first.",
            fix: "bump talos v1.10.9",
            source: "notes 1.10.9; etcd.io, “Zombie members” and the upgrade guide to 3.6"),
        Hazard(
            "hop.etcd-registry", .note, .entering(series(12)),
            "Talos 1.12 pulls etcd from registry.k8s.io: mirrors must have it.",
            source: "notes 1.12"),
        Hazard(
            "hop.ciphers", .note, .entering(series(12)),
            "Talos 1.12 tightened the API server's cipher list and the kernel's sysctls.",
            source: "notes 1.12"),
        Hazard(
            "hop.nvidia-cdi", .warning, .entering(series(13)),
            for: .extensions([
                "nvidia-container-toolkit-lts", "nvidia-container-toolkit-production",
            ]),
            "Talos 1.13 moves NVIDIA to CDI and the gpu-operator.",
            fix: "remove the device-plugin chart and the nvidia runtime class first",
            source: "notes 1.13"),
        Hazard(
            "hop.nameservers", .note, .entering(series(13)),
            "From Talos 1.13 on nameservers of the config replace those of lower layers.",
            source: "notes 1.13"),
        Hazard(
            "hop.grub-arguments", .note, .leaving(series(13)), for: .perhapsGRUB,
            "A node that boots with GRUB and was installed before Talos 1.12 loses its "
                + ".machine.install.extraKernelArgs: put them into the schematic.",
            source: "siderolabs/talos issue 13967"),
        Hazard(
            "hop.no-generic-installer", .note, .entering(series(14)), for: .genericInstaller,
            "Talos 1.14 has no generic installer: the node goes to the Image Factory's image "
                + "without extensions.", source: "notes 1.14, upgrade guide 1.14"),
        Hazard(
            "hop.etcd-3.7", .warning, .entering(series(14)),
            "Talos 1.14 brings etcd 3.7: once all members run it there is no way back to 3.6.",
            source: "notes 1.14"),
        Hazard(
            "hop.etcd-metrics", .note, .entering(series(14)),
            "Talos 1.14 moves etcd's metrics from port 2379 to 2383, and etcd and the API server "
                + "speak TLS 1.3 only.", source: "notes 1.14"),
        Hazard(
            "hop.mdadm", .warning, .entering(series(14)), for: .extensions(["mdadm"]),
            "The mdadm extension is empty in Talos 1.14.", source: "siderolabs/extensions v1.14"),
    ]

    private static func series(_ minor: Int) -> Version.Series { Version.Series(1, minor) }
}
