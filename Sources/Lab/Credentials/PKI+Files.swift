import Foundation

extension PKI {
    /// A `talosconfig` as Talos makes it: one context, named after the cluster.
    ///
    /// - Parameters:
    ///   - endpoints: the control planes' addresses.
    ///   - nodes: default targets; left out when empty, as in what Terraform's provider writes.
    package func talosconfig(
        cluster: String, endpoints: [String], nodes: [String] = [], roles: [String] = ["os:admin"],
        validity: Authority.Validity = .year
    ) throws -> String {
        let client = try talos.clientCertificate(organizations: roles, validity: validity)
        var text = "context: \(cluster)\ncontexts:\n    \(cluster):\n        endpoints:\n"
        text += endpoints.map { "            - \($0)\n" }.joined()
        if !nodes.isEmpty {
            text += "        nodes:\n" + nodes.map { "            - \($0)\n" }.joined()
        }
        text += "        ca: \(Self.base64(talos.certificatePEM))\n"
        text += "        crt: \(Self.base64(client.certificatePEM))\n"
        text += "        key: \(Self.base64(client.keyPEM))\n"
        return text
    }

    /// An admin `kubeconfig` as Talos makes it: names `CLUSTER` and `admin@CLUSTER`, everything
    /// inline.
    package func kubeconfig(
        cluster: String, server: String, validity: Authority.Validity = .year
    ) throws -> String {
        let client = try kubernetes.clientCertificate(
            commonName: "admin", organizations: ["system:masters"], validity: validity)
        return """
            apiVersion: v1
            kind: Config
            clusters:
                - name: \(cluster)
                  cluster:
                    server: \(server)
                    certificate-authority-data: \(Self.base64(kubernetes.certificatePEM))
            users:
                - name: admin@\(cluster)
                  user:
                    client-certificate-data: \(Self.base64(client.certificatePEM))
                    client-key-data: \(Self.base64(client.keyPEM))
            contexts:
                - context:
                    cluster: \(cluster)
                    namespace: default
                    user: admin@\(cluster)
                  name: admin@\(cluster)
            current-context: admin@\(cluster)

            """
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }
}
