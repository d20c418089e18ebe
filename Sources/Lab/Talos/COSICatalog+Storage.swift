import Foundation
import Model
import Simulation

extension COSICatalog {
    static let storage: [COSIType] = [
        COSIType("SystemDisks.block.talos.dev", "runtime") { _ in
            [COSIItem("system-disk", "diskID: sda\ndevPath: /dev/sda\n")]
        },
        COSIType("Disks.block.talos.dev", "runtime") { view in
            [
                COSIItem(
                    "sda",
                    "dev_path: /dev/sda\nsize: 34359738368\npretty_size: 34 GB\n"
                        + "model: Loopback disk\nserial: \(view.machine.machineUUID)\n"
                        + "transport: virtio\nrotational: false\nreadonly: false\ncdrom: false\n")
            ]
        },
        COSIType("VolumeStatuses.block.talos.dev", "runtime") { _ in
            volumes.map { volume in
                COSIItem(
                    volume.label,
                    "phase: ready\ntype: partition\nlocation: \(volume.device)\n"
                        + "mountLocation: \(volume.device)\n"
                        + "partitionIndex: \(volume.index)\nparentLocation: /dev/sda\n"
                        + "size: \(volume.size)\nprettySize: \(volume.prettySize)\n"
                        + "filesystem: \(volume.filesystem)\nencryptionProvider: none\n")
            }
        },
        COSIType("MountStatuses.block.talos.dev", "runtime", since: Version(1, 10, 0)) { _ in
            mounted.map { volume in
                COSIItem(
                    volume.label,
                    "source: \(volume.device)\ntarget: \(volume.target)\n"
                        + "filesystem: \(volume.filesystem)\nreadOnly: false\n")
            }
        },
        COSIType("MountStatuses.runtime.talos.dev", "runtime") { _ in
            mounted.map { volume in
                COSIItem(
                    volume.label,
                    "source: \(volume.device)\ntarget: \(volume.target)\n"
                        + "filesystemType: \(volume.filesystem)\noptions: []\nencrypted: false\n")
            }
        },
    ]

    private struct Volume: Sendable {
        var label: String
        var index: Int
        var size: Int
        var prettySize: String
        var filesystem: String
        var target: String

        var device: String { "/dev/sda\(index)" }
    }

    private static let mounted = volumes.filter { !$0.target.isEmpty }

    private static let volumes = [
        Volume(
            label: "META", index: 4, size: 1_048_576, prettySize: "1.0 MB", filesystem: "none",
            target: ""),
        Volume(
            label: "STATE", index: 5, size: 104_857_600, prettySize: "105 MB", filesystem: "xfs",
            target: "/system/state"),
        Volume(
            label: "EPHEMERAL", index: 6, size: 32_985_055_232, prettySize: "33 GB",
            filesystem: "xfs", target: "/var"),
    ]
}
