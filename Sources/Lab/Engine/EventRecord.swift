package import Foundation
import Model
package import Simulation

/// One line of `.lab/events.jsonl`: the ground truth as `bump lab events --json` prints it.
package struct EventRecord: Sendable, Codable, Equatable {
    /// Real time, RFC 3339 with milliseconds, UTC.
    package var time: String
    package var kind: String
    /// Nil (null in JSON) when the event is about no node.
    package var node: String?
    package var by: String
    package var detail: String

    package init(_ event: LabEvent, at date: Date) {
        time = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        kind = event.kind.rawValue
        node = event.node?.text
        by = event.by
        detail = event.detail
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(time, forKey: .time)
        try container.encode(kind, forKey: .kind)
        try container.encode(node, forKey: .node)
        try container.encode(by, forKey: .by)
        try container.encode(detail, forKey: .detail)
    }

    /// For people: `18:42:07.120  installed  demo-w-1  admin  v1.9.4`.
    package var line: String {
        let clock = time.split(separator: "T").last.map { String($0.dropLast()) } ?? time
        let who = (node ?? "-").padding(toLength: 18, withPad: " ", startingAt: 0)
        let what = kind.padding(toLength: 20, withPad: " ", startingAt: 0)
        return "\(clock)  \(what)  \(who)  \(by): \(detail)"
    }
}
