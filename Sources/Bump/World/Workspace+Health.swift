import Foundation
import Inspection
import Kubernetes
import Model
import Terraform

extension Workspace {
    /// The snapshot, with all that a pre-flight check looks at besides.
    ///
    /// - Parameters:
    ///   - plansInfrastructure: also asks Terraform what it would change, which takes its lock and
    ///     the longest.
    ///   - looksAgain: looks again at what is not well, over some seconds.
    func inspectWithHealth(
        _ connection: Connection, plansInfrastructure: Bool = false, looksAgain: Bool = true
    ) async throws -> Snapshot {
        async let infrastructure = pendingChanges(isWanted: plansInfrastructure)
        var snapshot = try await inspect(connection)
        async let certificates = connection.cluster.certificates()
        var health = await HealthInspector(
            machines: connection.machines, cluster: connection.cluster,
            furtherLooks: looksAgain ? 4 : 0,
            pause: { try await Task.sleep(for: .seconds(2)) }
        ).inspect(nodes: snapshot.nodes.map(\.identity), gates: settings.gates.gates)
        health.certificates = [connection.certificate] + (await certificates)
        health.infrastructure = await infrastructure
        health.allowed = settings.gates.allowed
        snapshot.health = health
        return snapshot
    }

    /// What Terraform would change with the files as they are. Its plan, which holds secrets, goes
    /// into a folder of its own that is removed at once.
    private func pendingChanges(isWanted: Bool) async -> Observed<String?> {
        guard isWanted else { return .unknown("not asked") }
        let folder = root.appending(path: ".bump/check-\(UInt32.random(in: 0...UInt32.max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            if let open = try store.open(), open.isAlive { return .unknown("not asked") }
            let own = try TerraformProject(
                root: root.path, directory: project.directory,
                environment: world.environment, privateFolder: folder.path,
                toolFolders: [root.appending(path: ".build/tools").path],
                lockTimeout: .seconds(5))
            let summary = try await own.review(
                directory: project.directory, strict: false, within: .seconds(120),
                report: { _ in })
            return .known(summary == "no changes" ? nil : summary)
        } catch {
            let problem = Problem(error)
            return .unknown(([problem.summary] + problem.causes).joined(separator: " "))
        }
    }
}
