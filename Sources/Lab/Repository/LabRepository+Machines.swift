import Foundation
import Model

extension LabRepository {
    /// `bump lab machine DIR VERB`: what Terraform's provisioners call. The verbs are `create`,
    /// `destroy`, `create-cluster` and `destroy-cluster`; the rest is in environment variables.
    ///
    /// - Throws: a `Problem`.
    package func machine(verb: String, environment: [String: String]) async throws {
        let client = ControlClient(paths: paths)
        let order = Order(environment: environment)
        switch verb {
        case "create-cluster":
            _ = try await client.send(.createCluster(order.cluster()))
        case "destroy-cluster":
            _ = try await client.send(.destroyCluster)
        case "create":
            _ = try await client.send(.createMachine(order.machine()))
        case "destroy":
            _ = try await client.send(
                .destroyMachine(NodeName(try order.text("MACHINE_NAME"))))
        default:
            throw Problem(
                .usage, "`\(verb)` is nothing that is done with a machine.",
                fix: "Let Terraform call this: terraform apply")
        }
    }

    /// Reads the variables that the Terraform configuration sets.
    private struct Order {
        var environment: [String: String]

        func cluster() throws -> ClusterOrder {
            ClusterOrder(
                name: try text("CLUSTER_NAME"), endpoint: try text("CLUSTER_ENDPOINT"),
                talos: try version("TALOS_VERSION"),
                kubernetes: try version("KUBERNETES_VERSION"),
                controlPlanes: try text("CONTROL_PLANES").split(separator: ",").map(String.init),
                workers: Int(try text("WORKERS")) ?? 0)
        }

        func machine() throws -> MachineOrder {
            let role = try text("MACHINE_ROLE")
            guard let role = Role(rawValue: role) else { throw wrong("MACHINE_ROLE", role) }
            let schematic = try text("SCHEMATIC_ID")
            guard let schematic = SchematicID(schematic) else {
                throw wrong("SCHEMATIC_ID", schematic)
            }
            return MachineOrder(
                name: NodeName(try text("MACHINE_NAME")), role: role,
                address: NodeAddress(try text("MACHINE_ADDRESS")),
                talos: try version("TALOS_VERSION"),
                kubernetes: try version("KUBERNETES_VERSION"), schematic: schematic,
                extensions: (environment["EXTENSIONS"] ?? "").split(separator: ",")
                    .map(String.init))
        }

        func text(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw Problem(
                    .usage, "\(name) is not set.",
                    fix: "Let Terraform call this: terraform apply")
            }
            return value
        }

        private func version(_ name: String) throws -> Version {
            let value = try text(name)
            guard let version = Version(value) else { throw wrong(name, value) }
            return version
        }

        private func wrong(_ name: String, _ value: String) -> Problem {
            Problem(.usage, "\(name) cannot be `\(value)`.", fix: "Correct terraform.tfvars.")
        }
    }
}
