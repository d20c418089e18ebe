import ArgumentParser
import Model
import Planning

struct KubernetesCommand: AsyncParsableCommand, SharedOptionsHolding {
    static let configuration = CommandConfiguration(
        commandName: "kubernetes",
        abstract: "Upgrade Kubernetes: control plane, then kubelets. No node reboots.",
        discussion: """
            bump kubernetes 1.32.2          the control plane's components, then the kubelets
            bump kubernetes 1.33.1 --plan   show what that would do

            Minors are walked one at a time, each at its latest patch. Pods stay where they are. \
            The way back is `bump rollback --kubernetes VERSION`.
            """,
        aliases: ["k8s"])

    @Argument(
        help: ArgumentHelp(
            "The Kubernetes version to go to, latest or latest-patch; the v is optional.",
            valueName: "version"))
    var version: String

    @OptionGroup var options: UpgradeOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        try TargetWord.check(version, .kubernetes)
        let journey = Journey(talos: nil, kubernetes: version)
        try await Upgrade(shared: shared, options: options).walk(journey.next)
    }
}
