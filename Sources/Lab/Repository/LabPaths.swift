import Foundation

/// Where things are in a lab's repository.
package struct LabPaths: Sendable, Equatable {
    /// Absolute, the repository's root.
    package let root: String

    /// `directory` may be relative to the working directory.
    package init(_ directory: String) {
        let url = URL(fileURLWithPath: directory).standardizedFileURL
        let path = url.path
        root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Everything of the lab that is no part of the repository, 0700.
    package var lab: String { "\(root)/.lab" }
    package var record: String { "\(lab)/lab.json" }
    package var control: String { "\(lab)/control.json" }
    package var pki: String { "\(lab)/pki.json" }
    package var state: String { "\(lab)/state.json" }
    package var schematics: String { "\(lab)/schematics.json" }
    package var events: String { "\(lab)/events.jsonl" }
    package var daemonLog: String { "\(lab)/daemon.log" }
    package var terraformLog: String { "\(lab)/terraform.log" }
    package var wrapper: String { "\(lab)/bin/machine" }
    /// Backups outlive the cluster.
    package var backups: String { "\(lab)/backups" }
    /// A folder for each claim: `NAMESPACE/CLAIM`. They go with the cluster.
    package var volumes: String { "\(lab)/volumes" }
    /// What Flux finds in its sources: `SOURCE/PATH/*.yaml`.
    package var sources: String { "\(lab)/flux" }
    /// What installs Velero where there is none.
    package var velero: String { "\(lab)/velero" }
    package var terraform: String { "\(root)/terraform" }
    package var terraformState: String { "\(root)/terraform/terraform.tfstate" }
    package var generated: String { "\(root)/generated" }
    package var talosconfig: String { "\(root)/generated/talosconfig" }
    package var kubeconfig: String { "\(root)/generated/kubeconfig" }
}
