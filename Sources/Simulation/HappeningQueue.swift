import Model

/// Something due at a time. Equal times fire in the order in which they were scheduled.
struct Happening: Sendable, Codable {
    var time: Duration
    var order: UInt64
    var kind: Kind

    enum Kind: Sendable, Codable {
        /// The next stage of what a machine does, unless it does something else by then.
        case machine(NodeName, epoch: Int, MachineStep)
        case installerDone(NodeName, epoch: Int)
        case podStarted(ObjectUID)
        case podGone(ObjectUID)
        case election
        case endpointMoves
        case furnishing
        case nodeUnheard(NodeName, since: Duration)
        case nodeAbandoned(NodeName, since: Duration)
        case backupProgress(String)
        case componentSwapped(NodeName, epoch: Int, SystemComponent, by: String)
    }
}

/// Where a machine is in a sequence.
enum MachineStep: Int, Sendable, Codable {
    case drain, stopServices, install, fail, goDown, boot
    case apiUp, etcdUp, kubeletUp, controlPlaneUp, settled, flapDown, flapUp
}

/// What a machine is busy with; holds its sequence lock.
enum MachineSequence: String, Sendable, Codable {
    case boot, upgrade, reboot, shutdown, rollback, reset
    case stageUpgrade
}

/// A binary heap of happenings, the earliest first.
struct HappeningQueue: Sendable, Codable {
    private var heap: [Happening] = []
    private var scheduled: UInt64 = 0

    var next: Duration? { heap.isEmpty ? nil : heap[0].time }
    var count: Int { heap.count }

    mutating func schedule(_ kind: Happening.Kind, at time: Duration) {
        scheduled += 1
        heap.append(Happening(time: time, order: scheduled, kind: kind))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest one that is due by `time`.
    mutating func takeDue(by time: Duration) -> Happening? {
        guard !heap.isEmpty, heap[0].time <= time else { return nil }
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        sink()
        return first
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (heap[left].time, heap[right].time)
        return a == b ? heap[left].order < heap[right].order : a < b
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if precedes(child, smallest) { smallest = child }
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
