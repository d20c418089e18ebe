import Execution
import Model
import Planning
import Simulation

/// What a seed stands for: topology, versions, options, faults, disturbances and crashes.
struct Draw: Sendable, CustomStringConvertible {
    let seed: UInt64
    var task = Task.upgrade
    var controlPlanes: Int
    var workers: Int
    var talos: Version
    var target: Version
    var kubernetes: Version
    var extensions: [String]
    var options: PlanOptions
    /// Faults that lie in wait when the run begins.
    var faults: [(fault: Fault, node: NodeName)] = []
    var disturbances: [Disturbance] = []
    /// What Terraform does the first time it is asked.
    var terraform = Terraform.works
    var cordoned: NodeName?
    /// A control plane whose etcd member needs long to catch up after each boot.
    var lagging: NodeName?
    /// How often the process is killed at most, and how many answers or requests get lost.
    var crashes: Int
    var losses: Int
    /// One look of a dozen hangs, instead of one of a few hundred.
    var isDeaf = false
    /// A stopped run is backed out of at once instead of being taken up again.
    var abortsWhenStopped: Bool
    /// A killed run is backed out of instead of being taken up again.
    var abortsWhenKilled: Bool
    /// What fails tells a secret along with it.
    var leaks: Bool

    /// What the run is to do.
    enum Task: Sendable, Equatable {
        /// Of Talos, to the target.
        case upgrade
        /// From this backup, at the target.
        case rebuild(EmulatedBackup.Phase)
    }

    enum Terraform: String, Sendable {
        case works
        case reviewRefuses = "review refuses"
        case reviewFailsOnce = "review fails once"
        case applyFails = "apply fails"
    }

    init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        func below(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
        controlPlanes = [1, 1, 3, 3, 3, 5][below(6)]
        workers = [0, 1, 2, 2, 3, 4][below(6)]
        (talos, target, kubernetes) = Self.routes[below(UInt64(Self.routes.count))]
        extensions = below(3) == 0 ? ["iscsi-tools", "qemu-guest-agent"] : []
        options = Self.options(below)
        crashes = [0, 0, 0, 1, 1, 2][below(6)]
        losses = [0, 0, 0, 1, 2][below(5)]
        abortsWhenStopped = below(3) == 0
        abortsWhenKilled = below(6) == 0
        leaks = below(4) == 0
        let names =
            (0..<controlPlanes).map { NodeName("cp-\($0 + 1)") }
            + (0..<workers).map { NodeName("w-\($0 + 1)") }
        for _ in 0..<[0, 0, 1, 1, 2][below(5)] {
            let fault = Self.faults[below(UInt64(Self.faults.count))]
            faults.append((fault, names[below(UInt64(names.count))]))
        }
        for _ in 0..<[0, 0, 0, 1, 1, 2][below(6)] {
            disturbances.append(
                Disturbance.draw(
                    within: UInt64(12 * names.count + 5), on: names[below(UInt64(names.count))],
                    below))
        }
        disturbances.sort { $0.after < $1.after }
        cordoned = below(8) == 0 ? names[below(UInt64(names.count))] : nil
        lagging = below(4) == 0 ? names[below(UInt64(controlPlanes))] : nil
        switch below(16) {
        case 0: terraform = .reviewRefuses
        case 1: terraform = .applyFails
        case 2, 3: terraform = .reviewFailsOnce
        default: break
        }
        if below(12) == 0 { pairTroubles(names, below) }
        if below(10) == 0 { deafen(names, below) }
        if below(12) == 0 { rebuild(below) }
    }

    /// Looks hang, and something changes: what was seen before one hung is not true after it.
    private mutating func deafen(_ names: [NodeName], _ below: (UInt64) -> Int) {
        isDeaf = true
        losses = 60
        disturbances.append(
            Disturbance(
                after: .seconds(below(UInt64(24 * names.count + 10))),
                kind: .fault(below(2) == 0 ? .staleEtcdMember : .etcdMemberLost),
                node: names[below(UInt64(controlPlanes))]))
        disturbances.append(
            Disturbance(
                after: .seconds(below(UInt64(12 * names.count))), kind: .cordon,
                node: names[below(UInt64(names.count))]))
        disturbances.sort { $0.after < $1.after }
    }

