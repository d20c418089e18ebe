import Execution
import Foundation
import Kubernetes
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The Lease `kube-system/bump` before a run begins: who holds it, whether that run is dead, and
/// whether it may be taken over. A lock is never taken from a run that may live without somebody
/// having said so.
struct ClusterLock {
    let cluster: ClusterClient
    let world: World
    let store: RunStore

    /// How a run of this machine writes itself into the Lease.
    static func holder(of run: RunID, in world: World) -> LeaseHolder {
        LeaseHolder(run: run, host: world.host, process: world.process)
    }

    /// Looks at the lock, and refuses while somebody else holds it.
    ///
    /// - Parameters:
    ///   - own: the run to be taken up again; its own lock is no obstacle.
    ///   - takesOver: `--take-over` was said.
    /// - Returns: the holder to take the lock from; nil when it is free, or the run's own.
    func check(own: RunID? = nil, takesOver: Bool) async throws -> String? {
        guard let facts = try await cluster.leaseFacts() else { return nil }
        let owner = LeaseHolder.owner(in: facts.holder)
        if let own,
            owner == LeaseHolder.owner(in: Self.holder(of: own, in: world).description)
        {
            return nil
        }
        let state = state(of: facts)
        if state == .ended || (takesOver && state != .alive) { return facts.holder }
        throw problem(facts, state)
    }

    enum State: Equatable {
        /// Its process runs on this machine.
        case alive
        /// On another machine, with time left: nobody here can tell.
        case maybe
        /// Its process on this machine is gone.
        case gone
        /// It is over, as its journal in this repository says, and could not give it back.
        case ended
        /// Its time is over without a renewal.
        case over
    }

    private func state(of facts: LeaseFacts) -> State {
        if let holder = LeaseHolder(facts.holder), holder.host == world.host {
            if store.hasEnded(holder.run) { return .ended }
            guard isAlive(holder.process) else { return .gone }
            return facts.isOver ? .over : .alive
        }
        return facts.isOver ? .over : .maybe
    }

    /// A process that was killed, and whose parent has not looked yet, still has its number.
    private func isAlive(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 || errno == EPERM else { return false }
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        guard let status, let end = status.lastIndex(of: ")") else { return true }
        return status[end...].dropFirst(2).first != "Z"
    }

    private func problem(_ facts: LeaseFacts, _ state: State) -> Problem {
        let holder = LeaseHolder(facts.holder)
        let end = Date(timeIntervalSince1970: facts.endsAt).formatted(.iso8601)
        let place = "Lease kube-system/bump"
        let run = holder.map { "run \($0.run)" } ?? facts.holder
        let host = holder.map { " on \($0.host)" } ?? ""
        let finish =
            "finish it where it was begun\(host): bump resume or bump abort. If that is not "
            + "possible any more, look at bump status and add --take-over"
        switch state {
        case .alive:
            return Problem(
                .refused, "Another run holds the cluster's lock: \(run)\(host).", at: place,
                details: holder.map { ["It is process \($0.process) of this machine."] } ?? [],
                fix: "wait for it, or stop it with Ctrl-C")
        case .maybe:
            return Problem(
                .refused, "Another run holds the cluster's lock: \(run)\(host).", at: place,
                details: ["Unless it renews it, its time is over at \(end)."],
                fix: "wait for it to end. If its machine is dead: --take-over")
        case .gone, .ended:
            return Problem(
                .refused, "The cluster's lock was left behind by \(run): it was killed.", at: place,
                details: holder.map { ["Its process \($0.process) on this machine is gone."] }
                    ?? [],
                fix: finish)
        case .over:
            return Problem(
                .refused,
                "The cluster's lock was left behind by \(run)\(host): it was killed, or cut off.",
                at: place, details: ["It was not renewed, and its time was over at \(end)."],
                fix: finish)
        }
    }
}
