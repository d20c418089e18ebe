import Foundation
import Model
import Simulation

extension Daemon {
    /// Saves every few seconds what changed, less often when that takes long; ends the daemon
    /// when the lab's folder is gone.
    func saveNowAndThen() async {
        var pause = Self.savePeriod
        while (try? await Task.sleep(for: pause)) != nil {
            guard FileManager.default.fileExists(atPath: paths.record) else {
                DaemonLog.write("the lab's folder is gone")
                end()
                return
            }
            let clock = ContinuousClock()
            let spent = clock.measure { save() }
            pause = max(Self.savePeriod, spent * 20)
        }
    }

    /// Writes `.lab/state.json` when something changed since the last time, and nothing when the
    /// lab's folder is gone.
    func save() {
        guard let live = present, FileManager.default.fileExists(atPath: paths.record) else {
            return
        }
        let (value, revision) = live.saved()
        guard savedRevision.exchange(revision, of: live) else { return }
        do {
            try PrivateFile.write(try JSONEncoder().encode(value), to: paths.state)
        } catch {
            DaemonLog.write("the state was not saved: \(Problem(error).summary)")
        }
    }

    /// The cluster of the last time; nil when there was none.
    func loadSaved() throws -> LiveCluster? {
        guard let bytes = FileManager.default.contents(atPath: paths.state),
            let pki = try PKI.load(path: paths.pki)
        else { return nil }
        let saved: LiveCluster.Saved
        do {
            saved = try JSONDecoder().decode(LiveCluster.Saved.self, from: bytes)
        } catch {
            throw Problem(
                .refused, "The lab's state cannot be read.", at: paths.state,
                fix: "Make a new lab with `bump lab new DIR`.")
        }
        return try LiveCluster(
            order: saved.order, pki: pki, cluster: saved.cluster, timeline: saved.timeline,
            kubernetes: saved.kubernetes, paths: paths, shelf: shelf, request: record.request)
    }

    private static let savePeriod = Duration.seconds(3)
}

extension LabStatus {
    /// What is known of the cluster, and what a healthy one lacks.
    mutating func fill(from cluster: EmulatedCluster) {
        healthy = cluster.isHealthy && !cluster.machines.isEmpty
        for machine in cluster.machines.values.sorted(by: { $0.name < $1.name }) {
            let node = cluster.nodes[machine.name]
            let isReady = machine.isReady && node?.isReady == true
            nodes.append(
                Node(
                    name: machine.name.text, role: machine.role.rawValue,
                    address: machine.address.text, talosVersion: machine.version.tag,
                    kubeletVersion: machine.kubeletVersion.tag, stage: machine.stage.rawValue,
                    ready: isReady))
            if isReady { continue }
            let reason = machine.unmetConditions.first.map { "\($0.name): \($0.reason)" }
            waitingFor.append(
                "\(machine.name): \(reason ?? (node == nil ? "not registered" : "not Ready"))")
        }
        if cluster.machines.isEmpty { waitingFor.append("machines: none was made yet") }
        if !cluster.quorate { waitingFor.append("etcd: no quorum") }
        if !healthy && waitingFor.isEmpty {
            let pending = cluster.pods.values.filter { !$0.isReady }
                .map { "\($0.namespace)/\($0.name)" }.sorted()
            waitingFor.append("pods: \(pending.prefix(5).joined(separator: ", "))")
        }
    }
}
