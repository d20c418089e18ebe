import Foundation

@testable import Talos

/// A throw-away PKI of the kind Talos makes: Ed25519 throughout, a key with Talos' own label.
/// The client certificate says `O=os:admin` and is valid for one year from 2026-11-22.
enum Certificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBNjCB6aADAgECAhRX0YVOMoE8zKun9BsnhFm8aBsKfTAFBgMrZXAwEDEOMAwG
        A1UECgwFdGFsb3MwIBcNMjYxMTIyMTkwMjU1WhgPMjEwMDEwMjUxOTAyNTVaMBAx
        DjAMBgNVBAoMBXRhbG9zMCowBQYDK2VwAyEAj5SjG2A2Lk3+JODu364d5sk68+ST
        9jWk3Kge573YrRujUzBRMB0GA1UdDgQWBBR7ldd2VcvgvsXpp3cMnCL8NkivsTAf
        BgNVHSMEGDAWgBR7ldd2VcvgvsXpp3cMnCL8NkivsTAPBgNVHRMBAf8EBTADAQH/
        MAUGAytlcANBABJP46JnH2ZgMtf9sKUyXsQ9DLH73G6r3KRfjZaq3WkS1tkgz2mm
        WMkiuYViCV7XJ0R8QfObPif5a8DMu+gLlgM=
        -----END CERTIFICATE-----
        """

    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBSDCB+6ADAgECAhQQW5z2giSwbEbvTCF7pmjgbbwbTDAFBgMrZXAwEDEOMAwG
        A1UECgwFdGFsb3MwHhcNMjYxMTIyMTkwMjU1WhcNMjcxMTIyMTkwMjU1WjATMREw
        DwYDVQQKDAhvczphZG1pbjAqMAUGAytlcAMhAN4b8PvSlqC/nKbiRwup7q6z66nM
        Syu2rtZp1fai78Oho2QwYjALBgNVHQ8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUH
        AwIwHQYDVR0OBBYEFA8UHOJDNaiak5OUpoteM6rkSQi3MB8GA1UdIwQYMBaAFHuV
        13ZVy+C+xemndwycIvw2SK+xMAUGAytlcANBAKaM8qqI0F7V8BFn02BMU8oMzQDy
        kjp/Zr0Dzt7Z+If55dXDiQeSiPaXJ8Sd47jAVnbA8Z/X7gePDSbK8cPLUg0=
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN ED25519 PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIFOAZIcnQ5yBZ/qlVn4N0x5HZKHZh0i59YqQvdBvcfaU
        -----END ED25519 PRIVATE KEY-----
        """

    static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    /// A talosconfig with one context; nil leaves a field out.
    static func talosconfig(
        authority: String? = authority, client: String? = client, key: String? = key
    ) -> String {
        var lines = ["context: home", "contexts:", "  home:", "    endpoints: [10.0.0.1]"]
        for (name, text) in [("ca", authority), ("crt", client), ("key", key)] {
            if let text { lines.append("    \(name): \(base64(text))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
