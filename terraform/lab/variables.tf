variable "cluster_name" {
  description = "Name of the cluster, of its contexts and in front of its machines' names."
  type        = string
}

variable "talos_version" {
  description = "Talos Linux that new machines boot, with the leading v."
  type        = string

  validation {
    condition     = can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$", var.talos_version))
    error_message = "Write a Talos version as v1.9.2."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes that new machines run, without a leading v."
  type        = string
}

variable "talos_extensions" {
  description = "Official system extensions of the image, short names."
  type        = list(string)
  default     = []
}

variable "node_extensions" {
  description = "More extensions of single nodes: node to short names."
  type        = map(list(string))
  default     = {}
}

variable "cluster_vip" {
  description = "Address that moves between the control planes; empty when there is only one."
  type        = string
  default     = ""
}

variable "controlplane_nodes" {
  description = "Control planes: name to address."
  type        = map(string)
}

variable "worker_nodes" {
  description = "Workers: name to address."
  type        = map(string)
  default     = {}
}
