package import Model
import Simulation

/// What `bump lab new` was asked for.
package struct LabRequest: Sendable, Codable, Equatable {
    package var controlPlanes: Int
    package var workers: Int
    package var talos: Version
    package var kubernetes: Version
    /// Short names of official system extensions.
    package var extensions: [String]
    /// A named scenario, whose faults are injected once the cluster is healthy.
    package var scenario: String?
    package var seed: UInt64
    /// Virtual seconds in a real one.
    package var speed: Double

    package init(
        controlPlanes: Int = 1, workers: Int = 2, talos: Version = Version(1, 9, 2),
        kubernetes: Version = Version(1, 32, 0), extensions: [String] = ["qemu-guest-agent"],
        scenario: String? = nil, seed: UInt64 = 1, speed: Double = 1
    ) {
        self.controlPlanes = controlPlanes
        self.workers = workers
        self.talos = talos
        self.kubernetes = kubernetes
        self.extensions = extensions
        self.scenario = scenario
        self.seed = seed
        self.speed = speed
    }

    /// The scenario that was asked for.
    var named: Scenario? { scenario.flatMap { Scenario.named($0) } }

    /// Throws a `Problem` (usage) for what no lab can be made of.
    package func checked() throws -> LabRequest {
        func usage(_ summary: String, fix: String) -> Problem { Problem(.usage, summary, fix: fix) }
        guard (1...9).contains(controlPlanes) else {
            throw usage(
                "A cluster has 1 to 9 control planes, not \(controlPlanes).",
                fix: "Pass `--control-planes 3`.")
        }
        guard (0...5000).contains(workers) else {
            throw usage(
                "A lab has 0 to 5000 workers, not \(workers).", fix: "Pass `--workers 2`.")
        }
        guard speed.isFinite, (0.1...100).contains(speed) else {
            throw usage("The speed is from 0.1 to 100.", fix: "Pass `--speed 10`.")
        }
        for name in extensions where !Self.isExtensionName(name) {
            throw usage(
                "`\(name)` is not the name of a system extension.",
                fix: "Pass names like `--extensions qemu-guest-agent,iscsi-tools`.")
        }
        return self
    }

    private static func isExtensionName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 47
            }
    }
}
