import Foundation
import GRPCCore
package import Model
import TalosAPI

/// Changes nodes over the Talos API.
package struct MachineChanger: MachineChanging {
    let access: NodeAccess

    package init(_ access: NodeAccess) {
        self.access = access
    }

    package func upgrade(
        to image: String, on node: NodeIdentity, within limit: Duration
    ) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var request = Machine_UpgradeRequest()
            request.image = image
            // Since 1.8 the data is kept anyway, and since 1.12 this would skip the etcd checks.
            let running = Version(try await connection.version().version.tag)
            request.preserve = running.map { $0.series < Version.Series(1, 8) } ?? false
            let answer = try await connection.call("Upgrade", within: limit) { [request] in
                try await connection.machine.upgrade(request, metadata: $0, options: $1)
            }
            _ = try NodeConnection.only(answer.messages, of: "Upgrade")
        }
    }

    package func reboot(_ node: NodeIdentity) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            _ = try await connection.call("Reboot", within: NodeConnection.slowLimit) {
                try await connection.machine.reboot(
                    Machine_RebootRequest(), metadata: $0, options: $1)
            }
        }
    }

    package func rollback(_ node: NodeIdentity) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            _ = try await connection.call("Rollback", within: NodeConnection.slowLimit) {
                try await connection.machine.rollback(
                    Machine_RollbackRequest(), metadata: $0, options: $1)
            }
        }
    }

    package func forfeitLeadership(_ node: NodeIdentity) async throws -> String? {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            let method = "EtcdForfeitLeadership"
            let answer = try await connection.call(method, within: NodeConnection.slowLimit) {
                try await connection.machine.etcdForfeitLeadership(
                    Machine_EtcdForfeitLeadershipRequest(), metadata: $0, options: $1)
            }
            let leader = try NodeConnection.only(answer.messages, of: method).member
            return leader.isEmpty ? nil : leader
        }
    }

    package func snapshotEtcd(
        of node: NodeIdentity, to path: String, within limit: Duration
    ) async throws -> Int64 {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            try await connection.call("EtcdSnapshot", within: limit) { metadata, options in
                try await connection.machine.etcdSnapshot(
                    Machine_EtcdSnapshotRequest(), metadata: metadata, options: options
                ) { response in
                    try await SnapshotFile.write(response.messages.map(\.bytes), to: path)
                }
            }
        }
    }
}
