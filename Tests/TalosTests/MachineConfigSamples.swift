/// A configuration as `talosctl gen config` and its documents look, with other secrets.
enum MachineConfigSamples {
    static let controlPlane = """
        version: v1alpha1 # Indicates the schema used to decode the contents.
        debug: false # Enable verbose logging to the console.
        persist: true
        # Provides machine specific configuration options.
        machine:
            type: controlplane # Defines the role of the machine within the cluster.
            token: abcdef.0123456789abcdef # The `token` is used by a machine to join the PKI.
            ca:
                crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
                key: LS0tLS1CRUdJTiBFRDI1NTE5IFBSSVZBVEUgS0VZLS0tLS0K
            # Used to provide additional options to the kubelet.
            kubelet:
                image: ghcr.io/siderolabs/kubelet:v1.32.4-slim # The `image` field is optional.
                defaultRuntimeSeccompProfileEnabled: true # Enable container runtime default.
                disableManifestsDirectory: true

                # # The `ClusterDNS` field is an optional reference to an alternative list.
                # clusterDNS:
                #     - 10.96.0.10
            network:
                interfaces:
                    - interface: eth0
                      addresses: [10.0.0.2/24]
            install:
                disk: /dev/sda # The disk used for installations.
                image: factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b:v1.10.3
                wipe: false
            files:
                - content: |
                    [plugins]
                      image: registry.k8s.io/pause:3.10
                  permissions: 0o600
                  path: /etc/cri/conf.d/20-customization.part
                  op: create
            sysctls:
                net.core.rmem_max: "2500000"
        # Provides cluster specific configuration options.
        cluster:
            id: 0raF93qnkMvF-FZNuvyGozXNdLiT2FOWSlyBaW4PR-w= # Globally unique identifier.
            controlPlane:
                endpoint: https://10.0.0.10:6443 # Endpoint is the canonical endpoint.
            clusterName: lab # Configures the cluster's name.
            apiServer:
                image: registry.k8s.io/kube-apiserver:v1.32.4 # The container image used.
                certSANs:
                    - 10.0.0.10
                admissionControl:
                    - name: PodSecurity # Name is the name of the admission controller.
                      configuration:
                        apiVersion: pod-security.admission.config.k8s.io/v1alpha1
                        kind: PodSecurityConfiguration
                        defaults: {enforce: baseline, enforce-version: latest}
            controllerManager:
                image: 'registry.example.com:5000/mirror/kube-controller-manager:v1.32.4'
            proxy:
                image: "registry.k8s.io/kube-proxy:v1.32.4" # The container image used.
                # # Disable kube-proxy deployment on cluster bootstrap.
                # disabled: false
            scheduler: {image: registry.k8s.io/kube-scheduler:v1.32.4} # short
            discovery:
                enabled: true
                registries:
                    service: {}
            # A list of inline Kubernetes manifests.
            inlineManifests:
                - name: namespace-ci
                  contents: |-
                    apiVersion: v1
                    kind: Namespace
                    metadata:
                        name: ci
        ---
        apiVersion: v1alpha1
        kind: ExtensionServiceConfig
        name: tailscale
        environment:
            - TS_AUTHKEY=tskey-0000000000000000
        ---
        apiVersion: v1alpha1
        kind: WatchdogTimerConfig
        device: /dev/watchdog0
        timeout: 5m0s

        """
}
