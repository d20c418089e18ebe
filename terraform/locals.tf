locals {
  # By index and not by list of names: a machine keeps its name, address and VM id when others
  # come and go after it.
  controlplanes = {
    for index in range(var.controlplane_count) : "${var.cluster_name}-cp-${index + 1}" => {
      role    = "controlplane"
      address = cidrhost(var.network_cidr, var.controlplane_ip_offset + index)
      host    = element(var.proxmox_nodes, index)
      vm_id   = var.vm_id_base + index
      size    = var.controlplane_size
    }
  }

  workers = {
    for index in range(var.worker_count) : "${var.cluster_name}-w-${index + 1}" => {
      role    = "worker"
      address = cidrhost(var.network_cidr, var.worker_ip_offset + index)
      host    = element(var.proxmox_nodes, index)
      vm_id   = var.vm_id_base + 10 + index
      size    = var.worker_size
    }
  }

  machines  = merge(local.controlplanes, local.workers)
  addresses = [for machine in values(local.machines) : machine.address]
  prefix    = split("/", var.network_cidr)[1]

  # That of the network itself, and that of all in it.
  reserved_addresses = [cidrhost(var.network_cidr, 0), cidrhost(var.network_cidr, -1)]

  # The one that bootstraps etcd and hands out the kubeconfig.
  first_controlplane = local.controlplanes["${var.cluster_name}-cp-1"].address
  endpoint           = "https://${var.cluster_vip != "" ? var.cluster_vip : local.first_controlplane}:6443"

  # The id of a schematic depends on the order of its extensions, and the factory's catalogue is
  # ordered differently from version to version: sorted here, the id follows the names alone.
  extensions = sort(distinct([
    for name in var.talos_extensions : "siderolabs/${trimprefix(name, "siderolabs/")}"
  ]))
  schematic = (
    length(local.extensions) == 0
    ? yamlencode({ customization = {} })
    : yamlencode({ customization = { systemExtensions = { officialExtensions = local.extensions } } })
  )
}
