import ArgumentParser
import Foundation
import HCL
import Model

struct BenchHCLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hcl", abstract: "How fast variable files are read, edited and printed.")

    @Option(help: "Bytes of each file, one or more.")
    var size: [Int] = [1_000, 100_000, 10_000_000]

    @Option(help: "Write a file of the first size here, and measure nothing.")
    var file: String?

    func run() async throws {
        if let file {
            let text = Self.text(size: size.first ?? 1_000)
            try Data(text).write(to: URL(fileURLWithPath: file))
            return
        }
        let rows = try size.map { size in
            let text = Self.text(size: size)
            let speed = Double(text.count) / (try Self.seconds(text)) / 1e6
            return
                "{\"bytes\":\(text.count),\"megabytesPerSecond\":\(String(format: "%.1f", speed))}"
        }
        Output(environment: [:], noColor: true).data(["[\(rows.joined(separator: ","))]"])
    }

    /// The least time that reading a file, changing its first value and printing it takes.
    private static func seconds(_ text: [UInt8]) throws -> Double {
        let path = HCLPath(name: "talos_version_0")
        let rounds = max(1, 4_000_000 / max(1, text.count))
        let clock = ContinuousClock()
        var least = Double.infinity
        for _ in 0..<7 {
            let began = clock.now
            for _ in 0..<rounds {
                let edited = try HCLDocument(parsing: text).setting(path, to: "v1.10.11")
                guard edited.bytes.count == text.count + Self.growth else {
                    throw Problem(.bug, "The edit of the benchmark is not the one expected.")
                }
            }
            least = min(least, (clock.now - began) / .seconds(1) / Double(rounds))
        }
        return least
    }

    /// Two bytes more in the value, one space less in front of its comment and one more in front of
    /// that of the next line.
    private static let growth = 2

    /// Clusters, one below the other, as people write them.
    private static func text(size: Int) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        repeat {
            text += Array(cluster.replacingOccurrences(of: "@", with: "\(index)").utf8)
            index += 1
        } while text.count < size
        return text
    }

    private static let cluster = """
        # Cluster @
        talos_version_@      = "v1.9.2"  # renovate: talos
        kubernetes_version_@ = "v1.31.0" # k
        vip_@                = "10.0.0.2"

        talos_extensions_@ = [
          # needed by Proxmox
          "qemu-guest-agent", # agent
          "iscsi-tools",
        ]
        nodes_@ = {
          "cp-1" : { update = false, ip = "10.0.0.1" },
          w-1 = {
            ip     = "10.0.0.3"
            cores  = 4    # many
            update = true # yes
          }
        }


        """
}
