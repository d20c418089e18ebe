import Foundation
import Model
import Simulation

/// The resource types that the lab's nodes have, with the fields that Talos gives them.
/// Source: the resource definitions of siderolabs/talos, `pkg/machinery/resources`.
enum COSICatalog {
    static let types: [String: COSIType] = Dictionary(
        (runtime + network + kubernetes + storage).map { ($0.name, $0) }
    ) { first, _ in first }

    private static let runtime: [COSIType] = [
        COSIType("Versions.runtime.talos.dev", "runtime") { view in
            let name = view.machine.version >= Version(1, 10, 0) ? "name: Talos\n" : ""
            return [COSIItem("version", "\(name)version: \(view.machine.version.tag)\n")]
        },
        COSIType("MachineStatuses.runtime.talos.dev", "runtime") { view in
            let unmet = view.machine.unmetConditions
            var text = "stage: \(view.machine.stage.rawValue)\nstatus:\n"
            text += "    ready: \(view.machine.isReady)\n"
            text += unmet.isEmpty ? "    unmetConditions: []\n" : "    unmetConditions:\n"
            for condition in unmet {
                text += "        - name: \(condition.name)\n"
                text += "          reason: \(YAMLScalar.quoted(condition.reason))\n"
            }
            return [COSIItem("machine", text)]
        },
        COSIType("BootIDs.runtime.talos.dev", "runtime", since: Version(1, 14, 0)) { view in
            [COSIItem("boot-id", "bootID: \(view.machine.bootID)\n")]
        },
        COSIType("ExtensionStatuses.runtime.talos.dev", "runtime", render: extensions),
        COSIType(
            "ImageFactorySchematics.runtime.talos.dev", "runtime", since: Version(1, 14, 0)
        ) { view in
            guard let id = view.machine.schematic else { return [] }
            let text = "schematicId: \(id.text)\nflavor: \(view.machine.platform)\n"
            return [COSIItem("image-factory-schematic", text + "apiUrl: \(factory)\n")]
        },
        COSIType("SecurityStates.talos.dev", "runtime") { view in
            var text = "secureBoot: \(view.machine.isSecureBoot)\n"
            if view.machine.version >= Version(1, 10, 0) { text += "selinuxState: disabled\n" }
            return [COSIItem("securitystate", text)]
        },
        COSIType("PlatformMetadatas.talos.dev", "runtime") { view in
            let machine = view.machine
            return [
                COSIItem(
                    "platformmetadata",
                    "platform: \(machine.platform)\nhostname: \(machine.name)\n")
            ]
        },
        COSIType("KernelCmdlines.runtime.talos.dev", "runtime", since: Version(1, 11, 0)) { view in
            let line = YAMLScalar.quoted(view.machine.kernelCommandLine)
            return [COSIItem("cmdline", "cmdline: \(line)\n")]
        },
        COSIType("Diagnostics.runtime.talos.dev", "runtime") { view in
            guard view.machine.pendingFaults.contains(.diagnosticWarning) else { return [] }
            return [
                COSIItem(
                    "kubelet-csr",
                    "message: kubelet server certificate rotation is enabled, but CSR is not "
                        + "approved\ndetails:\n    - \"kubelet API error: tls: internal error\"\n")
            ]
        },
        COSIType("Services.v1alpha1.talos.dev", "runtime") { view in
            // A service that is being replaced is gone until it starts again.
            view.machine.services.filter { $0.state != .waiting }.map { service in
                let running = service.state == .running
                return COSIItem(
                    service.id,
                    "running: \(running)\nhealthy: \(service.isHealthy)\n"
                        + "unknown: \(!service.isHealthy && running)\n")
            }
        },
        COSIType("MetaKeys.runtime.talos.dev", "runtime") { view in
            let isPrimed =
                view.machine.hasFallbackMarker
                || view.machine.pendingFaults.contains(.installPending)
            let fallback = isPrimed ? COSIItem("0x06", "value: A\n") : nil
            let staged = view.machine.stagedImage.map {
                COSIItem("0x07", "value: \(YAMLScalar.quoted($0))\n")
            }
            return [fallback, staged].compactMap(\.self)
        },
        COSIType("TimeStatuses.v1alpha1.talos.dev", "runtime") { view in
            let isSynced = !view.machine.pendingFaults.contains(.clockOff)
            return [COSIItem("node", "synced: \(isSynced)\nepoch: 1\nsyncDisabled: false\n")]
        },
        COSIType(
            "MachineConfigs.config.talos.dev", "config", isSensitive: true, render: machineConfig),
        COSIType("MachineTypes.config.talos.dev", "config") { view in
            [COSIItem("machine-type", view.isControlPlane ? "controlplane\n" : "worker\n")]
        },
        COSIType("SystemInformations.hardware.talos.dev", "hardware") { view in
            [
                COSIItem(
                    "systeminformation",
                    "manufacturer: Lab\nproductName: Loopback\nversion: \"1\"\n"
                        + "serialnumber: \(YAMLScalar.quoted(view.machine.name.text))\n"
                        + "uuid: \(view.machine.machineUUID)\nwakeUpType: Power Switch\n"
                        + "skuNumber: \"\"\n")
            ]
        },
    ]

