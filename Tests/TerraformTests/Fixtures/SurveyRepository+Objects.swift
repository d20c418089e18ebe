/// Versions inside objects, in several files, behind override files, or sealed.
extension SurveyRepository {
    static let objects = [
        SurveyRepository(
            name: "image object with a schematic file, heredocs and several auto.tfvars",
            files: [
                "tofu/kubernetes/variables.tf": """
                variable "talos_image" { type = any }
                variable "talos_cluster_config" { type = any }
                variable "talos_nodes" { type = any }

                """,
                "tofu/kubernetes/talos_image.auto.tfvars": """
                talos_image = {
                  version        = "v1.9.3"
                  update_version = "v1.9.4" # renovate: github-releases=siderolabs/talos
                  schematic_path = "talos/image/schematic.yaml"
                }

                """,
                "tofu/kubernetes/talos_cluster.auto.tfvars": """
                talos_cluster_config = {
                  name = "talos"
                  # Only patch releases are automatic
                  kubernetes_version = "v1.32.1" # renovate: github-releases=kubernetes/kubernetes
                  extra_manifests = [
                    "https://example.org/crds.yaml",
                  ]
                  kubelet = <<-EOT
                    extraArgs:
                      version: "v1.9.3"
                  EOT
                }

                """,
                "tofu/kubernetes/nodes.auto.tfvars":
                    "talos_nodes = {\n  \"ctrl-00\" = { ip = \"10.5.0.1\", update = true }\n}\n",
                "tofu/kubernetes/main.tf": node("var.talos_image.version") + otherConfigs,
                "tofu/main.tf": "locals {}\n",
            ],
            settings: [
                "talos": "talos_image.version",
                "kubernetes": "talos_cluster_config.kubernetes_version",
            ],
            directory: "tofu/kubernetes",
            talos: Value(text: "v1.9.3", place: "tofu/kubernetes/talos_image.auto.tfvars:2:20"),
            kubernetes: Value(
                text: "v1.32.1", place: "tofu/kubernetes/talos_cluster.auto.tfvars:4:24")),
        SurveyRepository(
            name: "two files set the object, the later one wins",
            files: [
                "tofu/variables.tf": """
                variable "versions" { type = object({ talos = string, kubernetes = string }) }
                variable "talos_image" { type = any }

                """,
                "tofu/a.auto.tfvars": """
                versions = {
                  talos      = "v1.12.0"
                  kubernetes = "1.35.1"
                }
                talos_image = { update_version = "v1.12.1" }

                """,
                "tofu/versions.auto.tfvars": """
                versions = {
                  talos      = "v1.12.1" # renovate
                  kubernetes = "1.35.2"  # renovate
                }

                """,
                "tofu/main.tf": node("var.versions.talos") + otherConfigs,
            ],
            settings: ["talos": "versions.talos", "kubernetes": "versions.kubernetes"],
            directory: "tofu",
            talos: Value(text: "v1.12.1", place: "tofu/versions.auto.tfvars:2:16"),
            kubernetes: Value(text: "1.35.2", place: "tofu/versions.auto.tfvars:3:16")),
        SurveyRepository(
            name: "image object with a list of extensions",
            files: [
                "variables.tf": """
                variable "image" {
                  type = object({ version = string, extensions = list(string) })
                  default = {
                    version    = "v1.9.4"
                    extensions = ["qemu-guest-agent", "iscsi-tools"]
                  }
                }

                """,
                "main.tf": node("var.image")
                    + "output \"talos_image_schematic_id\" { value = \"x\" }\n" + configs,
            ],
            settings: ["talos": "image.version", "extensions": "image.extensions"],
            talos: Value(text: "v1.9.4", place: "variables.tf:4:18"),
            extensions: ["qemu-guest-agent", "iscsi-tools"],
            ignored: ["*.tfvars"]),
        SurveyRepository(
            name: "cluster object, version in an override file's default",
            files: [
                "variables.tf":
                    "variable \"cluster\" {\n  type = object({ name = string, talos_version = "
                    + "optional(string, \"v1.10.3\") })\n  default = { name = \"k\" }\n}\n",
                "variables_override.tf": """
                variable "cluster" {
                  default = { name = "k", talos_version = "v1.10.4" }
                }

                """,
                "main.tf": node("var.cluster")
                    + "output \"config_ipv4_addresses\" { value = { a = \"10.6.0.1\" } }\n"
                    + otherConfigs,
            ],
            settings: ["talos": "cluster.talos_version"],
            talos: Value(text: "v1.10.4", place: "variables_override.tf:2:43"),
            ignored: ["*.tfvars"]),
        SurveyRepository(
            name: "isolated image and cluster objects, a proxmox folder",
            files: [
                "proxmox/variables.tf":
                    "variable \"image\" { type = any }\nvariable \"cluster\" { type = any }\n",
                "proxmox/terraform.tfvars": """
                image = {
                  version        = "v1.11.1"
                  update_version = "v1.11.2"
                }
                cluster = { kubernetes_version = "v1.33.4", name = "c" }

                """,
                "proxmox/main.tf": node("var.image") + otherConfigs,
            ],
            settings: ["talos": "image.version", "kubernetes": "cluster.kubernetes_version"],
            directory: "proxmox",
            talos: Value(text: "v1.11.1", place: "proxmox/terraform.tfvars:2:20"),
            kubernetes: Value(text: "v1.33.4", place: "proxmox/terraform.tfvars:5:34")),
        SurveyRepository(
            name: "version inside a download's URL and per node, defaults in JSON",
            files: [
                "configuration.auto.tfvars": """
                talos_linux_iso_image_url = "https://f.example/image/abc/v1.13.7/nocloud-amd64.iso"
                node_data = {
                  controlplanes = {
                    "10.7.0.1" = { install_image = "f.example/installer/abc:v1.13.7" }
                  }
                }

                """,
                "variables.tf.json": """
                {"variable": {
                  "talos_version": {"type": "string", "default": "1.13.7"},
                  "kubernetes_version": {"default": "1.36.3"},
                  "talos_linux_iso_image_url": {},
                  "node_data": {"type": "any"}
                }}

                """,
                "main.tf": node("var.talos_version") + configs,
            ],
            talos: Value(text: "1.13.7", place: "variables.tf.json:2:50"),
            kubernetes: Value(text: "1.36.3", place: "variables.tf.json:3:37"),
            ignored: ["configuration.auto.tfvars"]),
        SurveyRepository(
            name: "release beside a sealed file, Kubernetes only in that",
            files: [
                "variables.tf":
                    "variable \"release\" {}\nvariable \"kubernetes_version\" { default = null }\n",
                "terraform.tfvars": "release = \"1.12.1\"\n",
                "terraform.tfvars.sops.json":
                    "{\"kubernetes_version\": \"ENC[AES256_GCM,data:aa]\", \"sops\": {}}\n",
                "main.tf": node("var.release")
                    + "output \"controlplane_endpoint\" { value = \"10.8.0.1\" }\n"
                    + "output \"controlplane_firstnode\" { value = \"10.8.0.1\" }\n",
            ],
            settings: ["talos": "release"],
            talos: Value(text: "1.12.1", place: "terraform.tfvars:1:11"),
            hasTalosconfig: false, hasKubeconfig: false),
    ]

    static let all = strings + objects + modules
}
