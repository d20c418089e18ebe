/// Versions that are plain variables.
extension SurveyRepository {
    static let strings = [
        SurveyRepository(
            name: "versions with v in tfvars, outputs as objects of name and address",
            files: [
                "variables.tf": """
                variable "talos_version" {
                  type    = string
                  default = "v1.9.2"
                }
                variable "talos_extensions" {
                  type    = list(string)
                  default = ["qemu-guest-agent"]
                }

                """,
                "terraform.tfvars": """
                cluster_cpu   = 4 # cores
                talos_version = "v1.9.3" # what runs
                # talos_version = "v1.9.1"

                """,
                "main.tf": "variable \"cluster_cpu\" {}\n" + node("var.talos_version")
                    + """
                    output "controlplane_ips" { value = { k-cp-1 = "10.0.0.70" } }
                    output "worker_ips" { value = { k-w-1 = "10.0.0.80", k-w-2 = "10.0.0.81" } }

                    """ + configs,
            ],
            talos: Value(text: "v1.9.3", place: "terraform.tfvars:2:17"),
            extensions: ["qemu-guest-agent"],
            nodes: ["10.0.0.70", "10.0.0.80", "10.0.0.81"],
            nodeNames: ["k-cp-1", "k-w-1", "k-w-2"],
            ignored: ["terraform.tfvars", "*.auto.tfvars", "generated/"]),
        SurveyRepository(
            name: "defaults without v under renovate comments, outputs with commas",
            files: [
                "variables.tf": """
                variable "talos_version" {
                  type = string
                  # renovate: datasource=github-releases depName=siderolabs/talos
                  default = "1.13.0"
                  validation {
                    condition     = can(regex("^\\\\d+\\\\.\\\\d+\\\\.\\\\d+$", var.talos_version))
                    error_message = "Must be a version number."
                  }
                }
                variable "kubernetes_version" {
                  type = string
                  # renovate: datasource=github-releases depName=siderolabs/kubelet
                  default = "1.36.0"
                }

                """,
                "main.tf": node("var.talos_version")
                    + """
                    output "controllers" { value = join(",", ["10.17.4.10", "10.17.4.11"]) }
                    output "workers" { value = join(",", ["10.17.4.20"]) }

                    """ + configs,
            ],
            talos: Value(text: "1.13.0", place: "variables.tf:4:13"),
            kubernetes: Value(text: "1.36.0", place: "variables.tf:13:13"),
            nodes: ["10.17.4.10", "10.17.4.11", "10.17.4.20"],
            ignored: ["*.tfvars"]),
        SurveyRepository(
            name: "a default that a script's tfvars override, an image name that holds it too",
            files: [
                "variables.tf": """
                variable "talos_version" { default = "1.11.5" }
                variable "kubernetes_version" { default = "1.34.2" }
                variable "talos_libvirt_base_volume_name" {}

                """,
                "terraform.tfvars":
                    "talos_version                  = \"1.11.6\"\n"
                    + "talos_libvirt_base_volume_name = \"talos-1.11.6.qcow2\"\n",
                "main.tf": node("var.talos_version") + configs,
            ],
            talos: Value(text: "1.11.6", place: "terraform.tfvars:1:34"),
            kubernetes: Value(text: "1.34.2", place: "variables.tf:2:43"),
            ignored: ["*.tfvars"]),
        SurveyRepository(
            name: "comment after the value, lists and maps of the same nodes",
            files: [
                "terraform/variables.tf": """
                variable "talos_version" {
                  default = "v1.10.5" # renovate: datasource=docker depName=siderolabs/installer
                }

                """,
                "terraform/outputs.tf": node("var.talos_version")
                    + """
                    output "controlplane_ips" { value = ["10.1.0.1"] }
                    output "worker_ips" { value = ["10.1.0.2"] }
                    output "controlplane_nodes" {
                      value = { cp-0 = { vm_id = 1, ip_address = "10.1.0.1", name = "cp-0" } }
                    }
                    output "worker_nodes" {
                      value = { w-0 = { vm_id = 2, ip_address = "10.1.0.2", name = "w-0" } }
                    }
                    output "talos_client_configuration" {
                      value     = "context: c"
                      sensitive = true
                    }
                    output "talos_cluster_kubeconfig" {
                      value     = { kubeconfig_raw = "kind: Config" }
                      sensitive = true
                    }

                    """,
            ],
            directory: "terraform",
            talos: Value(text: "v1.10.5", place: "terraform/variables.tf:2:13"),
            nodes: ["10.1.0.1", "10.1.0.2"], nodeNames: ["cp-0", "w-0"],
            ignored: ["*.tfvars", "*.tfvars.json"]),
        SurveyRepository(
            name: "a module's own variables, lists, schematic given",
            files: [
                "variables.tf": """
                variable "talos_version" { type = string }
                variable "talos_schematic_id" { type = string }
                variable "control_nodes" { type = map(string) }

                """,
                "terraform.tfvars.json": """
                {
                  "control_nodes": {"a": "pve1"},
                  "talos_schematic_id": "37656",
                  "talos_version": "1.9.5"
                }

                """,
                "main.tf": node("var.talos_version")
                    + """
                    output "control_plane_ips" { value = ["10.2.0.1/24"] }
                    output "worker_ips" { value = [] }
                    output "all_node_ips" { value = ["10.2.0.1"] }
                    output "talos_config" { value = { talos_config = "context: c" } }
                    output "kubeconfig" { value = "kind: Config" }

                    """,
            ],
            talos: Value(text: "1.9.5", place: "terraform.tfvars.json:4:20"),
            nodes: ["10.2.0.1"]),
        SurveyRepository(
            name: "Kubernetes under its short name, a contract beside the version",
            files: [
                "terraform/variables.tf": """
                variable "talos_version" {}
                variable "k8s_version" {}
                variable "kubernetes" { type = map(string) }

                """,
                // No newline at the end, comments aligned.
                "terraform/terraform.tfvars": """
                talos_version = "v1.4"    # contract
                k8s_version   = "v1.27.1" # kubelet
                kubernetes = {
                  "talos-version" = "v1.4.1" # machines
                  hostname        = "kube"
                }
                """,
                "terraform/main.tf": node("var.kubernetes")
                    + "output \"cp\" { value = \"10.3.0.1\" }\n"
                    + "output \"worker\" { value = \"10.3.0.2\" }\n" + configs,
            ],
            settings: ["talos": "kubernetes[\"talos-version\"]", "kubernetes": "k8s_version"],
            directory: "terraform",
            talos: Value(text: "v1.4.1", place: "terraform/terraform.tfvars:4:21"),
            kubernetes: Value(text: "v1.27.1", place: "terraform/terraform.tfvars:2:17"),
            nodes: ["10.3.0.1", "10.3.0.2"], proposal: "kubernetes.talos-version"),
        SurveyRepository(
            name: "version of control planes and of groups, access as an object",
            files: [
                "variables.tf": """
                variable "talos_cp_version" {}
                variable "talos_cp_version_update" { default = "v1.12.2" }
                variable "kubernetes_version" {}
                variable "talos_schematic" { type = set(string) }
                variable "worker_nodes" { type = any }

                """,
                "z.auto.tfvars": """
                talos_cp_version   = "v1.12.1"
                kubernetes_version = "1.34.1"
                talos_schematic    = ["b", "a"]
                worker_nodes       = { w = { talos_version = "v1.12.1" } }

                """,
                "main.tf": node("var.talos_cp_version")
                    + """
                    output "node_ips" { value = { n = "10.4.0.1" } }
                    output "talos_config" { value = "context: c" }
                    output "kubeconfig" {
                      value = {
                        host               = "https://10.4.0.1:6443"
                        ca_certificate     = "QQ=="
                        client_certificate = "Qg=="
                        client_key         = "Qw=="
                      }
                    }

                    """,
            ],
            settings: ["talos": "talos_cp_version", "extensions": "talos_schematic"],
            talos: Value(text: "v1.12.1", place: "z.auto.tfvars:1:22"),
            kubernetes: Value(text: "1.34.1", place: "z.auto.tfvars:2:22"),
            extensions: ["b", "a"], proposal: "",
            ignored: ["*.auto.tfvars"]),
    ]
}
