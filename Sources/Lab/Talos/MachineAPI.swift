import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

/// `machine.MachineService`: which machine answers is in the call's task (`Call`). The methods
/// are in extensions by topic.
struct MachineAPI: Machine_MachineService.SimpleServiceProtocol {
    let world: TalosWorld

    func version(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_VersionResponse {
        let machine = try world.machine()
        var answer = Machine_Version()
        answer.version.tag = machine.version.tag
        answer.version.sha = "1ab00000"
        answer.version.goVersion = "go1.24.4"
        answer.version.os = "linux"
        answer.version.arch = "amd64"
        answer.platform.name = machine.platform
        answer.platform.mode = machine.platform == "metal" ? "metal" : "cloud"
        answer.features.rbac = true
        return .with { $0.messages = [answer] }
    }

    func hostname(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_HostnameResponse {
        let machine = try world.machine()
        return .with { $0.messages = [.with { $0.hostname = machine.name.text }] }
    }

    func serviceList(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_ServiceListResponse {
        let machine = try world.machine()
        let since = Google_Protobuf_Timestamp(date: world.engine.date(at: machine.bootedAt))
        var answer = Machine_ServiceList()
        answer.services = machine.services.map { service in
            .with {
                $0.id = service.id
                $0.state = service.state.rawValue
                $0.health.healthy = service.isHealthy
                $0.health.unknown = !service.isHealthy && service.state != .failed
                $0.health.lastChange = since
                $0.events.events = [
                    .with {
                        $0.msg = "Service is \(service.state.rawValue.lowercased())"
                        $0.state = service.state.rawValue
                        $0.ts = since
                    }
                ]
            }
        }
        return .with { $0.messages = [answer] }
    }

    func serviceStart(
        request: Machine_ServiceStartRequest, context: ServerContext
    ) async throws -> Machine_ServiceStartResponse {
        try known(request.id)
        return .with { $0.messages = [.with { $0.resp = "service \"\(request.id)\" started" }] }
    }

    func serviceStop(
        request: Machine_ServiceStopRequest, context: ServerContext
    ) async throws -> Machine_ServiceStopResponse {
        try known(request.id)
        return .with { $0.messages = [.with { $0.resp = "service \"\(request.id)\" stopped" }] }
    }

    func serviceRestart(
        request: Machine_ServiceRestartRequest, context: ServerContext
    ) async throws -> Machine_ServiceRestartResponse {
        try known(request.id)
        return .with { $0.messages = [.with { $0.resp = "service \"\(request.id)\" restarted" }] }
    }

    private func known(_ service: String) throws {
        if try world.machine().services.contains(where: { $0.id == service }) { return }
        throw RPCError(code: .unknown, message: "service \"\(service)\" not defined")
    }
}

/// `time.TimeService`: the lab's clock is the host's.
struct TimeAPI: Time_TimeService.SimpleServiceProtocol {
    let world: TalosWorld

    func time(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Time_TimeResponse {
        answer(server: "time.cloudflare.com")
    }

    func timeCheck(
        request: Time_TimeRequest, context: ServerContext
    ) async throws -> Time_TimeResponse {
        answer(server: request.server)
    }

    private func answer(server: String) -> Time_TimeResponse {
        let now = Google_Protobuf_Timestamp(date: Date())
        return .with {
            $0.messages = [
                .with {
                    $0.server = server
                    $0.localtime = now
                    $0.remotetime = now
                }
            ]
        }
    }
}
