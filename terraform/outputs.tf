output "cluster_name" {
  description = "Name of the cluster."
  value       = var.cluster_name
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API."
  value       = local.endpoint
}

output "controlplane_ips" {
  description = "Control planes: name to address."
  value       = { for name, machine in local.controlplanes : name => machine.address }
}

output "worker_ips" {
  description = "Workers: name to address."
  value       = { for name, machine in local.workers : name => machine.address }
}

output "talos_schematic_id" {
  description = "Image Factory schematic of the nodes."
  value       = local.schematic_id
}

output "talosconfig" {
  description = "Credentials for the Talos API."
  value       = data.talos_client_configuration.this.talos_config
  sensitive   = true
}

output "kubeconfig" {
  description = "Credentials for the Kubernetes API."
  value       = talos_cluster_kubeconfig.this.kubeconfig_raw
  sensitive   = true
}
