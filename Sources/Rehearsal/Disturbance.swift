import Model
import Simulation

/// Something that happens while a run is under way, whoever does it.
struct Disturbance: Sendable, CustomStringConvertible {
    /// Since the run began.
    var after: Duration
    var kind: Kind
    var node: NodeName

    enum Kind: Sendable, Equatable {
        case fault(Fault)
        /// Somebody else cordons the node, or reboots it.
        case cordon, reboot
        /// The Kubernetes API does not answer us for so long; the cluster itself goes on.
        case kubernetesAway(Duration)
        /// The wall clock jumps by so many seconds.
        case clockJump(Double)
        /// The user presses Ctrl-C.
        case interruption
    }

    var description: String {
        let what =
            switch kind {
            case .fault(let fault): "\(fault.rawValue) on \(node)"
            case .cordon: "somebody cordons \(node)"
            case .reboot: "somebody reboots \(node)"
            case .kubernetesAway(let time): "Kubernetes away for \(time.components.seconds) s"
            case .clockJump(let seconds): "the clock jumps by \(Int(seconds)) s"
            case .interruption: "Ctrl-C"
            }
        return "\(what) after \(after.components.seconds) s"
    }

    /// Somebody else who acts on the cluster.
    static let somebody = "somebody"

    static func draw(
        within time: UInt64, on node: NodeName, _ below: (UInt64) -> Int
    ) -> Disturbance {
        let kind: Kind =
            switch below(8) {
            case 0: .cordon
            case 1: .reboot
            case 2: .kubernetesAway(.seconds(1 + below(40)))
            case 3: .clockJump(Double(below(7200) - 3600))
            case 4, 5: .interruption
            default: .fault(faults[below(UInt64(faults.count))])
            }
        return Disturbance(
            after: .milliseconds(below(time * 1000)), kind: kind, node: node)
    }

    private static let faults: [Fault] = [
        .neverBoots, .bootsOld, .unhealthyAfterBoot, .slowBoot, .apiFlap, .extensionMissing,
        .diskFull, .lostStream, .pdbBlocks, .kubeletDown, .nodeNotReady, .etcdMemberLost,
        .staleEtcdMember,
    ]
}
