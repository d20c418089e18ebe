# The identity of the cluster. The contract is a variable of its own: a lower value would replace
# all secrets, and a new Talos version is no reason to touch it.
resource "talos_machine_secrets" "this" {
  talos_version = var.talos_version_contract
}

data "talos_machine_configuration" "this" {
  for_each = toset(["controlplane", "worker"])

  cluster_name       = var.cluster_name
  cluster_endpoint   = local.endpoint
  machine_type       = each.key
  machine_secrets    = talos_machine_secrets.this.machine_secrets
  talos_version      = var.talos_version_contract
  kubernetes_version = var.kubernetes_version
  docs               = false
  examples           = false
}

locals {
  # From contract v1.12 on, the generated configuration names the host in a document of its own,
  # and a host name in the old place is refused beside it.
  has_hostname_document = tonumber(trimprefix(var.talos_version_contract, "v1.")) >= 12

  hostname_patches = {
    for name in keys(local.machines) : name => (
      local.has_hostname_document
      ? yamlencode({ apiVersion = "v1alpha1", kind = "HostnameConfig", hostname = name, auto = "off" })
      : yamlencode({ machine = { network = { hostname = name } } })
    )
  }

  install_patch = yamlencode({
    machine = { install = { disk = "/dev/sda", image = local.installer } }
  })

  vip_patch = yamlencode({
    machine = {
      network = {
        interfaces = [{
          deviceSelector = { physical = true }
          vip            = { ip = var.cluster_vip }
        }]
      }
    }
  })

  scheduling_patch = yamlencode({ cluster = { allowSchedulingOnControlPlanes = true } })

  controlplane_patches = concat(
    var.cluster_vip != "" ? [local.vip_patch] : [],
    var.worker_count == 0 ? [local.scheduling_patch] : [],
  )

  machine_patches = {
    for name, machine in local.machines : name => concat(
      [local.install_patch, local.hostname_patches[name]],
      machine.role == "controlplane" ? local.controlplane_patches : [],
      var.config_patches,
    )
  }
}

resource "talos_machine_configuration_apply" "this" {
  for_each = local.machines

  client_configuration        = talos_machine_secrets.this.client_configuration
  machine_configuration_input = data.talos_machine_configuration.this[each.value.role].machine_configuration
  node                        = each.value.address
  config_patches              = local.machine_patches[each.key]

  # Terraform works on all nodes at once: what needs a reboot waits for the next one.
  apply_mode = "staged_if_needing_reboot"

  lifecycle {
    # A machine made anew has no configuration yet.
    replace_triggered_by = [proxmox_virtual_environment_vm.machine[each.key].id]
  }
}

resource "talos_machine_bootstrap" "this" {
  client_configuration = talos_machine_secrets.this.client_configuration
  node                 = local.first_controlplane

  depends_on = [talos_machine_configuration_apply.this]
}

resource "talos_cluster_kubeconfig" "this" {
  client_configuration = talos_machine_secrets.this.client_configuration
  node                 = local.first_controlplane

  depends_on = [talos_machine_bootstrap.this]
}

# Endpoints are the control planes themselves: the shared address is down when etcd is, which is
# when the Talos API is needed most.
data "talos_client_configuration" "this" {
  cluster_name         = var.cluster_name
  client_configuration = talos_machine_secrets.this.client_configuration
  endpoints            = [for machine in values(local.controlplanes) : machine.address]
  nodes                = local.addresses
}
