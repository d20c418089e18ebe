import Execution
import Model
import Planning

/// What each node's other boot slot holds, read from the runs of this repository: the last run that
/// took a node down decides, and when how that went is not known, neither is the slot.
struct SlotHistory {
    let store: RunStore

    /// Throws a `Problem` when a run cannot be read: it may be the one that counts.
    func slots(of nodes: [NodeName]) throws -> [NodeName: PreviousSlot] {
        var found: [NodeName: PreviousSlot] = [:]
        var open = Set(nodes)
        for run in try store.runs() {
            if open.isEmpty { break }
            let folder = store.folder(of: run)
            let records = try Journal.read(in: folder)
            guard RunStore.beginning(records) != nil else { continue }
            let memory = Memory(records)
            if memory.intents.keys.allSatisfy({ !$0.contains("/") }) { continue }
            let plan = try folder.loadPlan()
            for (node, end) in Self.ends(of: plan, memory) where open.contains(node) {
                open.remove(node)
                if case .slot(let slot) = end { found[node] = slot }
            }
        }
        return found
    }

    enum End: Equatable {
        case slot(PreviousSlot)
        /// Taken down, and never seen to be back.
        case unclear
    }

    /// How a run left the nodes that it took down.
    static func ends(of plan: Plan, _ memory: Memory) -> [NodeName: End] {
        var ends: [NodeName: End] = [:]
        var isTaken: Set<NodeName> = []
        for step in plan.steps {
            switch step.action {
            case .perform(.upgrade(let node, _)), .perform(.install(let node, _)),
                .perform(.rollback(let node)):
                guard memory.intents[step.id] != nil else { continue }
                isTaken.insert(node.name)
                ends[node.name] = .unclear
            case .prove(let node, let promise) where isTaken.contains(node.name):
                isTaken.remove(node.name)
                if memory.isSettled(step.id) {
                    ends[node.name] = .slot(
                        slot(plan, promise, isKept: true, Self.origin(promise, plan)))
                } else if memory.verdicts[node.name] == .rolledBack {
                    ends[node.name] = .slot(slot(plan, promise, isKept: false, .rolledBack))
                } else if memory.verdicts[node.name] == .fellBack {
                    ends[node.name] = .slot(slot(plan, promise, isKept: false, .fellBack))
                }
            default: break
            }
        }
        return ends
    }

    private static func slot(
        _ plan: Plan, _ promise: Expectation, isKept: Bool, _ origin: PreviousSlot.Origin
    ) -> PreviousSlot {
        PreviousSlot(
            run: plan.id, title: plan.target.title,
            running: isKept ? promise.version : promise.previous,
            runningSchematic: isKept ? promise.schematic : promise.previousSchematic,
            previous: isKept ? promise.previous : promise.version,
            previousSchematic: isKept ? promise.previousSchematic : promise.schematic,
            origin: origin)
    }

    /// An abort of a rollback goes forward: the versions tell, and where they are alike (another
    /// schematic) what was asked for.
    private static func origin(_ promise: Expectation, _ plan: Plan) -> PreviousSlot.Origin {
        if promise.version == promise.previous {
            return plan.target.goesBack ? .rolledBack : .upgraded
        }
        return promise.version < promise.previous ? .rolledBack : .upgraded
    }
}
