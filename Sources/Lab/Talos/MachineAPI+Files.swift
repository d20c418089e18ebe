import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

extension MachineAPI {
    /// The few files that tools read.
    func read(
        request: Machine_ReadRequest, response: RPCWriter<Common_Data>, context: ServerContext
    ) async throws {
        let machine = try world.machine()
        let text: String
        switch request.path {
        case "/proc/sys/kernel/random/boot_id": text = machine.bootID + "\n"
        case "/proc/cmdline": text = machine.kernelCommandLine + "\n"
        case "/proc/uptime":
            let up = (world.engine.with { $0.now } - machine.bootedAt) / .seconds(1)
            text = String(format: "%.2f %.2f\n", up, up * 3.6)
        case "/etc/os-release":
            text =
                "NAME=\"Talos\"\nID=talos\nVERSION_ID=\(machine.version.tag)\n"
                + "PRETTY_NAME=\"Talos (\(machine.version.tag))\"\n"
        default:
            throw RPCError(
                code: .unknown, message: "stat \(request.path): no such file or directory")
        }
        try await response.write(.with { $0.bytes = Data(text.utf8) })
    }

    func copy(
        request: Machine_CopyRequest, response: RPCWriter<Common_Data>, context: ServerContext
    ) async throws {
        throw notInTheLab("Copy")
    }

    func list(
        request: Machine_ListRequest, response: RPCWriter<Machine_FileInfo>,
        context: ServerContext
    ) async throws {
        throw notInTheLab("List")
    }

    func logs(
        request: Machine_LogsRequest, response: RPCWriter<Common_Data>, context: ServerContext
    ) async throws {
        let machine = try world.machine()
        guard machine.services.contains(where: { $0.id == request.id }) else {
            throw RPCError(
                code: .unknown, message: "service \"\(request.id)\" not found")
        }
        let date = world.engine.date(at: machine.bootedAt).formatted(.iso8601)
        let text = "\(date) [lab] service \(request.id) of Talos \(machine.version.tag) started\n"
        try await response.write(.with { $0.bytes = Data(text.utf8) })
        if request.follow { try await context.cancellation.cancelled }
    }

    func dmesg(
        request: Machine_DmesgRequest, response: RPCWriter<Common_Data>, context: ServerContext
    ) async throws {
        let machine = try world.machine()
        let lines = [
            "user: warning: [lab]: [talos] task startAllServices: Talos \(machine.version.tag)",
            "user: warning: [lab]: [talos] machine is \(machine.stage.rawValue)",
        ]
        for line in lines where !(request.follow && request.tail) {
            try await response.write(.with { $0.bytes = Data((line + "\n").utf8) })
        }
        if request.follow { try await context.cancellation.cancelled }
    }

    /// A gzip-compressed tar that holds one fresh admin kubeconfig.
    func kubeconfig(
        request: Google_Protobuf_Empty, response: RPCWriter<Common_Data>, context: ServerContext
    ) async throws {
        let text = try world.pki.kubeconfig(cluster: world.clusterName, server: world.endpoint)
        let archive = Archive.gzip(Archive.tar(name: "kubeconfig", contents: Data(text.utf8)))
        for start in stride(from: 0, to: archive.count, by: 32_768) {
            let chunk = archive[start..<min(start + 32_768, archive.count)]
            try await response.write(.with { $0.bytes = Data(chunk) })
        }
    }
}

extension Machine {
    /// `/proc/cmdline` as a Talos of this version has it.
    var kernelCommandLine: String {
        "BOOT_IMAGE=/\(slots.running.rawValue)/vmlinuz talos.platform=\(platform) "
            + "console=tty0 init_on_alloc=1 slab_nomerge pti=on consoleblank=0 "
            + "nvme_core.io_timeout=4294967295 printk.devkmsg=on"
    }
}
