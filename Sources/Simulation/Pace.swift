/// How long things take at speed 1, in virtual time.
package enum Pace {
    package static let install = Duration.seconds(2)
    package static let goingDown = Duration.seconds(1)
    package static let boot = Duration.seconds(4)
    /// From the Talos API's return to Ready.
    package static let becomingReady = Duration.seconds(2)
    package static let imagePull = Duration.milliseconds(500)
    package static let podStart = Duration.milliseconds(300)
    package static let podStop = Duration.milliseconds(300)
    /// From the end of an API server to the beginning of the one that replaces it.
    package static let apiServerStart = Duration.milliseconds(800)
    package static let election = Duration.seconds(1)
    /// From the loss of a node's kubelet to NotReady; 40 to 50 s in a real cluster.
    package static let nodeGrace = Duration.seconds(4)
    /// Default toleration of an unreachable node.
    package static let abandonment = Duration.seconds(300)
    package static let endpointGap = Duration.seconds(1)
    package static let backupBase = Duration.seconds(1)
    package static let backupItem = Duration.milliseconds(20)
    /// From one look of Velero into its bucket to the next; a minute in a real cluster.
    package static let backupSync = Duration.seconds(5)
    /// From the beginning of a reconciliation of Flux to its end.
    package static let reconciliation = Duration.seconds(1)
    /// The node's own drain (Talos, `cordonAndDrainNode`).
    package static let ownDrain = Duration.seconds(300)
    package static let evictionRetry = Duration.seconds(5)
    /// From a failed sequence to the reboot that follows.
    package static let failureReboot = Duration.seconds(10)
}
