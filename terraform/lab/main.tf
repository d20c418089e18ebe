# The cluster. Its machines are emulated by `bump lab`, everything else is as it would be with
# real ones: each machine is a resource, versions are variables, credentials are outputs.

terraform {
  required_version = ">= 1.4.0"
}

locals {
  # The Image Factory's id of a schematic is the sha256 of its canonical YAML.
  extensions = sort(distinct([for name in var.talos_extensions : trimprefix(name, "siderolabs/")]))

  # Some nodes have a schematic of their own: more extensions than the others.
  node_extensions = { for node, names in var.node_extensions : node => concat(local.extensions, names) }

  schematics = {
    for key, names in merge({ "" = local.extensions }, local.node_extensions) :
    key => length(names) == 0 ? "customization: {}\n" : join("", concat(
      ["customization:\n    systemExtensions:\n        officialExtensions:\n"],
      [for name in names : "            - siderolabs/${name}\n"],
    ))
  }
  schematic_id = sha256(local.schematics[""])

  endpoint = "https://${var.cluster_vip != "" ? var.cluster_vip : values(var.controlplane_nodes)[0]}:6443"

  machines = merge(
    { for name, address in var.controlplane_nodes : name => { role = "control-plane", address = address } },
    { for name, address in var.worker_nodes : name => { role = "worker", address = address } },
  )
}

# What the Image Factory is told of the image.
resource "terraform_data" "schematic" {
  input = {
    id         = local.schematic_id
    extensions = local.extensions
    schematic  = local.schematics[""]
  }
}

resource "terraform_data" "node_schematic" {
  for_each = local.node_extensions

  input = {
    id         = sha256(local.schematics[each.key])
    extensions = each.value
    schematic  = local.schematics[each.key]
  }
}

# The cluster's secrets: replacing this makes another cluster.
resource "terraform_data" "cluster" {
  input = {
    name      = var.cluster_name
    generated = "${path.module}/../generated"
  }

  provisioner "local-exec" {
    command = "${path.module}/../.lab/bin/machine create-cluster"
    environment = {
      CLUSTER_NAME       = var.cluster_name
      CLUSTER_ENDPOINT   = local.endpoint
      TALOS_VERSION      = var.talos_version
      KUBERNETES_VERSION = var.kubernetes_version
      CONTROL_PLANES     = join(",", values(var.controlplane_nodes))
      WORKERS            = length(var.worker_nodes)
    }
  }

  provisioner "local-exec" {
    when    = destroy
    command = "${path.module}/../.lab/bin/machine destroy-cluster"
  }
}

# A machine boots the image of the day it is made; later versions come by upgrade, so that no
# version is an argument of this resource.
resource "terraform_data" "machine" {
  for_each = local.machines

  input = {
    name    = each.key
    role    = each.value.role
    address = each.value.address
  }
  triggers_replace = [each.value.role, each.value.address]

  provisioner "local-exec" {
    command = "${path.module}/../.lab/bin/machine create"
    environment = {
      MACHINE_NAME       = self.input.name
      MACHINE_ROLE       = self.input.role
      MACHINE_ADDRESS    = self.input.address
      TALOS_VERSION      = var.talos_version
      KUBERNETES_VERSION = var.kubernetes_version
      SCHEMATIC_ID       = sha256(lookup(local.schematics, each.key, local.schematics[""]))
      EXTENSIONS         = join(",", lookup(local.node_extensions, each.key, local.extensions))
    }
  }

  provisioner "local-exec" {
    when    = destroy
    command = "${path.module}/../.lab/bin/machine destroy"
    environment = {
      MACHINE_NAME = self.input.name
    }
  }

  depends_on = [terraform_data.cluster, terraform_data.schematic, terraform_data.node_schematic]
}
