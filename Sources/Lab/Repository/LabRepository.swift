import Foundation
import Model
package import Simulation

/// A lab from the outside: what the subcommands of `bump lab` do.
package struct LabRepository: Sendable {
    package let paths: LabPaths
    /// The `bump` binary that serves the lab and that Terraform calls, an absolute path.
    let executable: String

    /// - Parameters:
    ///   - directory: the repository's root; it need not exist before `create`.
    ///   - executable: the path of the running `bump` binary.
    package init(directory: String, executable: String) {
        paths = LabPaths(directory)
        self.executable = executable
    }

    /// `bump lab new`: writes the repository, starts the daemon, runs Terraform and returns when
    /// the cluster is healthy (at most two minutes after the apply, at speed 1 and above).
    ///
    /// - Parameters:
    ///   - commit: commits everything that is not ignored in the folder to a new git repository.
    ///   - report: told in one line what is being done or waited for.
    /// - Throws: a `Problem`.
    package func create(
        _ request: LabRequest,
        commit: (_ directory: String, _ message: String) async throws -> Void,
        report: @Sendable (String) -> Void
    ) async throws {
        let request = try request.checked()
        let scenario = try request.scenario.map(Self.scenario)
        try requireEmpty()
        let block = try AddressBlock.claim(for: paths.root, workers: request.workers)
        report("writing the repository \(paths.root), network 127.\(block.x).\(block.y).0/24")
        do {
            try writeFiles(request, block: block)
            let terraform = TerraformRunner(paths: paths)
            report("starting the cluster's daemon")
            try await DaemonProcess(paths: paths, executable: executable).start()
            report("terraform init")
            try await terraform.initialize()
            let count = request.controlPlanes + request.workers
            try await commit(paths.root, "A cluster of \(count) nodes")
            report("terraform apply")
            try await terraform.apply()
        } catch {
            if FileManager.default.fileExists(atPath: paths.control) { try? await stop() }
            block.release()
            throw error
        }
        try await waitUntilHealthy(speed: request.speed, report: report)
        if scenario?.furnishing == .stateful {
            report("applying what users run")
            _ = try await ControlClient(paths: paths).send(.furnish)
        }
        for fault in scenario?.faults ?? [] {
            try await inject(fault)
        }
        report("the cluster is healthy")
    }

    /// `bump lab start`: wakes the lab where it stopped.
    package func start(report: @Sendable (String) -> Void) async throws {
        _ = try LabRecord.load(paths)
        if try await status().running {
            return report("the lab is running already")
        }
        try writeWrapper()
        try await DaemonProcess(paths: paths, executable: executable).start()
        report("the lab is running")
    }

    /// `bump lab stop`: saves the lab and ends its daemon. Nothing happens when it does not run.
    package func stop() async throws {
        _ = try LabRecord.load(paths)
        let client = ControlClient(paths: paths)
        guard let address = client.address else { return }
        do {
            _ = try await client.send(.stop)
        } catch let problem as Problem where problem.kind == .unreachable {
            try? FileManager.default.removeItem(atPath: paths.control)
            return
        }
        for _ in 0..<600 {
            if kill(address.process, 0) != 0 || client.address == nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Problem(
            .unreachable, "The lab's daemon does not end.", at: paths.root,
            fix: "kill \(address.process)")
    }

    /// `bump lab status`. A lab that does not run is no error.
    package func status() async throws -> LabStatus {
        _ = try LabRecord.load(paths)
        do {
            let reply = try await ControlClient(paths: paths).send(.status)
            return reply.status ?? LabStatus(directory: paths.root)
        } catch let problem as Problem where problem.kind == .unreachable {
            return LabStatus(directory: paths.root)
        }
    }

    /// `bump lab events`: the ground truth from the lab's first day on, oldest first. The lab
    /// need not run. One JSON object a line, or a line for people.
    package func events(json: Bool) throws -> [String] {
        _ = try LabRecord.load(paths)
        let records = EventLog.read(path: paths.events)
        if !json { return records.map(\.line) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    }

    /// `bump lab fault`: throws a `Problem` (usage) for an unknown fault or node.
    package func fault(_ name: String, node: String?) async throws {
        guard let fault = Fault(rawValue: name) else {
            let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.usage, "There is no fault `\(name)`.", fix: "Pass one of \(known).")
        }
        _ = try LabRecord.load(paths)
        _ = try await ControlClient(paths: paths).send(.inject(fault, node.map { NodeName($0) }))
    }

    /// `bump lab credentials`: writes talosconfig and kubeconfig anew. Their certificates end after
    /// `duration`; the cluster itself does not notice.
    package func writeCredentials(validFor duration: Duration) async throws {
        let status = try await status()
        guard let pki = try PKI.load(path: paths.pki), let name = status.cluster,
            let endpoint = status.endpoint
        else {
            throw Problem(
                .refused, "The lab has no cluster that runs.", at: paths.root,
                fix: "bump lab start \(paths.root)")
        }
        let planes = status.nodes.filter { $0.role == Role.controlPlane.rawValue }
        let validity = Authority.Validity(seconds: duration / .seconds(1))
        let talosconfig = try pki.talosconfig(
            cluster: name, endpoints: planes.map(\.address), validity: validity)
        let kubeconfig = try pki.kubeconfig(cluster: name, server: endpoint, validity: validity)
        try PrivateFile.write(Data(talosconfig.utf8), to: paths.talosconfig)
        try PrivateFile.write(Data(kubeconfig.utf8), to: paths.kubeconfig)
    }

    /// `bump lab scenarios`.
    package static var scenarios: [Scenario] { Scenario.all }

    /// `bump lab serve`: the daemon itself; returns when the lab is stopped.
    package func serve() async throws {
        try await Daemon(directory: paths.root).run()
    }

    private static func scenario(_ name: String) throws -> Scenario {
        if let scenario = Scenario.named(name) { return scenario }
        let known = Scenario.all.map(\.name).joined(separator: ", ")
        throw Problem(.usage, "There is no scenario `\(name)`.", fix: "Pass one of \(known).")
    }

    private func inject(_ injected: Scenario.InjectedFault) async throws {
        let nodes = try await status().nodes
        func pick(_ role: Role, _ number: Int) -> String? {
            let names = nodes.filter { $0.role == role.rawValue }.map(\.name)
            return names.indices.contains(number) ? names[number] : names.last
        }
        let node: String? =
            switch injected.place {
            case .anywhere: nil
            case .controlPlane(let number): pick(.controlPlane, number)
            case .worker(let number): pick(.worker, number)
            }
        try await fault(injected.fault.rawValue, node: node)
    }

    private func waitUntilHealthy(
        speed: Double, report: @Sendable (String) -> Void
    ) async throws {
        let limit = Duration.seconds(120) * max(1, 1 / speed)
        let start = ContinuousClock.now
        var said = ContinuousClock.now
        var missing: [String] = []
        while ContinuousClock.now - start < limit {
            let status = try await status()
            if status.healthy { return }
            missing = status.waitingFor
            if ContinuousClock.now - said > .seconds(3) {
                said = ContinuousClock.now
                report("waiting for \(missing.prefix(3).joined(separator: "; "))")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Problem(
            .unreachable, "The cluster is not healthy in time.", at: paths.root,
            details: Array(missing.prefix(8)), fix: "bump lab status \(paths.root)")
    }
}
