terraform {
  # Validations that look at several variables need 1.9.
  required_version = ">= 1.9.0"

  required_providers {
    # 0.11 brought exact_filters and staged_if_needing_reboot. A newer minor of this provider
    # generates other machine configurations: read its notes, then raise the pin by itself.
    talos = {
      source  = "siderolabs/talos"
      version = "~> 0.11.0"
    }

    proxmox = {
      source  = "bpg/proxmox"
      version = "~> 0.111"
    }

    local = {
      source  = "hashicorp/local"
      version = "~> 2.5"
    }
  }
}
