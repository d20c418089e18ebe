package import Model

/// One emulated machine, as its Talos API shows it.
package struct Machine: Sendable, Codable {
    package var name: NodeName
    package var address: NodeAddress
    package var role: Role
    package var power: Power
    package var stage: MachineStage
    /// `MachineStatus.status.ready`.
    package var isReady: Bool
    package var unmetConditions: [UnmetCondition]
    /// The running Talos Linux.
    package var version: Version
    /// New with each boot, in the shape of a UUID.
    package var bootID: String
    package var schematic: SchematicID?
    package var extensions: [ExtensionFact]
    package var platform: String
    package var isSecureBoot: Bool
    package var machineUUID: String
    package var slots: Slots
    /// Something was installed that has not been booted yet.
    package var isPrimed: Bool
    /// `machine.install.image`; an upgrade does not rewrite it.
    package var installImage: String
    /// The machine config, YAML, secrets included: never to be logged.
    package var config: String
    /// Version of the resource that holds it: rises whenever another text is stored.
    package var configRevision = 1
    /// Components whose image was ever changed or is not the usual one; see `state(of:)`.
    package var components: [SystemComponent: ComponentState] = [:]
    package var services: [Service]
    package var kubeletVersion: Version
    /// Of the static pods; empty on workers.
    package var controlPlaneVersions: [SystemComponent: Version]
    package var images: [PulledImage]
    package var bootCount: Int
    /// Whether apid answers.
    package var apiIsUp: Bool
    /// Whether the kubelet runs and can reach its container runtime.
    package var kubeletIsUp: Bool
    /// Whether the static pods of the control plane run; false on workers.
    package var controlPlaneIsUp: Bool
    package var createdAt: Duration
    /// When the running system began to boot.
    package var bootedAt: Duration
    /// Faults that wait for their moment on this machine.
    package var pendingFaults: Set<Fault>
    /// What the machine is doing; a stale happening names an older number and does nothing.
    var epoch: Int
    /// The sequence that holds the machine's lock.
    var sequence: MachineSequence?
    /// Who asked for the running sequence, for events.
    var sequenceBy: String
    var actorID: String
    /// When the installer started by `LifecycleService` ends; the lock is held until then.
    package internal(set) var installerEndsAt: Duration?
    /// META key 0x06: an installed version that was not healthy yet.
    package internal(set) var hasFallbackMarker: Bool
    /// Kept from becoming healthy by `unhealthy-after-boot` until it is rolled back or healed.
    var isSick: Bool
    /// Says that it is not ready although it works: `node-not-ready`.
    var saysNotReady: Bool
    /// Stays off until it is healed: `never-boots`, or shut down.
    var isStuck: Bool
    /// Its boot does not go on: `boot-hangs`.
    var isHung = false
    /// META key 0x07: the image that the next boot installs first.
    package internal(set) var stagedImage: String?
    /// The image of the running sequence.
    var pendingImage: String
    /// The node's own drain: when it gives up, and when it asks again for what was refused.
    var drainDeadline: Duration
    var nextEvictionAt: Duration
    /// Its number in the cluster, decides pod addresses.
    var ordinal: Int
    /// How a running reset ends.
    var wipe: Wipe?
    /// Its etcd data were wiped, and it did not join since.
    var lostEtcd = false
    /// A snapshot was uploaded for the next bootstrap.
    var hasSnapshot = false

    /// Nothing of its own keeps it from becoming ready, and it is not yet.
    var mayBecomeReady: Bool {
        stage == .running && !isReady && power == .running && kubeletIsUp && !isSick
            && !saysNotReady && services.allSatisfy(\.isHealthy)
            && (role == .worker || controlPlaneIsUp)
    }

    struct Wipe: Sendable, Codable {
        var keepsConfig: Bool
        var boots: Bool
    }

    /// Whether the machine answers and the kernel runs.
    package enum Power: String, Sendable, Codable {
        case off, booting, running, goingDown
    }
}

/// A condition of `MachineStatus` that does not hold.
package struct UnmetCondition: Sendable, Codable, Hashable {
    /// `time`, `network`, `services`, `staticPods`, `nodeReady`.
    package var name: String
    package var reason: String

    package init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// A system extension in an image.
package struct ExtensionFact: Sendable, Codable, Hashable {
    package var name: String
    package var version: String

    package init(_ name: String, _ version: String) {
        self.name = name
        self.version = version
    }
}

/// A service of machined.
package struct Service: Sendable, Codable, Hashable {
    package var id: String
    package var state: State
    package var isHealthy: Bool

    package init(_ id: String, _ state: State, isHealthy: Bool) {
        self.id = id
        self.state = state
        self.isHealthy = isHealthy
    }

    /// The raw values are the words of the ServiceList answer.
    package enum State: String, Sendable, Codable {
        case preparing = "Preparing"
        case waiting = "Waiting"
        case running = "Running"
        case finished = "Finished"
        case failed = "Failed"
    }
}

/// An image in a node's store.
package struct PulledImage: Sendable, Codable, Hashable {
    package var reference: String
    /// When it is there, in virtual time.
    package var availableAt: Duration

    /// `sha256:` and 64 hex digits, the same for the same reference.
    package var digest: String {
        var content = content
        return "sha256:" + (0..<4).map { _ in Self.hex(content.next()) }.joined()
    }

    /// Bytes.
    package var size: Int64 {
        var content = content
        for _ in 0..<4 { _ = content.next() }
        return 90_000_000 + Int64(content.next() % 60_000_000)
    }

    private var content: SeededGenerator { SeededGenerator(seed: StableHash.of(reference)) }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// How a reboot is done. `force` tears nothing down (1.12 and later).
package enum RebootMode: String, Sendable, Codable {
    case standard = "default"
    case powercycle, force
}
