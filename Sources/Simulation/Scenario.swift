package import Model

/// A named cluster with its faults, for the lab, the tests and the simulation.
package struct Scenario: Sendable, Equatable {
    /// What one types: `fall-back`.
    package var name: String
    /// One line.
    package var explanation: String
    package var controlPlanes: Int
    package var workers: Int
    package var talos: Version
    package var kubernetes: Version
    package var extensions: [String]
    /// Extensions of single workers besides those of all nodes, by the worker's number from 0.
    package var workerExtensions: [Int: [String]] = [:]
    package var configStyle = ConfigStyle.plain
    /// Whether Terraform chooses the extensions by substring from the official ones.
    package var hasSubstringFilter = false
    /// How the repository says which extensions there are.
    package var schematicKeeping = SchematicKeeping.list
    /// Whether Velero is there without anybody installing it.
    package var hasVelero = true
    /// What users run in it.
    package var furnishing = Furnishing.plain
    /// To inject, in order, once the cluster is healthy.
    package var faults: [InjectedFault]

    package init(
        _ name: String, _ explanation: String, controlPlanes: Int = 1, workers: Int = 2,
        talos: Version = Version(1, 9, 2), kubernetes: Version = Version(1, 32, 0),
        extensions: [String] = ["qemu-guest-agent"], workerExtensions: [Int: [String]] = [:],
        configStyle: ConfigStyle = .plain, hasSubstringFilter: Bool = false,
        schematicKeeping: SchematicKeeping = .list, hasVelero: Bool = true,
        furnishing: Furnishing = .plain,
        faults: [InjectedFault] = []
    ) {
        self.name = name
        self.explanation = explanation
        self.controlPlanes = controlPlanes
        self.workers = workers
        self.talos = talos
        self.kubernetes = kubernetes
        self.extensions = extensions
        self.workerExtensions = workerExtensions
        self.configStyle = configStyle
        self.hasSubstringFilter = hasSubstringFilter
        self.schematicKeeping = schematicKeeping
        self.hasVelero = hasVelero
        self.furnishing = furnishing
        self.faults = faults
    }

    /// What users run in a cluster besides the demo.
    package enum Furnishing: String, Sendable, Codable {
        case plain
        /// A StatefulSet with volumes of known contents, ConfigMaps, Secrets, custom resources,
        /// and Flux that applies a part of it.
        case stateful
    }

    /// How a repository says which extensions its image has.
    package enum SchematicKeeping: String, Sendable, Codable {
        /// `talos_extensions`, of which the configuration makes the schematic.
        case list
        /// `schematic.yaml`, which the configuration reads.
        case file
        /// `talos_schematic_id`.
        case id
        /// Not at all.
        case nowhere
    }

    /// A fault and where it strikes.
    package struct InjectedFault: Sendable, Equatable {
        package var fault: Fault
        package var place: Place

        package init(_ fault: Fault, _ place: Place) {
            self.fault = fault
            self.place = place
        }
    }

    /// A node by its place in the natural order of names.
    package enum Place: Sendable, Equatable {
        case anywhere
        /// Counted from 0.
        case controlPlane(Int)
        case worker(Int)
    }

    package static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }

    /// The node of a cluster that a place means; nil for `anywhere` and where there is none.
    package func node(at place: Place, in cluster: EmulatedCluster) -> NodeName? {
        let (role, index): (Role, Int) =
            switch place {
            case .anywhere: (.worker, -1)
            case .controlPlane(let index): (.controlPlane, index)
            case .worker(let index): (.worker, index)
            }
        let names = cluster.machineNames.filter { cluster.machines[$0, \.role] == role }
        return names.indices.contains(index) ? names[index] : nil
    }

    /// Injects the scenario's faults into a healthy cluster.
    package func strike(_ cluster: inout EmulatedCluster) {
        for injected in faults {
            cluster.inject(injected.fault, on: node(at: injected.place, in: cluster))
        }
    }
}
