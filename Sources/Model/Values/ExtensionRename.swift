/// Official extensions that are called otherwise than they were.
///
/// A schematic keeps the old spelling, the factory builds the new one into images of a Talos that
/// has it, and the node reports the new one.
package enum ExtensionRename {
    /// Old short name to new one.
    ///
    /// Source: siderolabs/image-factory, `internal/artifacts` (v0.4.0 to v0.6.2). Its entry for
    /// `nvidia-fabricmanager` points to a name that no build list has; this is the one that exists.
    package static let table: [String: String] = [
        "v4l-uvc": "v4l-uvc-drivers", "usb-modem": "usb-modem-drivers",
        "gasket": "gasket-driver", "talos-vmtoolsd": "vmtoolsd-guest-agent",
        "xe-guest-utilities": "xen-guest-agent",
        "nvidia-container-toolkit": "nvidia-container-toolkit-lts",
        "nvidia-open-gpu-kernel-modules": "nvidia-open-gpu-kernel-modules-lts",
        "nonfree-kmod-nvidia": "nonfree-kmod-nvidia-lts",
        "nvidia-fabricmanager": "nvidia-fabricmanager-lts", "i915-ucode": "i915",
        "amdgpu-firmware": "amdgpu",
    ]

    /// The newest short name of an extension, by which two of them are compared: without the
    /// publisher.
    package static func newest(_ name: String) -> String {
        let short = name.split(separator: "/").last.map(String.init) ?? name
        return table[short] ?? short
    }

    /// Those of `wanted` that none of `present` is, whatever either is called, as written.
    package static func missing(_ wanted: [String], in present: [String]) -> [String] {
        let unseen = wanted.filter { !present.contains($0) }
        if unseen.isEmpty { return [] }
        let there = Set(present.map(newest))
        return unseen.filter { !there.contains(newest($0)) }
    }
}
