import ArgumentParser
import Display
import Foundation
import Kubernetes
import Model
import Planning
import Talos

struct DoctorCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "The known troubles, found in the live cluster, each with its fix.",
        discussion: """
            bump doctor         look, and say what is wrong and what to do
            bump doctor --fix   do what is safe, after asking for each

            Safe is: removing a dead etcd member that no machine has, while the others are a
            quorum; uncordoning what an ended run of bump left cordoned; deleting pods whose node
            is gone. Exit 3 while a trouble is left.
            """)

    @Flag(help: "Do what is safe, after asking for each.")
    var fix = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let world = shared.world
        let workspace = try Workspace.open(world, configuration: shared.config)
        if !shared.json { world.output.talk("Looking at the cluster …") }
        let connection = try await workspace.connect()
        let snapshot = try await workspace.inspectWithHealth(connection, looksAgain: false)
        let troubles = Doctor(snapshot: snapshot).troubles()
        if !shared.json {
            world.output.data(
                DoctorText.lines(
                    troubles, cluster: snapshot.clusterName, world.output.dataStyle))
        }
        var left = troubles
        var fixed: [String] = []
        if fix {
            if let open = snapshot.openRun, open.isAlive {
                throw PlanExecution(workspace: workspace, shared: shared).refusal(open)
            }
            for trouble in troubles {
                guard let remedy = trouble.remedy, try agreed(to: remedy, world.output) else {
                    continue
                }
                try await Treatment(workspace: workspace, connection: connection).apply(remedy)
                fixed.append(remedy.description)
                left.removeAll { $0 == trouble }
                if !shared.json { world.output.talk("Done: \(remedy).") }
            }
        }
        if shared.json {
            world.output.data([
                DoctorText.document(troubles, cluster: snapshot.clusterName, fixed: fixed)
            ])
        }
        if !left.isEmpty { throw ExitStatus.refused }
    }

    private func agreed(to remedy: Trouble.Remedy, _ output: Output) throws -> Bool {
        if yes { return true }
        guard output.canAsk else {
            throw Problem(
                .refused, "Nobody is here to confirm: \(remedy).",
                fix: "look at it, then: bump doctor --fix --yes")
        }
        let answer = output.ask("\(remedy.description.capitalizedFirst)? [y/N]")
        return ["y", "yes"].contains(
            answer?.trimmingCharacters(in: .whitespaces).lowercased() ?? "")
    }
}

/// Applies one remedy, after looking once more whether it is still right.
struct Treatment {
    let workspace: Workspace
    let connection: Workspace.Connection

    func apply(_ remedy: Trouble.Remedy) async throws {
        switch remedy {
        case .uncordon(let node):
            try await connection.cluster.uncordon(node)
        case .deleteByForce(let pod, let node):
            guard try await !connection.cluster.rooms().contains(where: { $0.name == node }) else {
                throw Problem(
                    .refused, "Node \(node) is back: \(pod) will end by itself.", at: node.text)
            }
            try await connection.cluster.deleteByForce(pod)
        case .removeMember:
            let snapshot = try await workspace.inspect(connection)
            guard Doctor(snapshot: snapshot).troubles().contains(where: { $0.remedy == remedy })
            else {
                throw Problem(
                    .refused, "etcd has changed since: \(remedy) is not safe any more.",
                    fix: "bump doctor")
            }
            guard case .removeMember(let id, _, let through) = remedy else { return }
            try await connection.changer.removeMember(id, through: through)
        }
    }
}

extension String {
    /// With a capital at the beginning, to stand alone.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
