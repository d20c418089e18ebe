/// A repository in the manner of one that people really have: same names, shapes and habits, with
/// `terraform_data` in place of machines, and none of its code.
struct SurveyRepository: Sendable, CustomStringConvertible {
    var name: String
    var files: [String: String]
    /// `variables` of `.bump.yaml`, where convention cannot know.
    var settings: [String: String] = [:]
    var directory = "."
    var talos: Value
    /// Nil where none is declared.
    var kubernetes: Value?
    var extensions: [String]?
    /// Addresses in the outputs, control planes first.
    var nodes: [String] = []
    var nodeNames: [String]?
    var hasTalosconfig = true
    var hasKubeconfig = true
    /// What a search for candidates proposes for Talos; nil for the setting above.
    var proposal: String?
    /// Lines of its `.gitignore`.
    var ignored: [String] = []
    /// What a plan would change after another Talos version was written.
    var plan = "1 to change (terraform_data.node)"

    struct Value: Sendable {
        var text: String
        /// `file:line:column`.
        var place: String
    }

    var description: String { name }

    static let configs = """
        output "talosconfig" {
          value     = "context: c"
          sensitive = true
        }
        output "kubeconfig" {
          value     = "kind: Config"
          sensitive = true
        }

        """

    static let otherConfigs = """
        output "talos_config" {
          value     = "context: c"
          sensitive = true
        }
        output "kube_config" {
          value     = "kind: Config"
          sensitive = true
        }

        """

    /// A stand-in for a node that the version reaches without replacing it.
    static func node(_ version: String) -> String {
        "resource \"terraform_data\" \"node\" {\n  input = \(version)\n}\n"
    }
}
