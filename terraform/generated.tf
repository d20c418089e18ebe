# For talosctl and kubectl. bump reads the outputs, and these files where there are none.
resource "local_sensitive_file" "talosconfig" {
  filename             = "${path.module}/../generated/talosconfig"
  content              = data.talos_client_configuration.this.talos_config
  file_permission      = "0600"
  directory_permission = "0700"
}

resource "local_sensitive_file" "kubeconfig" {
  filename             = "${path.module}/../generated/kubeconfig"
  content              = talos_cluster_kubeconfig.this.kubeconfig_raw
  file_permission      = "0600"
  directory_permission = "0700"
}
