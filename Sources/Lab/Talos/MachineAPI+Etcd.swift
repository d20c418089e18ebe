import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    func etcdMemberList(
        request: Machine_EtcdMemberListRequest, context: ServerContext
    ) async throws -> Machine_EtcdMemberListResponse {
        let members = try world.change { cluster, call in
            if !request.queryLocal && !cluster.quorate {
                throw CallRefusal(.unavailable, "etcdserver: no leader")
            }
            _ = try cluster.etcdStatus(on: call.node)
            return cluster.etcdMembers()
        }
        var answer = Machine_EtcdMembers()
        answer.legacyMembers = members.map(\.name)
        answer.members = members.map { member in
            .with {
                $0.id = member.id
                $0.hostname = member.name
                $0.peerUrls = member.peerURLs
                $0.clientUrls = member.clientURLs
                $0.isLearner = member.isLearner
            }
        }
        return .with { $0.messages = [answer] }
    }

    func etcdStatus(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_EtcdStatusResponse {
        let status = try world.change { cluster, call in try cluster.etcdStatus(on: call.node) }
        var answer = Machine_EtcdStatus()
        answer.memberStatus = .with {
            $0.memberID = status.memberID
            $0.protocolVersion = status.protocolVersion
            $0.storageVersion = status.storageVersion
            $0.dbSize = status.databaseSize
            $0.dbSizeInUse = status.databaseSizeInUse
            $0.leader = status.leader
            $0.raftIndex = status.raftIndex
            $0.raftTerm = status.raftTerm
            $0.raftAppliedIndex = status.raftAppliedIndex
            $0.errors = status.errors
            $0.isLearner = status.isLearner
        }
        return .with { $0.messages = [answer] }
    }

    func etcdAlarmList(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_EtcdAlarmListResponse {
        let alarms = world.engine.with { $0.etcdAlarms() }
        return .with {
            $0.messages = [
                .with { $0.memberAlarms = alarms.map(Self.alarm) }
            ]
        }
    }

    func etcdAlarmDisarm(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_EtcdAlarmDisarmResponse {
        let alarms = world.engine.with { cluster in
            defer { cluster.disarmEtcd() }
            return cluster.etcdAlarms()
        }
        return .with {
            $0.messages = [
                .with { $0.memberAlarms = alarms.map(Self.alarm) }
            ]
        }
    }

    func etcdDefragment(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_EtcdDefragmentResponse {
        try world.change { cluster, call in _ = try cluster.etcdStatus(on: call.node) }
        return .with { $0.messages = [.init()] }
    }

    func etcdForfeitLeadership(
        request: Machine_EtcdForfeitLeadershipRequest, context: ServerContext
    ) async throws -> Machine_EtcdForfeitLeadershipResponse {
        let leader = try world.change { cluster, call in
            try cluster.forfeitLeadership(on: call.node, by: call.caller.name)
        }
        return .with { $0.messages = [.with { $0.member = leader?.text ?? "" }] }
    }

    func etcdLeaveCluster(
        request: Machine_EtcdLeaveClusterRequest, context: ServerContext
    ) async throws -> Machine_EtcdLeaveClusterResponse {
        try world.change { cluster, call in
            try cluster.leaveEtcd(on: call.node, by: call.caller.name)
        }
        return .with { $0.messages = [.init()] }
    }

    func etcdRemoveMemberByID(
        request: Machine_EtcdRemoveMemberByIDRequest, context: ServerContext
    ) async throws -> Machine_EtcdRemoveMemberByIDResponse {
        try world.change { cluster, call in
            try cluster.removeEtcdMember(
                id: request.memberID, via: call.node, by: call.caller.name)
        }
        return .with { $0.messages = [.init()] }
    }

    func etcdRecover(
        request: RPCAsyncSequence<Common_Data, any Error>, context: ServerContext
    ) async throws -> Machine_EtcdRecoverResponse {
        var bytes = Data()
        for try await chunk in request {
            bytes.append(chunk.bytes)
            guard bytes.count <= 64 << 20 else {
                throw RPCError(code: .invalidArgument, message: "the snapshot is too large")
            }
        }
        guard SnapshotMaker.isWhole(bytes) else {
            throw RPCError(code: .unknown, message: "snapshot integrity check failed")
        }
        try world.change { cluster, call in try cluster.uploadSnapshot(to: call.node) }
        return .with { $0.messages = [.init()] }
    }

    func etcdSnapshot(
        request: Machine_EtcdSnapshotRequest, response: RPCWriter<Common_Data>,
        context: ServerContext
    ) async throws {
        let (name, status) = try world.change { cluster, call in
            (call.node, try cluster.etcdStatus(on: call.node))
        }
        let bytes = world.snapshots.snapshot(
            of: world.clusterName, member: name.text, status: status)
        for start in stride(from: 0, to: bytes.count, by: 32_768) {
            let chunk = bytes[start..<min(start + 32_768, bytes.count)]
            try await response.write(.with { $0.bytes = Data(chunk) })
        }
    }

    private static func alarm(_ alarm: EtcdAlarm) -> Machine_EtcdMemberAlarm {
        .with {
            $0.memberID = alarm.memberID
            $0.alarm = alarm.kind == "CORRUPT" ? .corrupt : .nospace
        }
    }
}
