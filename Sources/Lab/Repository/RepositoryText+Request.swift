import Foundation
package import Model
import Simulation

extension RepositoryText {
    /// `terraform/terraform.tfvars`, as `terraform fmt` would leave it.
    package static func tfvars(_ request: LabRequest, block: AddressBlock) -> String {
        let controlPlanes = (0..<request.controlPlanes).map {
            ("\(clusterName)-cp-\($0 + 1)", block.controlPlane($0))
        }
        let workers = (0..<request.workers).map {
            ("\(clusterName)-worker-\($0 + 1)", block.worker($0))
        }
        var text = """
            cluster_name = "\(clusterName)"

            # What runs on the machines. `bump talos` edits the first of these two lines.
            talos_version      = "\(request.talos.tag)"
            kubernetes_version = "\(request.kubernetes.number)"
            \(image(request))

            """
        if request.controlPlanes > 1 {
            text += """
                # Where the Kubernetes API answers: it moves between the control planes.
                cluster_vip = "\(block.virtualAddress)"


                """
        }
        let special = (request.named?.workerExtensions ?? [:]).sorted { $0.key < $1.key }
            .filter { $0.key < request.workers }.map { number, names in
                let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
                return "  \"\(clusterName)-worker-\(number + 1)\" = [\(list)]\n"
            }
        if !special.isEmpty {
            text += "# Extensions that only some nodes have.\n"
            text += "node_extensions = {\n\(special.joined())}\n\n"
        }
        text += "# Machines: name = address.\n"
        text += map("controlplane_nodes", controlPlanes) + "\n" + map("worker_nodes", workers)
        return text
    }

    /// `.bump.yaml`: waits that suit emulated machines.
    package static func settings(_ request: LabRequest, block: AddressBlock) -> String {
        let scale = max(1, 1 / request.speed)
        func seconds(_ count: Double) -> String { "\(Int((count * scale).rounded(.up)))s" }
        return """
            # The lab's machines are quicker than real ones, so waits may be shorter.
            timeouts:
              prefetch: \(seconds(60))
              drain: \(seconds(60))
              install: \(seconds(60))
              boot: \(seconds(60))
              component: \(seconds(30))
              gate: \(seconds(30))

            # The lab has an Image Factory and release feeds of its own.
            factory:
              url: http://\(block.webAddress):\(WebServer.port)
            releases:
              url: http://\(block.webAddress):\(WebServer.port)

            """
    }

    /// `README.md`.
    package static func readme(_ request: LabRequest) -> String {
        """
        # \(clusterName)

        An infrastructure repository with an emulated cluster behind it, made by `bump lab new`:
        \(request.controlPlanes) control plane(s), \(request.workers) worker(s).

        | command | does |
        | --- | --- |
        | `bump status` | declared, applied and running versions side by side |
        | `bump talos v1.9.4 --plan` | show what an upgrade would do |
        | `bump lab events .` | what the cluster saw |
        | `bump lab fault . never-boots --node \(clusterName)-worker-1` | break something |
        | `bump lab stop .` · `bump lab start .` | put the cluster to sleep and wake it |
        | `kubectl --kubeconfig generated/kubeconfig get nodes` | any other client works too |

        """
    }

    /// `terraform/main.tf` of a lab whose extensions are chosen from the official ones, as a
    /// filter on the provider's list does it: by a part of their names.
    package static func filteredMain(_ talos: Version) -> String {
        let names = (ExtensionCatalog.names(talos: talos) ?? []).map { "    \"\($0)\",\n" }
        let list = "\n  # What the Image Factory offers for this Talos.\n  official = [\n"
        let filter =
            "  extensions = [\n    for name in local.official : name\n"
            + "    if length([for part in var.talos_extensions : part if length(regexall(part, name)) > 0]) > 0\n"
            + "  ]\n"
        return main.replacingOccurrences(
            of: sortedExtensions, with: filter + list + names.joined() + "  ]\n")
    }

    /// The name of every lab's cluster.
    package static let clusterName = "demo"

    private static func map(_ name: String, _ items: [(String, String)]) -> String {
        if items.isEmpty { return "\(name) = {}\n" }
        let width = items.map { $0.0.count }.max() ?? 0
        let lines = items.map { key, value in
            let padding = String(repeating: " ", count: width - key.count)
            return "  \"\(key)\"\(padding) = \"\(value)\"\n"
        }
        return "\(name) = {\n\(lines.joined())}\n"
    }
}
