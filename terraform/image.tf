# What the factory offers for this version. An unknown name is left out without a word, so that
# the schematic is made of the names asked for, and this is only looked up to see that all exist.
data "talos_image_factory_extensions_versions" "this" {
  talos_version = var.talos_version
  exact_filters = {
    names = local.extensions
  }
}

locals {
  unknown_extensions = setsubtract(
    local.extensions,
    data.talos_image_factory_extensions_versions.this.extensions_info[*].name,
  )
}

resource "talos_image_factory_schematic" "this" {
  schematic = local.schematic

  lifecycle {
    precondition {
      condition     = length(local.unknown_extensions) == 0
      error_message = "Talos ${var.talos_version} has no extension ${join(", ", local.unknown_extensions)}."
    }
  }
}

locals {
  schematic_id = talos_image_factory_schematic.this.id
  image_hosts  = toset(var.image_storage_shared ? [var.proxmox_nodes[0]] : var.proxmox_nodes)

  # Written into the machine configurations, where only an install from scratch reads it.
  installer = "${trimprefix(var.image_factory_url, "https://")}/nocloud-installer/${local.schematic_id}:${var.talos_version}"
}

# The image that new machines start from. Another version or schematic replaces this file and
# nothing else: the machines' disks are copies of it.
resource "proxmox_download_file" "talos" {
  for_each = local.image_hosts

  node_name           = each.key
  datastore_id        = var.image_storage
  content_type        = "import"
  file_name           = "${var.cluster_name}-talos-${var.talos_version}-${substr(local.schematic_id, 0, 12)}.qcow2"
  url                 = "${var.image_factory_url}/image/${local.schematic_id}/${var.talos_version}/nocloud-amd64.qcow2"
  overwrite           = false
  overwrite_unmanaged = true
  upload_timeout      = 1800
}
