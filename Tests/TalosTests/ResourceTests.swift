import Model
import Testing

@testable import Talos

struct ResourceTests {
    @Test func `a machine status tells stage, readiness and what is unmet`() {
        let spec = MachineStatusSpec(
            yaml: """
                stage: shutting down
                status:
                    ready: false
                    unmetConditions:
                        - name: nodeReady
                          reason: node is not ready
                        - name: time
                """)
        #expect(spec.stage == .shuttingDown)
        #expect(!spec.isReady)
        #expect(spec.unmetConditions == ["nodeReady: node is not ready", "time"])
    }

    @Test func `a ready machine is ready`() {
        let spec = MachineStatusSpec(
            yaml: "stage: running\nstatus:\n    ready: true\n    unmetConditions: []\n")
        #expect(spec == MachineStatusSpec(yaml: "{stage: running, status: {ready: true}}"))
        #expect(spec.isReady && spec.stage == .running)
    }

    @Test(arguments: [nil, "", "stage: dreaming", "[", "running"])
    func `an unreadable machine status is unknown and not ready`(yaml: String?) {
        let spec = MachineStatusSpec(yaml: yaml)
        #expect(spec.stage == .unknown)
        #expect(!spec.isReady)
    }

    @Test func `extensions are known by name, and the schematic is not one of them`() {
        let id = String(repeating: "0a", count: 32)
        let spec = ExtensionsSpec(yamls: [
            "image: 1.sqsh\nmetadata:\n    name: schematic\n    version: \(id)\n",
            "image: 0.sqsh\nmetadata: {name: iscsi-tools, version: v0.1.6}\n",
            "metadata: {name: modules.dep, version: 6.12.1}", "metadata: {name: gvisor}", "{",
        ])
        #expect(spec.names == ["gvisor", "iscsi-tools"])
        #expect(spec.schematic?.text == id)
    }

    @Test func `an image that is not from a factory has no schematic`() {
        #expect(ExtensionsSpec(yamls: []).schematic == nil)
    }

    @Test func `an all-digit schematic is not taken for a number`() {
        let id = String(repeating: "12", count: 32)
        let spec = ExtensionsSpec(yamls: ["metadata: {name: schematic, version: \(id)}"])
        #expect(spec.schematic?.text == id)
    }

    @Test func `a member is a node with a role`() {
        let spec = MemberSpec(
            id: "cp-1",
            yaml: """
                nodeId: abc
                addresses:
                    - 172.20.0.2
                    - fd00::2
                hostname: cp-1
                machineType: controlplane
                operatingSystem: Talos (v1.13.9)
                """)
        #expect(
            spec?.identity
                == NodeIdentity(name: "cp-1", address: "172.20.0.2", role: .controlPlane))
        #expect(MemberSpec(id: "w-1", yaml: "addresses: []") == nil)
    }

    @Test func `a machine type is a bare scalar`() {
        #expect(Role(machineType: ScalarSpec.text(yaml: "init\n")) == .controlPlane)
        #expect(Role(machineType: ScalarSpec.text(yaml: "worker\n")) == .worker)
    }

    @Test func `a kernel command line is kept whole`() {
        let yaml = "cmdline: talos.platform=metal console=tty0 init_on_alloc=1\n"
        #expect(
            ScalarSpec.text("cmdline", yaml: yaml)
                == "talos.platform=metal console=tty0 init_on_alloc=1")
    }

    @Test func `secure boot is off unless it says so`() {
        #expect(ScalarSpec.flag("secureBoot", yaml: "secureBoot: true\n"))
        #expect(!ScalarSpec.flag("secureBoot", yaml: "secureBoot: false\n"))
        #expect(!ScalarSpec.flag("secureBoot", yaml: nil))
    }

    @Test func `the install image is found among several documents`() {
        let spec = MachineConfigSpec(
            yaml: """
                apiVersion: v1alpha1
                kind: HostnameConfig
                ---
                version: v1alpha1
                machine:
                    install:
                        image: factory.talos.dev/metal-installer/abc:v1.9.2
                """)
        #expect(spec.installImage == "factory.talos.dev/metal-installer/abc:v1.9.2")
        #expect(MachineConfigSpec(yaml: "machine: [").installImage == nil)
    }
}
