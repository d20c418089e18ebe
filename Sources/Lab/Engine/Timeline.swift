package import Foundation

/// Which real time belongs to which virtual time. A lab that was stopped and started again has
/// one anchor for each start.
package struct Timeline: Sendable, Codable {
    private var anchors: [Anchor] = []

    private struct Anchor: Sendable, Codable {
        var virtual: Duration
        var real: Date
        var speed: Double
    }

    package init() {}

    /// From the virtual time on, real time runs from `real`, slower by `speed`.
    package mutating func anchor(_ virtual: Duration, at real: Date, speed: Double) {
        anchors.append(Anchor(virtual: virtual, real: real, speed: speed))
    }

    /// The virtual time of the newest anchor, zero when there is none.
    package var lastAnchor: Duration { anchors.last?.virtual ?? .zero }

    package func date(at time: Duration) -> Date {
        guard let anchor = anchors.last(where: { $0.virtual <= time }) ?? anchors.first else {
            return Date(timeIntervalSince1970: time / .seconds(1))
        }
        return anchor.real + ((time - anchor.virtual) / .seconds(1)) / anchor.speed
    }
}
