package import Model
import SwiftProtobuf
import TalosAPI

extension MachineReader {
    package func etcd(at controlPlanes: [NodeIdentity]) async throws -> EtcdFacts {
        let answers = await withTaskGroup(of: EtcdAnswer.self) { group in
            for node in controlPlanes {
                group.addTask { await answer(of: node) }
            }
            var answers: [EtcdAnswer] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.node.name < $1.node.name }
        }
        guard answers.contains(where: { $0.said.value != nil }) else {
            try Task.checkCancellation()
            throw Problem(
                .unreachable, "No control plane told of etcd.",
                fix: "Ask the nodes themselves: bump status",
                causes: answers.compactMap { answer in
                    answer.said.reason.map { "\(answer.node.name): \($0)" }
                })
        }
        return EtcdFacts(answers)
    }

    private func answer(of node: NodeIdentity) async -> EtcdAnswer {
        do {
            let said = try await access.withConnection(to: node.address, named: node.name.text) {
                connection in
                async let list = Self.members(over: connection)
                async let alarms = Self.alarms(over: connection)
                let answer = try await connection.call("EtcdStatus") {
                    try await connection.machine.etcdStatus(
                        Google_Protobuf_Empty(), metadata: $0, options: $1)
                }
                let status = try NodeConnection.only(answer.messages, of: "EtcdStatus")
                return EtcdAnswer.Words(
                    status: status.memberStatus, members: try await list,
                    alarms: try await alarms)
            }
            return EtcdAnswer(node: node, said: .known(said))
        } catch {
            let problem = Problem(error)
            let reason = ([problem.summary] + problem.causes.prefix(1)).joined(separator: " ")
            return EtcdAnswer(node: node, said: .unknown(reason))
        }
    }

    /// The list as the node's own member has it, which is answered without a quorum too.
    private static func members(
        over connection: NodeConnection
    ) async throws -> [Machine_EtcdMember] {
        var request = Machine_EtcdMemberListRequest()
        request.queryLocal = true
        let answer = try await connection.call("EtcdMemberList") { [request] in
            try await connection.machine.etcdMemberList(request, metadata: $0, options: $1)
        }
        return try NodeConnection.only(answer.messages, of: "EtcdMemberList").members
    }

    private static func alarms(
        over connection: NodeConnection
    ) async throws -> [Machine_EtcdMemberAlarm] {
        let answer = try await connection.call("EtcdAlarmList") {
            try await connection.machine.etcdAlarmList(
                Google_Protobuf_Empty(), metadata: $0, options: $1)
        }
        return answer.messages.flatMap(\.memberAlarms)
    }
}
