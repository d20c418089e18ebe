import Execution
import Model
import Simulation

/// A rebuild: what Terraform destroys and makes, and what Velero brings back.
extension SimulatedWorld {
    /// What a rebuild has done so far, outside the cluster.
    struct Rebuilding: Sendable {
        var isRescued = false
        /// Backups in the bucket, which outlives the cluster.
        var bucket: [EmulatedBackup] = []
        var restored: String?
        var fluxIsSuspended = false
    }

    /// Gives when it will be done.
    mutating func rebuild(_ operation: Operation) throws -> Duration {
        switch operation {
        case .rescue: rebuilding.isRescued = true
        case .destroyInfrastructure: return try destroy()
        case .buildInfrastructure: return try build()
        case .reconnect: try wait(for: "Kubernetes to answer") { $0.apiIsAvailable }
        case .proveBackup(let name): try proveBackup(name)
        case .awaitVelero: try awaitVelero()
        case .awaitBackup(let name):
            try awaitVelero()
            for backup in rebuilding.bucket { cluster.adoptBackup(backup) }
            try proveBackup(name)
        case .setLocations(let readOnly): try setLocations(readOnly: readOnly)
        case .setFlux(let suspended):
            guard answersKubernetes else { throw Self.noKubernetes }
            rebuilding.fluxIsSuspended = suspended
        case .restore(_, let backup):
            try proveBackup(backup)
            rebuilding.restored = backup
        default: break
        }
        return now + .seconds(1)
    }

    /// Complete, and where it can be read.
    func isWhole(_ backup: String) -> Bool {
        guard let known = cluster.backups[backup] else { return false }
        return known.phase == .completed && cluster.locations[known.location]?.isAvailable == true
    }

    private func proveBackup(_ name: String) throws {
        guard answersKubernetes else { throw Self.noKubernetes }
        guard isWhole(name) else {
            throw Problem(
                .stopped, "The backup \(name) is not Completed.",
                fix: "bump rebuild --backup NAME")
        }
    }

    /// With the machines the cluster goes, and the Lease in it.
    private mutating func destroy() throws -> Duration {
        if !cluster.backups.isEmpty {
            rebuilding.bucket = cluster.backups.values.sorted { $0.name < $1.name }
        }
        let fails = takesFailure()
        for name in cluster.machineNames.prefix(fails ? 1 : .max) {
            cluster.destroyMachine(name, by: "terraform")
        }
        isLocked = false
        if fails { throw Self.terraformFailed }
        return now + .seconds(10)
    }

    private mutating func build() throws -> Duration {
        let fails = takesFailure()
        for var machine in machines.prefix(fails ? 1 : .max) {
            machine.talos = Version(repository.declared)
            cluster.createMachine(machine, by: "terraform")
        }
        if fails { throw Self.terraformFailed }
        return now + .seconds(5)
    }

    /// Terraform gets one machine done, and fails.
    private mutating func takesFailure() -> Bool {
        guard terraform == .applyFails else { return false }
        terraform = .works
        return true
    }

    private mutating func awaitVelero() throws {
        try wait(for: "Velero") { cluster in
            cluster.veleroRuns && cluster.locations.values.contains(where: \.isAvailable)
        }
    }

    /// As the live adapters wait: within bounds, looking again and again.
    private mutating func wait(
        for what: String, until holds: (EmulatedCluster) -> Bool
    ) throws {
        for _ in 0..<90 where !(answersKubernetes && holds(cluster)) {
            cluster.advance(to: now + .seconds(1))
        }
        guard answersKubernetes, holds(cluster) else {
            throw Problem(
                .stopped, "The wait for \(what) has not ended.", fix: "bump resume")
        }
    }

    private mutating func setLocations(readOnly: Bool) throws {
        guard answersKubernetes else { throw Self.noKubernetes }
        for var location in cluster.locations.values {
            location.isReadOnly = readOnly
            cluster.putLocation(location)
        }
    }

    private static let terraformFailed = Problem(.stopped, "Terraform failed.", fix: "bump resume")
}
