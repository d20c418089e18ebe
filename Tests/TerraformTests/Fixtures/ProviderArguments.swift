/// Arguments and blocks of the resources that `terraform/` uses, as the vendors document them.
///
/// Sources: https://registry.terraform.io/providers/siderolabs/talos/0.11.0/docs,
/// https://registry.terraform.io/providers/bpg/proxmox/0.111.1/docs,
/// https://registry.terraform.io/providers/hashicorp/local/2.5.3/docs.
struct ProviderArguments: Sendable {
    /// Argument to type: `string`, `number`, `bool`, or anything else for what is no plain value.
    var arguments: [String: String]
    var required: Set<String> = []
    /// Nested blocks, each with its own arguments and blocks.
    var blocks: [String: ProviderArguments] = [:]

    static let all: [String: ProviderArguments] = [
        "provider proxmox": ProviderArguments(
            arguments: [
                "endpoint": "string", "insecure": "bool", "api_token": "string",
                "username": "string", "password": "string",
            ], blocks: ["ssh": ProviderArguments(arguments: ["agent": "bool"])]),
        "provider talos": ProviderArguments(arguments: ["image_factory_url": "string"]),
        "resource talos_machine_secrets": ProviderArguments(arguments: ["talos_version": "string"]),
        "resource talos_machine_configuration_apply": ProviderArguments(
            arguments: [
                "client_configuration": "object", "machine_configuration_input": "string",
                "node": "string", "endpoint": "string", "config_patches": "list",
                "apply_mode": "string", "on_destroy": "object", "timeouts": "object",
            ], required: ["node", "client_configuration", "machine_configuration_input"]),
        "resource talos_machine_bootstrap": ProviderArguments(
            arguments: [
                "client_configuration": "object", "node": "string", "endpoint": "string",
                "timeouts": "object",
            ], required: ["node", "client_configuration"]),
        "resource talos_cluster_kubeconfig": ProviderArguments(
            arguments: [
                "client_configuration": "object", "node": "string", "endpoint": "string",
                "certificate_renewal_duration": "string", "timeouts": "object",
            ], required: ["node", "client_configuration"]),
        "resource talos_image_factory_schematic": ProviderArguments(
            arguments: ["schematic": "string"]),
        "data talos_machine_configuration": ProviderArguments(
            arguments: [
                "cluster_name": "string", "cluster_endpoint": "string", "machine_type": "string",
                "machine_secrets": "object", "talos_version": "string",
                "kubernetes_version": "string", "config_patches": "list", "docs": "bool",
                "examples": "bool",
            ],
            // The last two by this project: without them, each provider chooses its own.
            required: [
                "cluster_name", "cluster_endpoint", "machine_type", "machine_secrets",
                "talos_version", "kubernetes_version",
            ]),
        "data talos_client_configuration": ProviderArguments(
            arguments: [
                "cluster_name": "string", "client_configuration": "object", "endpoints": "list",
                "nodes": "list",
            ], required: ["cluster_name", "client_configuration"]),
        "data talos_image_factory_extensions_versions": ProviderArguments(
            // `filters` is left out on purpose: it takes parts of names for names.
            arguments: ["talos_version": "string", "exact_filters": "object"],
            required: ["talos_version", "exact_filters"]),
        "resource local_sensitive_file": ProviderArguments(
            arguments: [
                "filename": "string", "content": "string", "file_permission": "string",
                "directory_permission": "string",
            ], required: ["filename", "file_permission", "directory_permission"]),
        "resource proxmox_download_file": ProviderArguments(
            arguments: [
                "node_name": "string", "datastore_id": "string", "content_type": "string",
                "url": "string", "file_name": "string", "decompression_algorithm": "string",
                "checksum": "string", "checksum_algorithm": "string", "overwrite": "bool",
                "overwrite_unmanaged": "bool", "verify": "bool", "upload_timeout": "number",
            ], required: ["node_name", "datastore_id", "content_type", "url"]),
        "resource proxmox_virtual_environment_vm": ProviderArguments(
            arguments: [
                "name": "string", "node_name": "string", "vm_id": "number",
                "description": "string", "tags": "list", "on_boot": "bool", "started": "bool",
                "bios": "string", "machine": "string", "scsi_hardware": "string",
                "boot_order": "list", "stop_on_destroy": "bool", "migrate": "bool",
                "protection": "bool", "reboot_after_update": "bool", "tablet_device": "bool",
                "pool_id": "string", "template": "bool",
            ], required: ["node_name"],
            blocks: [
                "agent": ProviderArguments(
                    arguments: [
                        "enabled": "bool", "timeout": "string", "trim": "bool", "type": "string",
                    ]),
                "cpu": ProviderArguments(
                    arguments: [
                        "cores": "number", "sockets": "number", "type": "string", "numa": "bool",
                    ]),
                "memory": ProviderArguments(
                    arguments: ["dedicated": "number", "floating": "number", "shared": "number"]),
                // Without `file_id`, which makes a machine anew for another image.
                "disk": ProviderArguments(
                    arguments: [
                        "interface": "string", "datastore_id": "string", "size": "number",
                        "import_from": "string", "file_format": "string", "iothread": "bool",
                        "discard": "string", "ssd": "bool", "cache": "string", "aio": "string",
                        "backup": "bool", "replicate": "bool", "serial": "string",
                    ], required: ["interface", "import_from"]),
                "network_device": ProviderArguments(
                    arguments: [
                        "bridge": "string", "model": "string", "mac_address": "string",
                        "vlan_id": "number", "mtu": "number", "firewall": "bool",
                    ]),
                "initialization": ProviderArguments(
                    arguments: ["datastore_id": "string", "interface": "string"],
                    blocks: [
                        "dns": ProviderArguments(
                            arguments: ["servers": "list", "domain": "string"]),
                        "ip_config": ProviderArguments(
                            arguments: [:],
                            blocks: [
                                "ipv4": ProviderArguments(
                                    arguments: ["address": "string", "gateway": "string"])
                            ]),
                    ]),
                "operating_system": ProviderArguments(
                    arguments: ["type": "string"], required: ["type"]),
            ]),
    ]
}
