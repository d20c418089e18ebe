# Cluster

variable "cluster_name" {
  description = "Name of the cluster, of its contexts, and in front of its machines' names."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", var.cluster_name))
    error_message = "Use at most 40 lower-case letters, digits and dashes, as in a DNS name."
  }
}

variable "cluster_vip" {
  description = "Free address that moves between the control planes; empty when there is only one."
  type        = string
  default     = ""

  validation {
    condition = var.cluster_vip == "" || try(
      cidrhost("${var.cluster_vip}/${split("/", var.network_cidr)[1]}", 0) == cidrhost(var.network_cidr, 0),
      false,
    )
    error_message = "Use an IPv4 address inside network_cidr, without a prefix length."
  }

  validation {
    condition     = !contains(concat([var.gateway], local.reserved_addresses, local.addresses), var.cluster_vip)
    error_message = "This address belongs to the network, to the gateway or to a machine; use a free one."
  }

  validation {
    condition     = var.controlplane_count == 1 || var.cluster_vip != ""
    error_message = "With several control planes, give a free address that they can share."
  }
}

# Versions

variable "talos_version" {
  description = "Talos Linux of the cluster, with the leading v. Change it with `bump talos`."
  type        = string

  validation {
    condition     = can(regex("^v1\\.[0-9]+\\.[0-9]+(-(alpha|beta|rc)\\.[0-9]+)?$", var.talos_version))
    error_message = "Write a Talos version as v1.9.2."
  }
}

variable "talos_version_contract" {
  description = "Talos minor that machine secrets and configurations are generated for: that of the first apply. Never lower it."
  type        = string

  validation {
    condition     = can(regex("^v1\\.([89]|1[0-3])$", var.talos_version_contract))
    error_message = "Write a Talos minor as v1.9; the pinned provider is used here for v1.8 to v1.13."
  }

  validation {
    condition = try(
      tonumber(regex("^v1\\.([0-9]+)$", var.talos_version_contract)[0])
      <= tonumber(regex("^v1\\.([0-9]+)\\.", var.talos_version)[0]),
      true,
    )
    error_message = "The contract is newer than talos_version: the machines would not understand it."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes of the cluster, without a leading v. Not by hand: an apply changes all nodes at once."
  type        = string

  validation {
    condition     = can(regex("^1\\.[0-9]+\\.[0-9]+$", var.kubernetes_version))
    error_message = "Write a Kubernetes version as 1.32.0, without a v."
  }
}

variable "talos_extensions" {
  description = "Official system extensions of the image: qemu-guest-agent or siderolabs/qemu-guest-agent."
  type        = list(string)
  default     = ["qemu-guest-agent"]

  validation {
    condition = alltrue([
      for name in var.talos_extensions : can(regex("^(siderolabs/)?[a-z0-9][a-z0-9.-]*$", name))
    ])
    error_message = "Write names as iscsi-tools or siderolabs/iscsi-tools, without a version."
  }

  validation {
    condition = var.guest_agent || !anytrue([
      for name in var.talos_extensions : trimprefix(name, "siderolabs/") == "qemu-guest-agent"
    ])
    error_message = "qemu-guest-agent needs guest_agent = true: without its device it never starts."
  }
}

variable "image_factory_url" {
  description = "Image Factory that makes images and installers, without a final slash."
  type        = string
  default     = "https://factory.talos.dev"

  validation {
    condition     = can(regex("^https://[^/]+(/.*)?[^/]$", var.image_factory_url))
    error_message = "Write an https URL without a final slash."
  }
}

# Machines

variable "controlplane_count" {
  description = "How many control planes: 1, 3 or 5."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 3, 5], var.controlplane_count)
    error_message = "Use 1, 3 or 5: etcd wants an odd number."
  }
}

variable "worker_count" {
  description = "How many workers. With 0, the control planes take workloads."
  type        = number
  default     = 2

  validation {
    condition     = var.worker_count >= 0 && floor(var.worker_count) == var.worker_count && var.worker_count <= 100
    error_message = "Use a whole number from 0 to 100."
  }
}

variable "controlplane_size" {
  description = "Size of a control plane: cores, memory in MB, disk in GB."
  type = object({
    cores     = optional(number, 2)
    memory_mb = optional(number, 4096)
    disk_gb   = optional(number, 20)
  })
  default = {}

  validation {
    condition = (
      var.controlplane_size.cores >= 2 && var.controlplane_size.memory_mb >= 2048 && var.controlplane_size.disk_gb >= 10
      && alltrue([for number in values(var.controlplane_size) : floor(number) == number])
    )
    error_message = "A control plane needs at least 2 cores, 2048 MB and 10 GB, in whole numbers."
  }
}

variable "worker_size" {
  description = "Size of a worker: cores, memory in MB, disk in GB."
  type = object({
    cores     = optional(number, 2)
    memory_mb = optional(number, 4096)
    disk_gb   = optional(number, 40)
  })
  default = {}

  validation {
    condition = (
      var.worker_size.cores >= 1 && var.worker_size.memory_mb >= 1024 && var.worker_size.disk_gb >= 10
      && alltrue([for number in values(var.worker_size) : floor(number) == number])
    )
    error_message = "A worker needs at least 1 core, 1024 MB and 10 GB, in whole numbers."
  }
}