    private static let network: [COSIType] = [
        COSIType("NodeAddresses.net.talos.dev", "network") { view in
            let own = ["\(view.machine.address)/24"]
            return ["default", "current", "accumulative", "routed", "current-no-k8s"].map { id in
                // A shared address is no default one of its holder.
                let all = id == "default" ? own : own + view.sharedAddresses
                return COSIItem(id, YAMLScalar.list("addresses", all) + "sortAlgorithm: v1\n")
            }
        },
        COSIType("HostnameStatuses.net.talos.dev", "network") { view in
            [COSIItem("hostname", "hostname: \(view.machine.name)\ndomainname: \"\"\n")]
        },
        COSIType("NetworkStatuses.net.talos.dev", "network") { _ in
            [
                COSIItem(
                    "status",
                    "addressReady: true\nconnectivityReady: true\nhostnameReady: true\n"
                        + "etcFilesReady: true\n")
            ]
        },
        COSIType("Members.cluster.talos.dev", "cluster") { view in
            view.cluster.machines.values.filter { $0.power == .running || $0.bootCount > 0 }
                .map { machine in
                    var text = "nodeId: \(nodeID(machine))\n"
                    text += YAMLScalar.list("addresses", [machine.address.text])
                    text += "hostname: \(machine.name)\n"
                    text += "machineType: "
                    text += machine.role == .controlPlane ? "controlplane\n" : "worker\n"
                    text += "operatingSystem: Talos (\(machine.version.tag))\n"
                    if machine.role == .controlPlane { text += "controlPlane:\n    port: 6443\n" }
                    return COSIItem(machine.name.text, text)
                }
        },
        COSIType("Infos.cluster.talos.dev", "cluster") { view in
            [
                COSIItem(
                    "current",
                    "clusterId: \(YAMLScalar.quoted(view.clusterID))\n"
                        + "clusterName: \(YAMLScalar.quoted(view.clusterName))\n")
            ]
        },
        COSIType("Identities.cluster.talos.dev", "cluster") { view in
            [COSIItem("local", "nodeId: \(nodeID(view.machine))\n")]
        },
        COSIType("EtcdMembers.etcd.talos.dev", "etcd", isControlPlaneOnly: true) { view in
            view.cluster.etcdMembers().filter { $0.node == view.machine.name }.map { member in
                let digits = String(member.id, radix: 16)
                let padded = String(repeating: "0", count: 16 - digits.count) + digits
                return COSIItem("local", "memberID: \(YAMLScalar.quoted(padded))\n")
            }
        },
    ]

    private static func extensions(_ view: COSIView) -> [COSIItem] {
        var items = view.machine.extensions.enumerated().map { number, fact in
            COSIItem(
                String(number),
                """
                image: \(number).sqsh
                metadata:
                    name: \(YAMLScalar.quoted(fact.name))
                    version: \(YAMLScalar.quoted(fact.version))
                    author: Sidero Labs
                    description: System extension \(fact.name) of the lab.
                    compatibility:
                        talos:
                            version: '>= v1.5.0'
                    extraInfo: ""

                """)
        }
        if let id = view.machine.schematic {
            let names = view.machine.slots[view.machine.slots.running]?.extensions.map(\.name) ?? []
            let known = view.cluster.schematics[id] ?? names
            let text = view.schematicText(id) ?? Schematic(extensions: known).yaml
            items.append(
                COSIItem(
                    String(items.count),
                    """
                    image: \(items.count).sqsh
                    metadata:
                        name: schematic
                        version: \(id.text)
                        author: Image Factory (\(factory))
                        description: Virtual extension which specifies the schematic of the image.
                        compatibility:
                            talos:
                                version: '>= v1.0.0'
                        extraInfo: \(YAMLScalar.quoted(text))

                    """))
        }
        return items
    }

    /// The active config: in `proto_spec` always, in `yaml_spec` as a string from 1.12 on and as
    /// it is before.
    private static func machineConfig(_ view: COSIView) -> [COSIItem] {
        let config = view.machine.config
        let bytes = Array(config.utf8)
        var proto = Data([0x0a])
        var length = bytes.count
        repeat {
            proto.append(UInt8(length & 0x7f) | (length > 0x7f ? 0x80 : 0))
            length >>= 7
        } while length > 0
        proto.append(contentsOf: bytes)
        let isScalar = view.machine.version >= Version(1, 12, 0)
        var item = COSIItem("v1alpha1", isScalar ? YAMLScalar.quoted(config) + "\n" : config)
        item.proto = proto
        item.version = view.machine.configRevision
        if isScalar { item.annotations["talos.dev/yaml-spec"] = "true" }
        var stored = item
        stored.id = "persistent"
        return view.machine.version >= Version(1, 10, 0) ? [item, stored] : [item]
    }

    /// 44 characters that stay the same as long as the machine does.
    private static func nodeID(_ machine: Machine) -> String {
        let plain = machine.machineUUID.filter { $0 != "-" }
        return String((plain + plain).prefix(44))
    }

    private static let factory = "https://factory.talos.dev"
}
