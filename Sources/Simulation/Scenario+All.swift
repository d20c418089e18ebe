import Model

extension Scenario {
    /// All of them, the harmless ones first. Numbers refer to published stories of upgrades that
    /// went wrong: siderolabs/talos unless another repository is named.
    package static let all: [Scenario] =
        harmless + configurations + bootTroubles + clusterTroubles + kubernetesTroubles

    private static let harmless = [
        Scenario("healthy", "one control plane, two workers, nothing wrong"),
        Scenario("single-node", "one machine that is everything", workers: 0),
        Scenario(
            "highly-available", "three control planes, three workers", controlPlanes: 3,
            workers: 3),
        Scenario(
            "lifecycle", "Talos 1.13, where installs and reboots are separate calls",
            controlPlanes: 3, talos: Version(1, 13, 0), kubernetes: Version(1, 35, 4)),
        Scenario(
            "two-control-planes", "two control planes: no member may go without losing quorum",
            controlPlanes: 2),
        Scenario(
            "long-way", "Talos 1.8, several minors behind", controlPlanes: 3,
            talos: Version(1, 8, 0), kubernetes: Version(1, 31, 1)),
        Scenario("crowd", "three control planes, twenty workers", controlPlanes: 3, workers: 20),
    ]

    private static let configurations = [
        Scenario(
            "gpu-worker", "the last worker has a schematic of its own",
            workerExtensions: [
                1: ["nvidia-container-toolkit-lts", "nvidia-open-gpu-kernel-modules-lts"]
            ]),
        Scenario(
            "commented-config", "machine configs of several documents, with comments and quotes",
            configStyle: .commented),
        Scenario(
            "anchored-config", "machine configs with anchors and merge keys",
            configStyle: .anchored),
        Scenario("crlf-config", "machine configs whose lines end in CRLF", configStyle: .crlf),
        Scenario(
            "document-config", "Talos 1.14, each component of Kubernetes in its own document",
            talos: Version(1, 14, 0), kubernetes: Version(1, 36, 3), configStyle: .documents),
        Scenario(
            "substring-filter", "Terraform picks extensions by substring: it drops and doubles",
            hasSubstringFilter: true),
        Scenario(
            "schematic-file", "the image is a schematic in a file, with no list of extensions",
            schematicKeeping: .file),
        Scenario(
            "schematic-id", "the repository has only the id of the image's schematic",
            schematicKeeping: .id),
        Scenario(
            "no-schematic", "nothing in the repository says which extensions there are",
            schematicKeeping: .nowhere),
    ]

    private static let bootTroubles = [
        Scenario(
            "fall-back", "the first worker comes back on the old version (#9369, omni#1552)",
            faults: [InjectedFault(.bootsOld, .worker(0))]),
        Scenario(
            "fall-back-lifecycle", "the same on Talos 1.13", talos: Version(1, 13, 0),
            kubernetes: Version(1, 35, 4), faults: [InjectedFault(.bootsOld, .worker(0))]),
        Scenario(
            "never-back", "the second worker does not come back (#13579)",
            faults: [InjectedFault(.neverBoots, .worker(1))]),
        Scenario(
            "sick-worker", "the first worker runs the new version, but never gets ready (#12726)",
            faults: [InjectedFault(.unhealthyAfterBoot, .worker(0))]),
        Scenario(
            "sick-control-plane", "a control plane's etcd does not come back (#8759)",
            controlPlanes: 3, faults: [InjectedFault(.unhealthyAfterBoot, .controlPlane(0))]),
        Scenario(
            "slow-boot", "one worker boots five times as slowly",
            faults: [InjectedFault(.slowBoot, .worker(0))]),
        Scenario(
            "missing-extension", "one worker comes back without its extension (#9354)",
            faults: [InjectedFault(.extensionMissing, .worker(0))]),
        Scenario(
            "disk-full", "the installer of one worker finds no room (#12551)",
            faults: [InjectedFault(.diskFull, .worker(0))]),
        Scenario(
            "lost-stream", "an install's stream ends without an exit code",
            talos: Version(1, 13, 0), kubernetes: Version(1, 35, 4),
            faults: [InjectedFault(.lostStream, .worker(0))]),
    ]

    private static let clusterTroubles = [
        Scenario(
            "stateful", "volumes with contents, custom resources and Flux: what a restore is for",
            controlPlanes: 3, workers: 3, furnishing: .stateful),
        Scenario(
            "no-velero", "Velero is not there until somebody applies .lab/velero",
            hasVelero: false, furnishing: .stateful),
        Scenario(
            "hanging-backup", "the backup before the upgrade makes no progress",
            faults: [InjectedFault(.backupHangs, .anywhere)]),
        Scenario(
            "no-location", "the backup location cannot be reached",
            faults: [InjectedFault(.locationUnavailable, .anywhere)]),
        Scenario(
            "no-node-agent", "Velero's node-agent runs nowhere", furnishing: .stateful,
            faults: [InjectedFault(.nodeAgentMissing, .anywhere)]),
        Scenario(
            "blocked-drain", "a budget without room guards a pod (tuppr#575, longhorn#1286)",
            faults: [InjectedFault(.pdbBlocks, .worker(0))]),
        Scenario(
            "flapping-api", "one worker's Talos API drops now and then",
            faults: [InjectedFault(.apiFlap, .worker(0))]),
        Scenario(
            "lost-member", "etcd of one control plane is gone (#9153)", controlPlanes: 3,
            faults: [InjectedFault(.etcdMemberLost, .controlPlane(2))]),
        Scenario(
            "stale-member", "etcd lists a member whose machine is gone", controlPlanes: 3,
            faults: [InjectedFault(.staleEtcdMember, .anywhere)]),
        Scenario(
            "no-image", "the registry fails once",
            faults: [InjectedFault(.imagePullFails, .worker(0))]),
        Scenario(
            "failed-backup", "the backup before the upgrade fails",
            faults: [InjectedFault(.backupFails, .anywhere)]),
        Scenario(
            "partial-backup", "the backup before the upgrade ends with errors",
            faults: [InjectedFault(.backupPartial, .anywhere)]),
        Scenario(
            "silent-kubelet", "one worker's kubelet is down before anything begins",
            faults: [InjectedFault(.kubeletDown, .worker(1))]),
        Scenario(
            "not-ready", "one worker is not ready before anything begins (#9991)",
            faults: [InjectedFault(.nodeNotReady, .worker(1))]),
    ]

    private static let kubernetesTroubles = [
        Scenario(
            "kubelet-never-back", "one kubelet does not come back on its new version",
            faults: [InjectedFault(.kubeletNeverBack, .worker(0))]),
        Scenario(
            "apiserver-crash-loops", "the first API server crash-loops on its new version",
            controlPlanes: 3, workers: 3,
            faults: [InjectedFault(.apiserverCrashLoops, .controlPlane(0))]),
        Scenario(
            "two-minors-behind", "Kubernetes 1.31 on a Talos that takes 1.33",
            controlPlanes: 3, workers: 3, talos: Version(1, 10, 6),
            kubernetes: Version(1, 31, 4)),
        Scenario(
            "factory-down", "the Image Factory does not answer",
            faults: [InjectedFault(.factoryDown, .anywhere)]),
        Scenario(
            "feeds-rate-limited", "the release feeds answer no more this hour",
            faults: [InjectedFault(.feedsLimited, .anywhere)]),
    ]
}
