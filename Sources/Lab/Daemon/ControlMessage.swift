package import Model
import Simulation

/// One request to a lab's daemon: a line of JSON on its control port.
struct ControlRequest: Sendable, Codable {
    /// From `.lab/control.json`. A secret.
    var token: String
    var verb: Verb

    enum Verb: Sendable, Codable {
        case createCluster(ClusterOrder)
        case destroyCluster
        case createMachine(MachineOrder)
        case destroyMachine(NodeName)
        case inject(Fault, NodeName?)
        case furnish
        case status
        case stop
    }
}

/// What Terraform says of a cluster to be made.
package struct ClusterOrder: Sendable, Codable, Equatable {
    package var name: String
    /// `https://HOST:6443`.
    package var endpoint: String
    package var talos: Version
    package var kubernetes: Version
    /// Addresses, for the talosconfig.
    package var controlPlanes: [String]
    package var workers: Int
}

/// What Terraform says of a machine to be made.
package struct MachineOrder: Sendable, Codable, Equatable {
    package var name: NodeName
    package var role: Role
    package var address: NodeAddress
    package var talos: Version
    package var kubernetes: Version
    package var schematic: SchematicID
    package var extensions: [String]
}

/// The daemon's answer, a line of JSON.
struct ControlReply: Sendable, Codable {
    var problem: Problem?
    var status: LabStatus?
}

/// Where the daemon listens: `.lab/control.json`, 0600.
struct ControlAddress: Sendable, Codable {
    var port: Int
    /// A secret.
    var token: String
    var process: Int32
}

/// How a lab is, as `bump lab status` shows it.
package struct LabStatus: Sendable, Codable, Equatable {
    package var directory: String
    package var running: Bool
    package var cluster: String?
    /// Where the Kubernetes API answers.
    package var endpoint: String?
    package var healthy: Bool
    /// Why it is not healthy yet, one line each.
    package var waitingFor: [String]
    package var nodes: [Node]

    package init(directory: String) {
        self.directory = directory
        running = false
        healthy = false
        waitingFor = []
        nodes = []
    }

    /// One machine.
    package struct Node: Sendable, Codable, Equatable {
        package var name: String
        /// `control-plane` or `worker`.
        package var role: String
        package var address: String
        package var talosVersion: String
        package var kubeletVersion: String
        /// `running`, `booting`, …
        package var stage: String
        /// Ready by its own word and in Kubernetes.
        package var ready: Bool
    }
}
