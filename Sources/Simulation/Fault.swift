/// Something that goes wrong. Most are consumed when their moment comes; `heal` undoes the rest.
package enum Fault: String, Sendable, Codable, Hashable, CaseIterable {
    case neverBoots = "never-boots"
    case bootsOld = "boots-old"
    case unhealthyAfterBoot = "unhealthy-after-boot"
    case slowBoot = "slow-boot"
    case apiFlap = "api-flap"
    case etcdMemberLost = "etcd-member-lost"
    case staleEtcdMember = "stale-etcd-member"
    case pdbBlocks = "pdb-blocks"
    case extensionMissing = "extension-missing"
    case imagePullFails = "image-pull-fails"
    case imageMissing = "image-missing"
    case backupFails = "backup-fails"
    case backupPartial = "backup-partial"
    case backupHangs = "backup-hangs"
    case locationUnavailable = "location-unavailable"
    case wrongCredentials = "backup-credentials-wrong"
    case nodeAgentMissing = "node-agent-missing"
    case restoreFails = "restore-fails"
    case restorePartial = "restore-partial"
    case diskFull = "disk-full"
    case lostStream = "lost-stream"
    case kubeletDown = "kubelet-down"
    case nodeNotReady = "node-not-ready"
    case kubeletNeverBack = "kubelet-never-back"
    case apiserverCrashLoops = "apiserver-crash-loops"
    case factoryDown = "factory-down"
    case factoryGarbage = "factory-garbage"
    case factorySlow = "factory-slow"
    case feedsDown = "feeds-down"
    case feedsGarbage = "feeds-garbage"
    case feedsSlow = "feeds-slow"
    case feedsLimited = "feeds-rate-limited"
    case heal

    /// One line for a list of faults.
    package var explanation: String {
        switch self {
        case .neverBoots: "after the next install and reboot the node does not come back"
        case .bootsOld: "after the next install the node comes back on the old version"
        case .unhealthyAfterBoot: "after the next install the node runs the new version, but sick"
        case .slowBoot: "the next boot takes five times as long"
        case .apiFlap: "the node's Talos API drops now and then for twenty seconds"
        case .etcdMemberLost: "the node's etcd member is gone from the cluster"
        case .staleEtcdMember: "etcd still lists a member whose machine is gone"
        case .pdbBlocks: "a budget without room guards a pod of the node"
        case .extensionMissing: "after the next install one system extension is missing"
        case .imagePullFails: "the next pull of an image on the node fails"
        case .imageMissing: "no registry has what the node is told to pull, until healed"
        case .backupFails: "the next backup fails"
        case .backupPartial: "the next backup ends with errors"
        case .backupHangs: "the next backup makes no progress, until healed"
        case .locationUnavailable: "the backup location cannot be reached, until healed"
        case .wrongCredentials: "the backup location refuses its credentials, until healed"
        case .nodeAgentMissing: "Velero's node-agent runs nowhere, until healed"
        case .restoreFails: "the next restore fails"
        case .restorePartial: "the next restore ends with errors"
        case .diskFull: "the next install on the node runs out of disk"
        case .lostStream: "the next install's stream ends without an exit code"
        case .kubeletDown: "the node's kubelet stops until a reboot or until healed"
        case .nodeNotReady: "the node says that it is not ready, until a reboot or until healed"
        case .kubeletNeverBack: "the next kubelet image on the node does not run"
        case .apiserverCrashLoops: "the next API server image on the node crash-loops"
        case .factoryDown: "the Image Factory does not answer, until healed"
        case .factoryGarbage: "the Image Factory answers nonsense, until healed"
        case .factorySlow: "the Image Factory takes half a minute to answer, until healed"
        case .feedsDown: "the release feeds do not answer, until healed"
        case .feedsGarbage: "the release feeds answer nonsense, until healed"
        case .feedsSlow: "the release feeds take half a minute to answer, until healed"
        case .feedsLimited: "the release feeds' rate limit is used up, until healed"
        case .heal: "undoes what earlier faults did, on one node or everywhere"
        }
    }

    /// Whether it stays with a machine until its moment.
    var isPending: Bool {
        switch self {
        case .neverBoots, .bootsOld, .unhealthyAfterBoot, .slowBoot, .extensionMissing,
            .imagePullFails, .imageMissing, .diskFull, .lostStream, .kubeletNeverBack,
            .apiserverCrashLoops:
            true
        default: false
        }
    }
}
