package import Model

/// What one look at the Terraform outputs gives.
package struct AppliedOutputs: Sendable {
    package var applied: Applied
    /// Nil without such an output.
    package var talosconfig: Credential?
    /// Nil without such an output.
    package var kubeconfig: Credential?

    /// Access to the cluster. Secret: for connecting only.
    package struct Credential: Sendable, CustomStringConvertible {
        /// The file's text.
        package var text: String
        /// Such as `output talos_config`.
        package var source: String

        /// Without the secret.
        package var description: String { source }
    }
}
