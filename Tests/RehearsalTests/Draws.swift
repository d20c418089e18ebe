import Model
import Simulation

@testable import Rehearsal

extension Draw {
    /// An upgrade in which nothing goes wrong by itself.
    static func quiet(
        controlPlanes: Int = 3, workers: Int = 3, _ generation: Generation
    ) -> Draw {
        var draw = Draw(seed: 1)
        draw.controlPlanes = controlPlanes
        draw.workers = workers
        (draw.talos, draw.target, draw.kubernetes) = generation.route
        draw.extensions = []
        draw.faults = []
        draw.disturbances = []
        draw.terraform = .works
        draw.cordoned = nil
        draw.lagging = nil
        draw.crashes = 0
        draw.losses = 0
        draw.abortsWhenStopped = false
        draw.abortsWhenKilled = false
        draw.leaks = false
        draw.options.maxUnavailable = 1
        draw.options.soak = .zero
        draw.options.onFailure = .rollback
        draw.options.backup = true
        draw.options.commit = true
        draw.options.push = false
        draw.options.apply = .after
        return draw
    }

    /// A rebuild in which nothing goes wrong by itself.
    static func quietRebuild(
        controlPlanes: Int = 3, workers: Int = 2, from phase: EmulatedBackup.Phase = .completed
    ) -> Draw {
        var draw = quiet(controlPlanes: controlPlanes, workers: workers, .legacy)
        draw.task = .rebuild(phase)
        draw.options.onFailure = .stop
        return draw
    }

    /// The two ways in which Talos is upgraded.
    enum Generation: CaseIterable, Sendable {
        case legacy, lifecycle

        var route: (Version, Version, Version) {
            switch self {
            case .legacy: (Version(1, 9, 2), Version(1, 9, 4), Version(1, 32, 0))
            case .lifecycle: (Version(1, 13, 0), Version(1, 13, 9), Version(1, 35, 4))
            }
        }
    }
}
