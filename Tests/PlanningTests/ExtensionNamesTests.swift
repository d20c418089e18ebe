import Model
import Planning
import Testing

struct ExtensionNamesTests {
    private func names(_ talos: Version) throws -> ExtensionNames {
        ExtensionNames(try #require(BundledExtensions.catalog(for: talos)))
    }

    @Test func `short and full names are found`() throws {
        let names = try names(Version(1, 9, 4))
        for text in ["iscsi-tools", "siderolabs/iscsi-tools", " ISCSI-Tools "] {
            #expect(names.resolve(text) == .found("siderolabs/iscsi-tools"))
        }
        #expect(ExtensionNames.short("siderolabs/iscsi-tools") == "iscsi-tools")
        #expect(ExtensionNames.full("other/thing") == "other/thing")
    }

    @Test(
        arguments: [
            ("i915-ucode", 8, "i915-ucode"), ("i915-ucode", 9, "i915"), ("i915", 13, "i915"),
            ("amdgpu-firmware", 10, "amdgpu"), ("xe-guest-utilities", 7, "xen-guest-agent"),
            ("xe-guest-utilities", 6, "xe-guest-utilities"),
            ("nvidia-fabricmanager", 8, "nvidia-fabricmanager-lts"),
            ("nvidia-container-toolkit", 7, "nvidia-container-toolkit"),
            ("gasket", 13, "gasket-driver"),
        ])
    func `an old name becomes the new one where the new one exists`(
        _ name: String, _ minor: Int, _ wanted: String
    ) throws {
        let result = try names(Version(1, minor, 0)).resolve([name, name])
        #expect(result.names == ["siderolabs/" + wanted])
        #expect(result.findings.allSatisfy { $0.code == "extension.renamed" })
        #expect(result.findings.isEmpty == (name == wanted))
    }

    @Test(
        arguments: [
            ("util-linux-tool", "did you mean util-linux-tools?"),
            ("iscsi-tolos", "did you mean iscsi-tools?"),
            ("qemu", "did you mean qemu-guest-agent?"),
            ("xyzzy-nothing", "see the names: bump extensions list --available"),
            ("", "see the names: bump extensions list --available"),
        ])
    func `an unknown name is refused with what comes near`(_ name: String, _ fix: String) throws {
        let result = try names(Version(1, 9, 4)).resolve([name])
        #expect(result.names.isEmpty)
        #expect(result.findings.map(\.severity) == [.error])
        #expect(result.findings.first?.fix == fix)
    }

    @Test func `a name of another time says when it existed`() throws {
        let early = try names(Version(1, 8, 0)).resolve("i915")
        #expect(early == .unknown(near: ["i915-ucode"], remark: "It exists from Talos 1.9 on."))
        guard case .unknown(_, let remark) = try names(Version(1, 9, 0)).resolve("zerotier") else {
            Issue.record("zerotier came with 1.10")
            return
        }
        #expect(remark == "It exists from Talos 1.10 on.")
    }

    @Test func `every bundled series has its extensions, and none for others`() throws {
        for row in TalosSeries.table {
            let names = try #require(BundledExtensions.catalog(for: row.latest)).names
            #expect(names.contains("siderolabs/qemu-guest-agent"))
            #expect(Set(names).count == names.count)
        }
        #expect(try #require(BundledExtensions.catalog(for: Version(1, 13, 9))).names.count == 83)
        #expect(BundledExtensions.catalog(for: Version(1, 15, 0)) == nil)
    }
}