    /// Troubles seldom come alone: a control plane is not healthy on the new version, and etcd is
    /// troubled before it is rolled back.
    private mutating func pairTroubles(_ names: [NodeName], _ below: (UInt64) -> Int) {
        faults.append((.unhealthyAfterBoot, names[below(UInt64(controlPlanes))]))
        disturbances.append(
            Disturbance(
                after: .seconds(10 + below(UInt64(12 * names.count + 80))),
                kind: .fault(below(2) == 0 ? .staleEtcdMember : .etcdMemberLost),
                node: names[below(UInt64(controlPlanes))]))
        disturbances.sort { $0.after < $1.after }
    }

    private static func options(_ below: (UInt64) -> Int) -> PlanOptions {
        var options = PlanOptions()
        options.maxUnavailable = below(4) == 0 ? 2 : 1
        options.soak = below(5) == 0 ? .seconds(5) : .zero
        options.onFailure = below(6) == 0 ? .stop : .rollback
        options.backup = below(6) != 0
        options.commit = below(10) != 0
        options.push = below(6) == 0
        options.apply = [.after, .after, .before, .never][below(4)]
        options.limits.boot = .seconds(90)
        options.limits.drain = .seconds(60)
        options.limits.install = .seconds(60)
        options.limits.gate = .seconds(30)
        return options
    }

    var description: String {
        let what =
            faults.map { "\($0.fault.rawValue) on \($0.node)" }
            + disturbances.map(\.description)
        var parts = [
            title,
            "\(options.maxUnavailable) at once", "\(crashes) crashes", "\(losses) calls lost",
        ]
        if isDeaf { parts.append("looks hang") }
        if let lagging { parts.append("etcd on \(lagging) lags") }
        if let cordoned { parts.append("\(cordoned) cordoned before") }
        if options.onFailure == .stop { parts.append("no rollback") }
        if options.soak > .zero { parts.append("soak") }
        if terraform != .works { parts.append(terraform.rawValue) }
        if abortsWhenStopped { parts.append("aborted when stopped") }
        if abortsWhenKilled { parts.append("aborted when killed") }
        if leaks { parts.append("failures tell a secret") }
        parts.append("faults: " + (what.isEmpty ? "none" : what.joined(separator: ", ")))
        return parts.joined(separator: ", ")
    }

    private var title: String {
        let route = "\(controlPlanes)+\(workers) \(talos) to \(target)"
        return switch task {
        case .upgrade: route
        case .rebuild(let phase): "rebuild of \(route) from a backup that is \(phase.rawValue)"
        }
    }

    /// Draws that share it start from the same healthy cluster.
    var topology: String {
        "\(controlPlanes)+\(workers) \(talos) \(kubernetes) \(extensions.count)"
    }

    /// Whether it can be set up: a node that shrinking took away is not named any more.
    var isConsistent: Bool {
        let known = Set(
            (0..<controlPlanes).map { "cp-\($0 + 1)" } + (0..<workers).map { "w-\($0 + 1)" })
        let named =
            faults.map(\.node) + disturbances.map(\.node)
            + [cordoned, lagging].compactMap(\.self)
        return named.allSatisfy { known.contains($0.text) }
    }

    private static let routes: [(Version, Version, Version)] = [
        (Version(1, 9, 2), Version(1, 9, 4), Version(1, 32, 0)),
        (Version(1, 9, 6), Version(1, 10, 9), Version(1, 32, 0)),
        (Version(1, 10, 9), Version(1, 11, 6), Version(1, 33, 0)),
        (Version(1, 11, 6), Version(1, 12, 12), Version(1, 34, 0)),
        (Version(1, 12, 11), Version(1, 13, 9), Version(1, 34, 0)),
        (Version(1, 13, 0), Version(1, 13, 9), Version(1, 35, 4)),
        (Version(1, 13, 11), Version(1, 14, 2), Version(1, 35, 4)),
    ]

    private static let faults: [Fault] = [
        .neverBoots, .bootsOld, .unhealthyAfterBoot, .slowBoot, .apiFlap, .pdbBlocks,
        .extensionMissing, .imagePullFails, .imageMissing, .backupFails, .backupPartial, .diskFull,
        .lostStream,
        .kubeletDown, .nodeNotReady, .etcdMemberLost, .staleEtcdMember,
    ]
}
