import Model

/// The fields of a node that decide which pods it takes. Source: `core/v1.Node`.
struct NodeRoomObject: Decodable, Sendable {
    var metadata: NodeObject.Metadata
    var spec: Spec?
    var status: Status?

    struct Spec: Decodable, Sendable {
        var unschedulable: Bool?
        var taints: [Taint]?
    }

    struct Taint: Decodable, Sendable {
        var key: String
        var value: String?
        var effect: String?
    }

    struct Status: Decodable, Sendable {
        var allocatable: [String: String]?
        var conditions: [NodeObject.Condition]?
    }

    var facts: NodeRoom {
        let conditions = status?.conditions ?? []
        let allocatable = status?.allocatable
        let cpu = Quantity.thousandths(allocatable?["cpu"])
        let memory = Quantity.whole(allocatable?["memory"])
        let pods = Quantity.whole(allocatable?["pods"])
        return NodeRoom(
            name: NodeName(metadata.name),
            isReady: conditions.contains { $0.type == "Ready" && $0.status == "True" },
            isCordoned: spec?.unschedulable ?? false, labels: metadata.labels ?? [:],
            taints: (spec?.taints ?? []).map {
                NodeRoom.Taint(
                    key: $0.key, value: $0.value ?? "", effect: $0.effect ?? "NoSchedule")
            }, allocatable: cpu > 0 && memory > 0 ? .init(cpu: cpu, memory: memory) : nil,
            mostPods: pods > 0 ? Int(clamping: pods) : nil,
            pressures: conditions.filter {
                Self.pressures.contains($0.type) && $0.status == "True"
            }.map { condition in
                let why = condition.message ?? condition.reason ?? ""
                return StatusObject.line("\(condition.type): \(why)")
            })
    }

    private static let pressures: Set = [
        "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable",
    ]
}
