package import Model
import SwiftProtobuf
import TalosAPI

extension MachineReader: MachineHealthReading {
    package func health(of address: NodeAddress) async throws -> MachineHealth {
        try await access.withConnection(to: address) { connection in
            async let diagnostics = connection.yamls(of: .diagnostics)
            async let clock = connection.yaml(of: .timeStatus)
            async let addresses = connection.yaml(of: .currentAddresses)
            // A role below os:admin may not be let in here; then nothing is pending, as far as
            // is known.
            async let keys = try? connection.yamls(of: .metaKeys)
            let volumes = try await Self.volumes(over: connection)
            let pending = Set((await keys ?? []).map(\.id))
            return MachineHealth(
                diagnostics: try await diagnostics.map {
                    DiagnosticSpec.text(id: $0.id, yaml: $0.yaml)
                },
                volumes: volumes, clock: MachineHealth.Clock(yaml: try await clock),
                addresses: AddressesSpec.addresses(yaml: try await addresses),
                hasPendingInstall: !pending.isDisjoint(with: Self.pendingKeys))
        }
    }

    /// META keys of an upgrade: 0x06 is the slot to fall back to, there until the new version was
    /// healthy; 0x07 is the image of a staged upgrade (Talos `pkg/machinery/meta`).
    private static let pendingKeys: Set = ["0x06", "0x07"]

    /// `/var` and `/system/state`, each once.
    private static func volumes(
        over connection: NodeConnection
    ) async throws -> [MachineHealth.Volume] {
        let answer = try await connection.call("Mounts") {
            try await connection.machine.mounts(
                Google_Protobuf_Empty(), metadata: $0, options: $1)
        }
        var found: [String: MachineHealth.Volume] = [:]
        for stat in answer.messages.flatMap(\.stats)
        where watched.contains(stat.mountedOn) && stat.size > 0 {
            found[stat.mountedOn] = MachineHealth.Volume(
                mountPoint: stat.mountedOn, size: stat.size,
                available: min(stat.available, stat.size))
        }
        return watched.compactMap { found[$0] }
    }

    private static let watched = ["/system/state", "/var"]
}

extension ResourceName {
    static let diagnostics = ResourceName(
        type: "Diagnostics.runtime.talos.dev", namespace: "runtime")
    static let timeStatus = ResourceName(
        type: "TimeStatuses.v1alpha1.talos.dev", namespace: "runtime", id: "node")
    static let currentAddresses = ResourceName(
        type: "NodeAddresses.net.talos.dev", namespace: "network", id: "current")
    static let metaKeys = ResourceName(type: "MetaKeys.runtime.talos.dev", namespace: "runtime")
}
