import ArgumentParser
import Foundation
import Lab

struct LabStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Whether a lab runs, and its machines as they truly are.")

    @OptionGroup var options: LabOptions

    @Flag(help: "Write JSON to stdout.")
    var json = false

    func run() async throws {
        let status = try await options.lab.status()
        let output = Output(environment: ProcessInfo.processInfo.environment, noColor: true)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            output.data([String(decoding: try encoder.encode(status), as: UTF8.self)])
            return
        }
        let state = status.running ? (status.healthy ? "running, healthy" : "running") : "stopped"
        var lines = ["\(status.cluster ?? "no cluster")  \(state)  \(status.endpoint ?? "")"]
        lines += status.waitingFor.map { "  waiting for \($0)" }
        let width = status.nodes.map(\.name.count).max() ?? 0
        lines += status.nodes.map { node in
            let name = node.name.padding(toLength: width, withPad: " ", startingAt: 0)
            return "  \(name)  \(node.role)  \(node.address)  \(node.talosVersion)  "
                + "\(node.kubeletVersion)  \(node.stage)\(node.ready ? ", ready" : "")"
        }
        output.data(lines)
    }
}

struct LabEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "The ground truth: every change and call that the cluster saw.")

    @OptionGroup var options: LabOptions

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() async throws {
        let output = Output(environment: ProcessInfo.processInfo.environment, noColor: true)
        output.data(try options.lab.events(json: json))
    }
}
