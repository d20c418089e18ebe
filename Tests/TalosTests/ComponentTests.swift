import Model
import Testing

@testable import Talos

struct ComponentTests {
    @Test func `a static pod's arguments are those of its first container`() {
        let yaml = """
            apiVersion: v1
            kind: Pod
            spec:
                containers:
                    - name: kube-apiserver
                      command:
                        - /usr/local/bin/kube-apiserver
                        - --admission-control-config-file=/system/config/x.yaml
                      args: ["--v=2", "--feature-gates=A=true,B=false"]
            """
        #expect(
            ComponentSpecs.arguments(ofStaticPod: yaml) == [
                "--admission-control-config-file=/system/config/x.yaml", "--v=2",
                "--feature-gates=A=true,B=false",
            ])
        #expect(ComponentSpecs.arguments(ofStaticPod: "[").isEmpty)
        #expect(ComponentSpecs.arguments(ofKubelet: "image: x\nargs:\n  - --v=2\n") == ["--v=2"])
        let configured = "args:\n  - --v=2\nconfig:\n  featureGates:\n    AppArmor: true\n"
        #expect(
            ComponentSpecs.arguments(ofKubelet: configured)
                == ["--v=2", "--feature-gates=AppArmor=true"])
    }

    @Test func `a manifest's objects keep the types Talos wrote`() throws {
        let yaml = """
            items:
                - apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: a, creationTimestamp: null}
                  data:
                    flag: "true"
                    number: "1"
                    text: |
                        a: b
                  spec:
                    flag: true
                    replicas: 2
                    big: 9223372036854775807
                    share: 0.5
                    mode: 0o644
                    version: 1.2.3
                    time: 12:30
                    yes: yes
                    none:
                - {apiVersion: v1, kind: Namespace, metadata: {name: b}}
            """
        let objects = try ComponentSpecs.objects(ofManifest: yaml, id: "01-x")
        #expect(objects.count == 2)
        #expect(objects[0]["data"] == ["flag": "true", "number": "1", "text": "a: b\n"])
        #expect(
            objects[0]["spec"] == [
                "flag": true, "replicas": 2, "big": .integer(.max), "share": .number(0.5),
                "mode": "0o644", "version": "1.2.3", "time": "12:30", "yes": "yes", "none": .null,
            ])
        #expect(objects[0]["metadata", "creationTimestamp"] == .null)
    }

    @Test(arguments: ["", "items: {}", "items: [text]", "[", "other: 1"])
    func `a manifest that is not understood stops the sync`(yaml: String) {
        #expect(throws: Problem.self) {
            _ = try ComponentSpecs.objects(ofManifest: yaml, id: "01-x")
        }
    }
}
