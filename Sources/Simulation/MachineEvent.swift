package import Model

/// One element of a node's event stream (`machine.Event`).
package struct MachineEvent: Sendable, Codable {
    /// Counts up from the boot.
    package var sequence: UInt64
    /// Empty when no API call caused it.
    package var actorID: String
    package var time: Duration
    package var payload: Payload

    /// Sortable, unique on its node: 20 characters, like an xid.
    package var id: String {
        let digits = String(sequence, radix: 32)
        return "c" + String(repeating: "0", count: max(0, 19 - digits.count)) + digits
    }

    /// What it says. Names are the words of Talos.
    package enum Payload: Sendable, Codable, Equatable {
        case sequence(String, SequenceAction, error: SequenceError?)
        case phase(String, isStart: Bool)
        case task(String, isStart: Bool)
        case serviceState(Service, ServiceAction, message: String)
        case machineStatus(MachineStage, isReady: Bool, unmet: [UnmetCondition])
        case restart(command: Int64)
    }

    /// `SequenceEvent.Action`; raw values are the numbers on the wire.
    package enum SequenceAction: Int, Sendable, Codable {
        case noop, start, stop
    }

    /// `ServiceStateEvent.Action`; raw values are the numbers on the wire.
    package enum ServiceAction: Int, Sendable, Codable {
        case initialized, preparing, waiting, running, stopping, finished, failed, skipped, starting
    }

    /// `common.Error` of a sequence.
    package struct SequenceError: Sendable, Codable, Equatable {
        package var code: Code
        package var message: String

        /// `common.Code`; raw values are the numbers on the wire.
        package enum Code: Int, Sendable, Codable {
            case fatal = 0
            case locked = 1
            case canceled = 2
        }
    }
}

/// The last events of one boot.
struct MachineEventRing: Sendable, Codable {
    private var events: [MachineEvent] = []
    private var start = 0
    private var last: UInt64 = 0

    /// Oldest first. Source: a ring of 1000 of which 990 can be replayed.
    var all: [MachineEvent] {
        let ordered = Array(events[start...]) + Array(events[..<start])
        return Array(ordered.suffix(990))
    }

    mutating func append(_ payload: MachineEvent.Payload, actorID: String, at time: Duration) {
        last += 1
        let event = MachineEvent(sequence: last, actorID: actorID, time: time, payload: payload)
        if events.count < 1000 {
            events.append(event)
        } else {
            events[start] = event
            start = (start + 1) % events.count
        }
    }

    /// A boot forgets what was; the ids go on.
    mutating func forget() {
        events.removeAll(keepingCapacity: true)
        start = 0
    }
}
