import Testing

/// One of the two ways in which Talos is upgraded, with versions that stand for it.
struct Generation: Sendable, CustomTestStringConvertible {
    var from: String
    var to: String
    var kubernetes: String

    var testDescription: String { "\(from) to \(to)" }

    /// `MachineService.Upgrade`.
    static let legacy = Generation(from: "v1.9.2", to: "v1.9.4", kubernetes: "1.32.0")
    /// A Talos that runs Kubernetes 1.31 as well as 1.33.
    static let between = Generation(from: "v1.10.6", to: "v1.10.9", kubernetes: "1.31.4")
    /// `LifecycleService.Upgrade` and a reboot.
    static let lifecycle = Generation(from: "v1.13.0", to: "v1.13.9", kubernetes: "1.35.4")
}
