output "cluster_name" {
  value = var.cluster_name
}

output "cluster_endpoint" {
  value = local.endpoint
}

output "controlplane_ips" {
  value = { for name, address in var.controlplane_nodes : name => terraform_data.machine[name].output.address }
}

output "worker_ips" {
  value = { for name, address in var.worker_nodes : name => terraform_data.machine[name].output.address }
}

output "talos_schematic_id" {
  value = local.schematic_id
}

# The folder is an attribute of the cluster, so that the files are read once it exists.
output "talosconfig" {
  value     = try(file("${terraform_data.cluster.output.generated}/talosconfig"), "")
  sensitive = true
}

output "kubeconfig" {
  value     = try(file("${terraform_data.cluster.output.generated}/kubeconfig"), "")
  sensitive = true
}