variable "cpu_type" {
  description = "CPU that the machines see. Talos needs x86-64-v2 or better."
  type        = string
  default     = "x86-64-v2-AES"
}

variable "guest_agent" {
  description = "Give the machines the device that the extension qemu-guest-agent talks through."
  type        = bool
  default     = true
}

variable "config_patches" {
  description = "Patches (YAML) to the machine configuration of every machine."
  type        = list(string)
  default     = []
}

# Network

variable "network_cidr" {
  description = "IPv4 network of the machines, such as 192.168.1.0/24."
  type        = string

  validation {
    condition = try(
      cidrhost(var.network_cidr, 0) == split("/", var.network_cidr)[0]
      && can(regex("^[0-9.]+/[0-9]+$", var.network_cidr)),
      false,
    )
    error_message = "Write an IPv4 network with its prefix length, host bits zero: 192.168.1.0/24."
  }
}

variable "gateway" {
  description = "Default gateway of the machines."
  type        = string

  validation {
    condition = try(
      cidrhost("${var.gateway}/${split("/", var.network_cidr)[1]}", 0) == cidrhost(var.network_cidr, 0),
      false,
    )
    error_message = "Use an IPv4 address inside network_cidr, without a prefix length."
  }

  validation {
    condition     = !contains(local.addresses, var.gateway)
    error_message = "A machine would get the gateway's address: change the address offsets."
  }

  validation {
    condition     = !contains(local.reserved_addresses, var.gateway)
    error_message = "This is the address of the network itself, or of all in it; use the gateway's."
  }
}

variable "nameservers" {
  description = "DNS servers of the machines."
  type        = list(string)
  default     = ["1.1.1.1", "9.9.9.9"]

  validation {
    condition     = length(var.nameservers) > 0 && alltrue([for server in var.nameservers : can(cidrhost("${server}/32", 0))])
    error_message = "Give at least one, as IPv4 addresses."
  }
}

variable "controlplane_ip_offset" {
  description = "Address of the first control plane within network_cidr: 70 makes 192.168.1.70."
  type        = number
  default     = 70

  validation {
    condition     = var.controlplane_ip_offset >= 1 && can(cidrhost(var.network_cidr, var.controlplane_ip_offset + var.controlplane_count))
    error_message = "The control planes do not fit into network_cidr."
  }
}

variable "worker_ip_offset" {
  description = "Address of the first worker within network_cidr: 80 makes 192.168.1.80."
  type        = number
  default     = 80

  validation {
    condition     = var.worker_ip_offset >= 1 && can(cidrhost(var.network_cidr, var.worker_ip_offset + var.worker_count))
    error_message = "The workers do not fit into network_cidr."
  }

  validation {
    condition = (
      var.worker_ip_offset >= var.controlplane_ip_offset + var.controlplane_count
      || var.worker_ip_offset + var.worker_count <= var.controlplane_ip_offset
    )
    error_message = "Control planes and workers would share addresses: move the offsets apart."
  }
}

variable "network_bridge" {
  description = "Bridge of the Proxmox nodes that the machines are on."
  type        = string
  default     = "vmbr0"
}

variable "vlan_id" {
  description = "VLAN of the machines; null for none."
  type        = number
  default     = null

  validation {
    condition     = try(var.vlan_id >= 1 && var.vlan_id <= 4094, var.vlan_id == null)
    error_message = "Use a VLAN from 1 to 4094, or null."
  }
}

# Proxmox

variable "proxmox_endpoint" {
  description = "Proxmox API, such as https://pve1.example.org:8006/."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+", var.proxmox_endpoint))
    error_message = "Write an https URL."
  }
}

variable "proxmox_insecure" {
  description = "Accept a certificate of Proxmox that no known authority signed."
  type        = bool
  default     = false
}

variable "proxmox_nodes" {
  description = "Proxmox nodes that the machines are spread over, in turn."
  type        = list(string)

  validation {
    condition     = length(var.proxmox_nodes) > 0 && length(distinct(var.proxmox_nodes)) == length(var.proxmox_nodes)
    error_message = "Name at least one Proxmox node, each once."
  }
}

variable "image_storage" {
  description = "Storage for the downloaded image; must allow the content type Import."
  type        = string
  default     = "local"
}

variable "image_storage_shared" {
  description = "All Proxmox nodes see the same image_storage, so that one download is enough."
  type        = bool
  default     = false
}

variable "disk_storage" {
  description = "Storage for the machines' disks."
  type        = string
  default     = "local-lvm"
}

variable "vm_id_base" {
  description = "VM ids: control planes from here on, workers from here + 10 on."
  type        = number
  default     = 8000

  validation {
    condition     = var.vm_id_base >= 100 && floor(var.vm_id_base) == var.vm_id_base
    error_message = "Use a whole number from 100 on."
  }
}
