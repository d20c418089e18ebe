resource "proxmox_virtual_environment_vm" "machine" {
  for_each = local.machines

  name        = each.key
  node_name   = each.value.host
  vm_id       = each.value.vm_id
  description = "Talos ${each.value.role} of ${var.cluster_name}, made by Terraform"
  # Sorted, as Proxmox returns them.
  tags = sort(distinct([var.cluster_name, each.value.role, "talos"]))

  machine       = "q35"
  scsi_hardware = "virtio-scsi-single"
  boot_order    = ["scsi0"]

  migrate         = true # to another Proxmox node, instead of being made anew there
  stop_on_destroy = true
  # A changed size takes effect at the next boot that you, or a roll, choose.
  reboot_after_update = false

  agent {
    enabled = var.guest_agent
    # Nobody waits for addresses here: they are static.
    timeout = "2m"
  }

  cpu {
    cores = each.value.size.cores
    type  = var.cpu_type
  }

  memory {
    dedicated = each.value.size.memory_mb
  }

  disk {
    interface    = "scsi0"
    datastore_id = var.disk_storage
    import_from  = proxmox_download_file.talos[var.image_storage_shared ? var.proxmox_nodes[0] : each.value.host].id
    file_format  = "raw"
    size         = each.value.size.disk_gb
    iothread     = true
    discard      = "on"
    ssd          = true
  }

  network_device {
    bridge  = var.network_bridge
    vlan_id = var.vlan_id
  }

  # Talos reads its static address from here, so that it is at that address before it has a
  # configuration.
  initialization {
    datastore_id = var.disk_storage

    dns {
      servers = var.nameservers
    }

    ip_config {
      ipv4 {
        address = "${each.value.address}/${local.prefix}"
        gateway = var.gateway
      }
    }
  }

  operating_system {
    type = "l26"
  }

  lifecycle {
    # The image only matters when the disk is made. Later versions come by upgrade: no version
    # and no schematic may reach a machine that exists.
    ignore_changes = [disk[0].import_from]
  }
}
