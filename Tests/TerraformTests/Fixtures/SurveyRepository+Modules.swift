/// Clusters made by modules and from images, and the shape that `bump lab` makes.
extension SurveyRepository {
    static let modules = [
        SurveyRepository(
            name: "a machine template that holds the version too",
            files: [
                "variables.tf": """
                variable "talos_version" {
                  type = string
                  # renovate: datasource=github-releases depName=siderolabs/talos
                  default = "1.7.5"
                }
                variable "kubernetes_version" {
                  # renovate: datasource=github-releases depName=siderolabs/kubelet
                  default = "1.30.3"
                }
                variable "vsphere_talos_template" {
                  default = "templates/talos-1.7.5-amd64"
                }
                variable "controller_count" { default = 1 }

                """,
                "main.tf": node("var.talos_version")
                    + """
                    resource "terraform_data" "machine" {
                      count            = var.controller_count
                      triggers_replace = { template = var.vsphere_talos_template }
                    }
                    output "controllers" { value = join(",", ["10.17.3.80"]) }
                    output "workers" { value = join(",", ["10.17.3.90", "10.17.3.91"]) }

                    """ + configs,
            ],
            talos: Value(text: "1.7.5", place: "variables.tf:4:13"),
            kubernetes: Value(text: "1.30.3", place: "variables.tf:8:13"),
            nodes: ["10.17.3.80", "10.17.3.90", "10.17.3.91"]),
        SurveyRepository(
            name: "a module that is given required versions, nodes as a list of objects",
            files: [
                "variables.tf": """
                variable "talos_version" { type = string }
                variable "kubernetes_version" { type = string }
                variable "control_plane_nodes" {
                  type = list(object({ id = number, type = string }))
                }

                """,
                "terraform.tfvars": """
                talos_version      = "v1.12.4"
                kubernetes_version = "1.35.0"
                control_plane_nodes = [
                  { id = 1, type = "cax11" },
                ]

                """,
                "main.tf": """
                module "talos" {
                  source             = "./cluster"
                  talos_version      = var.talos_version
                  kubernetes_version = var.kubernetes_version
                }
                output "public_ipv4_list" { value = ["10.10.0.1"] }
                output "talos_worker_ids" { value = { w-1 = 4711 } }
                output "talosconfig" {
                  value     = module.talos.talosconfig
                  sensitive = true
                }
                output "kubeconfig" {
                  value     = module.talos.kubeconfig
                  sensitive = true
                }

                """,
                "cluster/main.tf":
                    "variable \"talos_version\" { type = string }\n"
                    + "variable \"kubernetes_version\" { type = string }\n"
                    + node("var.talos_version") + configs,
            ],
            talos: Value(text: "v1.12.4", place: "terraform.tfvars:1:22"),
            kubernetes: Value(text: "1.35.0", place: "terraform.tfvars:2:22"),
            ignored: ["*.tfvars"],
            plan: "1 to change (module.talos.terraform_data.node)"),
        SurveyRepository(
            name: "defaults of a module, pools of nodes, extensions under a longer name",
            files: [
                "variables.tf": """
                variable "talos_version" {
                  type    = string
                  default = "v1.13.9" # https://github.com/siderolabs/talos
                }
                variable "kubernetes_version" {
                  type    = string
                  default = "v1.34.10" # https://github.com/kubernetes/kubernetes
                }
                variable "talos_schematic_id" {
                  type    = string
                  default = null
                }
                variable "talos_image_extensions" {
                  type    = list(string)
                  default = []
                }
                variable "worker_nodepools" {
                  type    = list(any)
                  default = [{ name = "worker", count = 1 }]
                }

                """,
                "outputs.tf": node("var.talos_version")
                    + """
                    output "control_plane_private_ipv4_list" { value = ["10.11.0.1"] }
                    output "worker_private_ipv4_list" { value = ["10.11.0.2", "10.11.0.3"] }
                    output "talosconfig_data" { value = { context = "c" } }

                    """ + configs,
            ],
            settings: ["extensions": "talos_image_extensions"],
            talos: Value(text: "v1.13.9", place: "variables.tf:3:13"),
            kubernetes: Value(text: "v1.34.10", place: "variables.tf:7:13"), extensions: [],
            nodes: ["10.11.0.1", "10.11.0.2", "10.11.0.3"]),
        SurveyRepository(
            name: "extensions by that name alone, configurations as the provider's objects",
            files: [
                "variables.tf": """
                variable "talos_version" { type = string }
                variable "extensions" { type = list(string) }
                variable "controlplane" { type = any }
                variable "workers" { type = any }

                """,
                "terraform.tfvars": """
                controlplane  = { nodes = ["pve1"] }
                extensions    = ["qemu-guest-agent"]
                talos_version = "v1.8.3"
                workers       = {}

                """,
                "main.tf": node("var.talos_version")
                    + """
                    output "controlplane_ip_addresses" { value = ["10.12.0.1"] }
                    output "node_ip_addresses" { value = ["10.12.0.1", "10.12.0.2"] }
                    output "kubeconfig_raw" {
                      value     = "kind: Config"
                      sensitive = true
                    }
                    output "talos_client_configuration" {
                      value     = { talos_config = "context: c" }
                      sensitive = true
                    }

                    """,
            ],
            settings: ["extensions": "extensions"],
            talos: Value(text: "v1.8.3", place: "terraform.tfvars:3:17"),
            extensions: ["qemu-guest-agent"], nodes: ["10.12.0.1"], ignored: ["*.tfvars"]),
        SurveyRepository(
            name: "a set of extensions, Kubernetes left to the provider, a contract beside",
            files: [
                "variables.tf": """
                variable "talos_version_contract" { default = "v1.7" }
                variable "talos_version" {
                  type    = string
                  default = "v1.7.6"
                }
                variable "kubernetes_version" {
                  type    = string
                  default = null
                }
                variable "talos_extensions" {
                  type    = set(string)
                  default = ["gvisor", "kata-containers"]
                }

                """,
                "outputs.tf": node("var.talos_version") + configs,
            ],
            talos: Value(text: "v1.7.6", place: "variables.tf:4:13"),
            extensions: ["gvisor", "kata-containers"]),
        SurveyRepository(
            name: "a folder of its own, all versions tracked, names and addresses as objects",
            files: [
                "terraform/variables.tf": """
                variable "talos_version" { type = string }
                variable "kubernetes_version" { type = string }
                variable "talos_extensions" { type = list(string) }

                """,
                "terraform/terraform.tfvars": """
                talos_version      = "v1.9.2"
                kubernetes_version = "1.32.0"
                talos_extensions   = ["qemu-guest-agent"]

                """,
                "terraform/main.tf": node("var.talos_version")
                    + """
                    output "cluster_name" { value = "demo" }
                    output "controlplane_ips" { value = { demo-cp-1 = "127.9.0.11" } }
                    output "worker_ips" { value = { demo-w-1 = "127.9.0.21" } }

                    """ + configs,
            ],
            directory: "terraform",
            talos: Value(text: "v1.9.2", place: "terraform/terraform.tfvars:1:22"),
            kubernetes: Value(text: "1.32.0", place: "terraform/terraform.tfvars:2:22"),
            extensions: ["qemu-guest-agent"], nodes: ["127.9.0.11", "127.9.0.21"],
            nodeNames: ["demo-cp-1", "demo-w-1"], ignored: ["/generated/", "*.tfstate*"]),
    ]
}
