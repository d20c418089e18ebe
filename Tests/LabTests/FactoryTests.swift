import Foundation
import Model
import Simulation
import Testing

@testable import Lab

@Suite struct FactoryTests {
    private static func shelf() -> SchematicShelf {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
        return SchematicShelf(
            file: folder.appendingPathComponent("schematics.json").path,
            terraformState: folder.appendingPathComponent("none").path)
    }

    /// Ids as published; sources are named in the Image Factory's own tests and documentation.
    @Test(arguments: [
        ("customization: {}", "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"),
        (
            #"{"customization":{"systemExtensions":{"officialExtensions":["siderolabs/qemu-guest-agent"]}}}"#,
            "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515"
        ),
        (
            #"{"customization":{"systemExtensions":{"officialExtensions":["siderolabs/intel-ucode","siderolabs/amd-ucode"]}}}"#,
            "381c216b7cd0730f65ddd4f4795178f38d40c06221ece25259891865819c1712"
        ),
        (
            #"{"customization":{"bootloader":"sd-boot"}}"#,
            "9ed5fecdacb36b5c5427b87d409f1065cfb2df69b0f71c58b868d9d466d8dab3"
        ),
        (
            #"{"overlay":{"name":"rpi_generic","image":"siderolabs/sbc-raspberrypi","options":{"zeta":1,"alpha":[true,"x"],"mid":{"k2":"v","k1":null}}}}"#,
            "b3bbafd0ec51773386ab748146e322bbba25f29bb5a86d6c23236f12a4eb6503"
        ),
        (
            #"{"customization":{"extraKernelArgs":["true","null","~","123","-5","0x10","0o17","017","1.5","1e3",".5",".inf","2024-01-01","1_000","0b11","+1",""]}}"#,
            "8b664b324da66bf9b440c7aec113a94db13aa542f00e6a02fa813f21710219cf"
        ),
        (
            #"{"customization":{"meta":[{"key":12,"value":"  ind\nx"}]}}"#,
            "15294b134e4bc758a34a274187edf83e842fc6631eee85be061c6c6adacb7486"
        ),
        (
            #"{"customization":{"meta":[{"key":0xc,"value":"a \nb"}]}}"#,
            "f76a06fefc33b25a4f68bdee4bc8cb61fcf534dfffd6f87ff8bd67a2006b7f97"
        ),
    ])
    func `a schematic has the id that the real factory gives it`(body: String, id: String) throws {
        #expect(try SchematicDocument(posted: body).id?.text == id)
    }

    @Test(arguments: [
        ("something: 1\n", "field something not found in type schematic.Schematic"), ("", "EOF"),
        ("customization:\n  extraKernelArgs: quiet\n", "cannot construct"),
        ("customization: {}\ncustomization: {}\n", "yaml"),
    ])
    func `a bad schematic is refused with 400`(body: String, words: String) {
        let routes = FactoryRoutes(shelf: Self.shelf())
        let answer = routes.answer(
            WebRequest(method: "POST", path: "/schematics", body: Array(body.utf8)))
        #expect(answer?.status == 400)
        let text = String(decoding: answer?.body ?? [], as: UTF8.self)
        #expect(text.contains(words))
    }

    @Test func `what was posted is known, and the catalogue is that of the version`() throws {
        let shelf = Self.shelf()
        let routes = FactoryRoutes(shelf: shelf)
        let body =
            "customization:\n  systemExtensions:\n    officialExtensions: [siderolabs/i915]\n"
        let posted = routes.answer(
            WebRequest(method: "POST", path: "/schematics", body: Array(body.utf8)))
        let id = try JSONText.parse(posted?.body ?? [])["id"]?.string ?? ""
        func status(_ path: String) -> Int? {
            routes.answer(WebRequest(method: "GET", path: path))?.status
        }
        #expect(status("/schematics/\(id)") == 200)
        #expect(status("/schematics/\(String(repeating: "0", count: 64))") == 404)
        #expect(status("/v2/metal-installer/\(id)/manifests/v1.9.6") == 200)
        #expect(status("/v2/metal-installer/\(id)/manifests/v1.8.4") == 400, "it was i915-ucode")
        #expect(status("/version/1.9.6/extensions/official") == 200)
        #expect(status("/version/v1.13.1/extensions/official") == 404, "withdrawn")
        #expect(ExtensionCatalog.names(talos: Version(1, 13, 9))?.count == 83)
        #expect(ExtensionCatalog.names(talos: Version(1, 8, 0))?.contains("i915-ucode") == true)
        #expect(ExtensionCatalog.names(talos: Version(1, 6, 0))?.contains("gvisor-debug") == false)
    }

    @Test func `releases come in pages, newest first, and not again when nothing changed`() throws {
        let feeds = ReleaseFeeds()
        var request = WebRequest(
            method: "GET", path: "/repos/siderolabs/talos/releases",
            query: ["per_page": "100", "page": "2"], headers: ["user-agent": "test"])
        let page = try #require(feeds.answer(request))
        #expect(page.status == 200 && page.headers["link"] == nil)
        request.query = [:]
        let first = try #require(feeds.answer(request))
        #expect(first.headers["link"]?.contains("rel=\"next\"") == true)
        let newest = try JSONText.parse(first.body).array?.first
        #expect(newest?["tag_name"] == "v1.14.2" && newest?["prerelease"] == false)
        request.headers["if-none-match"] = first.headers["etag"]
        #expect(feeds.answer(request)?.status == 304)
        #expect(feeds.answer(request, isLimited: true)?.status == 403)
        request.headers = [:]
        #expect(feeds.answer(request)?.status == 403, "GitHub wants to know who asks")
    }

    @Test(arguments: [
        ("stable.txt", "v1.37.1"), ("stable-1.32.txt", "v1.32.13"), ("stable-1.99.txt", nil),
    ])
    func `version markers are behind a redirect`(file: String, version: String?) {
        let feeds = ReleaseFeeds()
        let first = feeds.answer(WebRequest(method: "GET", path: "/release/\(file)"))
        let place = first?.headers["location"] ?? ""
        let answer = feeds.answer(
            WebRequest(method: "GET", path: place))
        #expect(answer?.status == (version == nil ? 404 : 200))
        if let version { #expect(answer?.body == Array(version.utf8)) }
    }
}
