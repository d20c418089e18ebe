/// Files that Terraform reads, awkward ones first.
enum Fixtures {
    static let valid = [
        "", "\n", "# only a comment", "a=1", "a = 1\r\nb = 2\r\n", "\u{FEFF}a = 1\n",
        "\ta\t=\t1\t\n", "a = \"x\" // c", "/* a */ a /* b */ = /* c */ 1 /* d\n */\n",
        "a = <<EOT\n${1} $${x}\n  EOT\nb = 2\n", "a = <<-EOT\r\n  x\r\n  EOT\r\n",
        "a = <<A\n${<<B\nx\nB\n}\nA\n", "a = [\n  1, # one\n  2 # two\n]\n",
        "a = [1\n, 2\n,]\n", "a = {\n  \"k\" : 1,\n  l = 2\n\n  m = { n = [] } }\n",
        "a = { k = 1, k = 2 }\n", "a = \"${ {x = 1}.x }\"\n",
        "a = \"%{ if true }x%{ else }y%{ endif }\"\n",
        "a = true ? \"b\" : [\n1\n][0]\n", "α-β = { ℘ = 1 }\n", "for = { \"for\" = 1 }\n",
        "a = \"}\" # {\n", "a = [for k, v in { x = 1 } : \"${k}\" if v == 1]\n", "a = \"\u{A0}\"\n",
        "a = [for x in [] : y]\n", "a = \"$\"\nb = \"%\"\nc = \"$$\"\n",
    ]

    /// A file as real repositories have them.
    static let cluster = """
        # Cluster
        talos_version      = "v1.9.2" # renovate: talos
        kubernetes_version = "v1.31.0" # k
        vip                = "10.0.0.2"

        talos_extensions = [
          # needed by Proxmox
          "qemu-guest-agent", # agent
          "iscsi-tools",
        ]
        nodes = {
          "cp-1" : { update = false, ip = "10.0.0.1" },
          w-1 = {
            ip     = "10.0.0.3"
            cores  = 4 # many
            update = true # yes
          }
        }

        """
}

extension Fixtures {
    /// What damage is made of.
    static let pieces = [
        "", "=", ":", ",", "[", "]", "{", "}", "(", ")", "\"", "${", "%{", "~}", "\n", "\r\n", "\r",
        "#", "//", "/*", "*/", "<<E\n", "<<-E\n", "\nE\n", "\\", ".", "...", "*", "?", "!", "-",
        "=>", "for x in [1] : x", "if", "in", "1", "1.5e3", "a", "a.b", "f(", "::", "$", "$$", "'",
        ";",
        " ", "\t", "é", "\u{A0}", "👨‍👩‍👧", "e\u{301}", "\u{FEFF}", "\\u00e9", "\\ud83d", "null", "true",
        "%{ if true }", "%{ endif }", "%{ for x in [1] }", "%{ endfor }", "%{ else }", "b = 1\n",
    ]
}
