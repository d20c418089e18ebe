import GRPCCore
package import Model
import TalosAPI

extension MachineChanger {
    /// Removes a member from etcd by its id, asked of another, healthy one. One that is gone
    /// already is fine.
    package func removeMember(_ id: UInt64, through node: NodeIdentity) async throws {
        try await access.withConnection(to: node.address, named: node.name.text) { connection in
            var request = Machine_EtcdRemoveMemberByIDRequest()
            request.memberID = id
            do {
                _ = try await connection.call(
                    "EtcdRemoveMemberByID", within: NodeConnection.slowLimit
                ) { [request] in
                    try await connection.machine.etcdRemoveMemberByID(
                        request, metadata: $0, options: $1)
                }
            } catch let failure as CallFailure where failure.code == .notFound {}
        }
    }
}
