# The token comes from PROXMOX_VE_API_TOKEN, so that terraform.tfvars holds no secret and can be
# committed.
provider "proxmox" {
  endpoint = var.proxmox_endpoint
  insecure = var.proxmox_insecure
}

provider "talos" {
  image_factory_url = var.image_factory_url
}
