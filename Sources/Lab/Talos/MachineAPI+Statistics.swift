import Foundation
import GRPCCore
import Model
import Simulation
import SwiftProtobuf
import TalosAPI

/// Figures for a dashboard: made up from the machine's identity and the time, so that they move
/// and are the same for everybody who looks at the same moment.
extension MachineAPI {
    func memory(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_MemoryResponse {
        let gauge = try Gauge(world)
        let total: UInt64 = 8_142_848
        let used = UInt64(Double(total) * (0.28 + 0.2 * gauge.wave(90)))
        var info = Machine_MemInfo()
        info.memtotal = total
        info.cached = 1_204_224
        info.buffers = 4_096
        info.memavailable = total - used
        info.memfree = (total - used) / 2
        info.slab = 201_728
        return .with { $0.messages = [.with { $0.meminfo = info }] }
    }

    func loadAvg(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_LoadAvgResponse {
        let gauge = try Gauge(world)
        return .with {
            $0.messages = [
                .with {
                    $0.load1 = 0.2 + 1.4 * gauge.wave(40)
                    $0.load5 = 0.3 + 0.9 * gauge.wave(200)
                    $0.load15 = 0.3 + 0.6 * gauge.wave(600)
                }
            ]
        }
    }

    func systemStat(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_SystemStatResponse {
        let gauge = try Gauge(world)
        let booted = world.engine.date(at: try world.machine().bootedAt)
        let busy = gauge.uptime * (0.12 + 0.1 * gauge.share)
        var total = Machine_CPUStat()
        total.user = busy * 4 * 0.7
        total.system = busy * 4 * 0.3
        total.idle = (gauge.uptime - busy) * 4
        var core = total
        core.user /= 4
        core.system /= 4
        core.idle /= 4
        var answer = Machine_SystemStat()
        answer.bootTime = UInt64(max(0, booted.timeIntervalSince1970))
        answer.cpuTotal = total
        answer.cpu = Array(repeating: core, count: 4)
        answer.contextSwitches = UInt64(gauge.uptime * 4_100)
        answer.processCreated = UInt64(gauge.uptime * 3) + 900
        answer.processRunning = UInt64(1 + 3 * gauge.wave(7))
        return .with { $0.messages = [answer] }
    }

    func cpuInfo(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_CPUInfoResponse {
        let cores = (0..<4).map { number in
            Machine_CPUInfo.with {
                $0.processor = UInt32(number)
                $0.vendorID = "AuthenticAMD"
                $0.modelName = "AMD Ryzen 7 5700U"
                $0.cpuMhz = 1_797
                $0.cpuCores = 4
                $0.siblings = 4
                $0.coreID = String(number)
            }
        }
        return .with { $0.messages = [.with { $0.cpuInfo = cores }] }
    }

    func mounts(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_MountsResponse {
        let gauge = try Gauge(world)
        let size: UInt64 = 30 << 30
        let faults = try world.machine().pendingFaults
        let ephemeral = Machine_MountStat.with {
            $0.filesystem = "/dev/sda6"
            $0.size = size
            $0.available = size - UInt64(Double(size) * (0.2 + 0.3 * gauge.share))
            if faults.contains(.ephemeralLow) { $0.available = 3 << 30 }
            if faults.contains(.ephemeralFull) { $0.available = 800 << 20 }
            $0.mountedOn = "/var"
        }
        let state = Machine_MountStat.with {
            $0.filesystem = "/dev/sda5"
            $0.size = 92 << 20
            $0.available = faults.contains(.stateFull) ? 1 << 20 : 85 << 20
            $0.mountedOn = "/system/state"
        }
        return .with { $0.messages = [.with { $0.stats = [state, ephemeral] }] }
    }

    func diskStats(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_DiskStatsResponse {
        let gauge = try Gauge(world)
        var disk = Machine_DiskStat()
        disk.name = "sda"
        disk.readCompleted = UInt64(gauge.uptime * 4) + 20_000
        disk.readSectors = disk.readCompleted * 32
        disk.writeCompleted = UInt64(gauge.uptime * (20 + 30 * gauge.share))
        disk.writeSectors = disk.writeCompleted * 16
        return .with {
            $0.messages = [
                .with {
                    $0.total = disk
                    $0.devices = [disk]
                }
            ]
        }
    }

    func networkDeviceStats(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_NetworkDeviceStatsResponse {
        let gauge = try Gauge(world)
        var device = Machine_NetDev()
        device.name = "eth0"
        device.rxBytes = UInt64(gauge.uptime * (40_000 + 90_000 * gauge.share))
        device.rxPackets = device.rxBytes / 800
        device.txBytes = UInt64(gauge.uptime * (30_000 + 70_000 * gauge.share))
        device.txPackets = device.txBytes / 700
        return .with {
            $0.messages = [
                .with {
                    $0.total = device
                    $0.devices = [device]
                }
            ]
        }
    }

    func processes(
        request: Google_Protobuf_Empty, context: ServerContext
    ) async throws -> Machine_ProcessesResponse {
        let gauge = try Gauge(world)
        let machine = try world.machine()
        let running = machine.services.filter { $0.state == .running }
        let processes = running.enumerated().map { number, service in
            Machine_ProcessInfo.with {
                $0.pid = Int32(truncatingIfNeeded: 1_000 + number * 37)
                $0.ppid = 1
                $0.state = "S"
                $0.threads = 12
                $0.cpuTime = gauge.uptime * 0.01 * Double(1 + number % 5)
                $0.residentMemory = UInt64(40 + number * 11) << 20
                $0.virtualMemory = UInt64(800 + number * 90) << 20
                $0.command = service.id
                $0.executable = "/usr/bin/\(service.id)"
                $0.args = "/usr/bin/\(service.id)"
            }
        }
        return .with { $0.messages = [.with { $0.processes = processes }] }
    }
}

/// Numbers that belong to one machine at one moment.
private struct Gauge {
    /// Seconds since boot.
    var uptime: Double
    /// Between 0 and 1, the machine's own.
    var share: Double
    private var now: Double

    init(_ world: TalosWorld) throws {
        let machine = try world.machine()
        let time = world.engine.with { $0.now }
        uptime = max(0, (time - machine.bootedAt) / .seconds(1))
        now = time / .seconds(1)
        let sum = machine.machineUUID.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
        share = Double(sum % 1_000) / 1_000
    }

    /// Between 0 and 1, up and down once in `period` seconds.
    func wave(_ period: Double) -> Double {
        (1 + sin(now / period * 2 * .pi + share * 6)) / 2
    }
}
