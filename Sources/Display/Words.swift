import Model

/// The words for the nouns and verbs of a plan.
enum Words {
    static func role(_ role: Role) -> String {
        switch role {
        case .controlPlane: "control plane"
        case .worker: "worker"
        }
    }

    /// What a step does to its node, without the node's name.
    static func deed(_ step: Step) -> String {
        switch step.action {
        case .perform(let operation): deed(operation) ?? step.title
        case .drain: "drain"
        case .prove, .proveComponent: "prove"
        case .check: "check"
        case .soak(let duration): "watch for \(Moment.elapsed(Double(duration.components.seconds)))"
        }
    }

    /// Whether an action takes pods or the machine away.
    static func disturbs(_ action: Step.Action) -> Bool {
        switch action {
        case .drain: true
        case .perform(let operation):
            switch operation {
            case .upgrade, .reboot, .rollback, .evict, .cordon: true
            default: false
            }
        case .prove, .proveComponent, .check, .soak: false
        }
    }

    /// What a gate asks, as the end of “each waits until …”.
    static func condition(_ gate: Gate) -> String {
        switch gate {
        case .nodesReady: "the other nodes are Ready"
        case .etcdAllowsTakingDown: "etcd can do without it"
        case .machineReady: "the machine itself is ready"
        case .stillInBoot: "it has not booted since it was installed"
        }
    }

    /// Nil for operations that are about no node.
    private static func deed(_ operation: Operation) -> String? {
        switch operation {
        case .snapshotEtcd: "save an etcd snapshot"
        case .pull: "pull the installer"
        case .upgrade: "upgrade and reboot"
        case .install: "install"
        case .awaitInstaller: "let its installer end"
        case .reboot: "reboot"
        case .rollback: "roll back"
        case .forfeitLeadership: "hand on etcd leadership"
        case .prefetch(let component, _, _): "pull \(component.rawValue)"
        case .setImage(let component, _, _): "set the image of \(component.rawValue)"
        case .cordon: "cordon"
        case .uncordon: "uncordon"
        case .takeLocks, .releaseLocks, .backUp, .edit, .undoEdit, .reviewInfrastructure, .commit,
            .applyInfrastructure, .applyManifests, .verifySchematic, .rescue,
            .destroyInfrastructure, .buildInfrastructure, .reconnect,
            .runHook, .proveBackup, .awaitVelero, .awaitBackup, .setLocations, .setFlux, .restore,
            .restoreFlux, .compare,
            .evict, .push:
            nil
        }
    }
}
