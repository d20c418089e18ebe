/// Breakages of the repository, of Terraform and of the credentials, and those that stay.
extension Wave {
    static let repository = [
        Wave(
            title: "other versions are declared than run",
            breakages: [
                Breakage(
                    "declaration.drift", "warning", "Talos v1.9.3 is declared, and v1.9.2 runs",
                    by: [.replace("\"v1.9.2\"", with: "\"v1.9.3\"", in: tfvars)]),
                Breakage(
                    "declaration.drift", "warning", "Kubernetes 1.32.1 is declared, and 1.32.0",
                    by: [
                        .replace("\"1.32.0\"", with: "\"1.32.1\"", in: tfvars),
                        .git("commit --quiet --all --message drift"),
                    ], mends: [.git("reset --quiet --hard HEAD~1")]),
            ], also: ["terraform.pending"]),
        Wave(
            title: "changes that are not committed",
            breakages: [
                Breakage(
                    "repository.obstacle", "error", "not committed",
                    by: [.append("# mine\n", to: tfvars)], mends: [.git("checkout -- terraform")])
            ]),
        Wave(
            title: "changes that are not applied",
            breakages: [
                Breakage(
                    "terraform.pending", "warning", "Terraform would change something already now",
                    by: [.append("resource \"terraform_data\" \"later\" {}\n", to: main)],
                    mends: [.git("checkout -- terraform")])
            ]),
        Wave(
            title: "a configuration that is not valid",
            breakages: [
                Breakage(
                    "terraform.no-plan", "error", "Terraform cannot plan",
                    by: [.append("locals { wrong = var.never_declared }\n", to: main)],
                    mends: [.git("checkout -- terraform")])
            ]),
    ]

    static let credentials = [
        Wave(
            title: "certificates that end soon",
            breakages: [
                certificate(
                    "talosconfig", "certificate.soon", "warning", "expires in 19 days", "20d"),
                certificate(
                    "kubeconfig", "certificate.soon", "warning", "expires in 19 days", "20d"),
            ]),
        Wave(
            title: "certificates that may end within a run",
            breakages: [
                certificate("talosconfig", "certificate.over", "error", "expires in 1", "12h"),
                certificate("kubeconfig", "certificate.over", "error", "expires in 1", "12h"),
            ]),
    ]

    static let gone = [
        Wave(
            title: "nodes that are gone",
            breakages: [
                Breakage(
                    "node.unreachable", "error", "demo-worker-1 does not answer",
                    by: [.destroy("demo-worker-1")]),
                Breakage(
                    "node.not-in-kubernetes", "error", "Kubernetes does not tell of demo-cp-3",
                    by: [.kubectl("delete node demo-cp-3")]),
            ],
            also: [
                "node.not-ready", "backup.agent-not-ready", "pod.unschedulable", "pod.terminating",
                "pod.node-gone", "terraform.pending",
            ], isMended: false)
    ]

    private static let tfvars = LabFixture.tfvarsPath
    private static let main = "terraform/main.tf"

    private static func certificate(
        _ holder: String, _ code: String, _ severity: String, _ word: String, _ time: String
    ) -> Breakage {
        Breakage(
            code, severity, "The client certificate of the \(holder) \(word)",
            by: [.credentials(time)], mends: [.credentials("365d")])
    }
}
