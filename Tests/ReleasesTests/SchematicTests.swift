import Foundation
import Model
import Releases
import Testing

struct SchematicTests {
    @Test func `every published schematic has its published id and text`() throws {
        let vectors = try Vectors.read()
        #expect(vectors.published.count == 64)
        for vector in vectors.published { try check(vector) }
    }

    @Test func `every derived schematic has its id, at factories of every age`() throws {
        let vectors = try Vectors.read()
        #expect(vectors.derived.count == 23)
        for vector in vectors.derived { try check(vector) }
    }

    private func check(_ vector: Vectors.Vector) throws {
        let json = String(decoding: try JSONEncoder().encode(vector.schematic), as: UTF8.self)
        let schematic = try ImageSchematic(yaml: json, source: "vector")
        #expect(schematic.canonicalText() == vector.canonical)
        #expect(schematic.id.text == vector.id)
        for (name, id) in vector.idByEmitter ?? [:] {
            let emitter = try #require(Vectors.emitters[name])
            #expect(schematic.id(emitter).text == id, "\(name): \(vector.canonical)")
        }
        let isStable = schematic.candidateIDs.count == 1
        #expect(isStable == (vector.stable ?? true), "\(vector.canonical)")
        // The canonical text reads back as the same schematic, but for the indent hint, which
        // go-yaml computes from the wrong column.
        if vector.canonical.contains("|4-") { return }
        #expect(try ImageSchematic(yaml: vector.canonical, source: "canonical") == schematic)
    }

    @Test(arguments: ["  ind\nx", "\nx", "a \nb", "yes", "\u{1F600}", "é: \"q\" \\", "\n", "\u{7}"])
    func `what is sent to a factory reads back as it was`(_ text: String) throws {
        let schematic = ImageSchematic(
            overlay: .init(image: text, name: "x", options: ["k": [.string(text), true, 1]]),
            extraKernelArguments: [text], meta: [.init(key: 10, value: text)])
        #expect(try ImageSchematic(yaml: schematic.requestText, source: "sent") == schematic)
    }

    @Test(
        arguments: [
            "", "{}", "customization:", "customization: {}", "overlay:\ncustomization:\n",
            "# nothing\n---\ncustomization:\n  systemExtensions:\n    officialExtensions: [~]\n",
            "customization: {bootloader: none}",
        ])
    func `what says nothing is the empty schematic`(_ text: String) throws {
        guard !text.isEmpty else {
            #expect(throws: Problem.self) { try ImageSchematic(yaml: text, source: "f") }
            return
        }
        let schematic = try ImageSchematic(yaml: text, source: "f.yaml")
        #expect(schematic.id == .empty)
    }

    @Test func `numbers and booleans keep their text, meta keys are numbers`() throws {
        let text = """
            customization:
              extraKernelArgs: [0x10, true, 1.10]
              meta: [{key: 0xa, value: 12}]
            ---
            second: document
            """
        let schematic = try ImageSchematic(yaml: text, source: "f.yaml")
        #expect(schematic.extraKernelArguments == ["0x10", "true", "1.10"])
        #expect(schematic.meta == [ImageSchematic.Meta(key: 10, value: "12")])
    }

    @Test func `options are retyped and sorted as the factory does`() throws {
        let text = """
            overlay: {name: x, options: {b10: 0x1F, b9: 1.10, "_": 1e6, B: .5, c: "1", d: 0o17}}
            """
        let schematic = try ImageSchematic(yaml: text, source: "f.yaml")
        #expect(
            schematic.canonicalText().contains(
                """
                    options:
                        _: 1e+06
                        B: 0.5
                        b9: 1.1
                        b10: 31
                        c: "1"
                        d: 15
                """))
    }

    @Test(
        arguments: [
            ("customizations: {}", "unknown field customizations", "f.yaml:1:1"),
            ("customization:\n  extraKernelArgs: x\n", "a list belongs here", "f.yaml:2:20"),
            ("customization: {meta: [{key: \"1\"}]}", "without quotes", "f.yaml:1:30"),
            ("customization: {meta: [{key: 256}]}", "0 to 255", "f.yaml:1:30"),
            ("customization: {bootloader: auto}", "not auto", "f.yaml:1:29"),
            ("a: [", "not YAML", "f.yaml"), ("- a", "must be a mapping", "f.yaml:1:1"),
            ("overlay: {name: x, options: {d: 2024-01-01}}", "quotes", "f.yaml:1:33"),
            ("customization: {}\ncustomization: {}\n", "not YAML", "f.yaml"),
        ])
    func `what a factory would refuse is refused with its place`(
        _ text: String, _ words: String, _ place: String
    ) {
        let problem = #expect(throws: Problem.self) {
            try ImageSchematic(yaml: text, source: "f.yaml")
        }
        #expect(problem?.summary.contains(words) ?? false, "\(problem?.summary ?? "")")
        #expect(problem?.location == place)
    }

    @Test func `aliases cannot make a small text large`() {
        let levels = (1...9).map { level in
            "  a\(level): &a\(level) ["
                + Array(repeating: "*a\(level - 1)", count: 9)
                .joined(separator: ",") + "]"
        }
        let text =
            "overlay:\n name: x\n options:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + levels.joined(separator: "\n") + "\n"
        #expect(throws: Problem.self) { try ImageSchematic(yaml: text, source: "f.yaml") }
    }
}

private struct Vectors: Decodable {
    var published: [Vector]
    var derived: [Vector]

    struct Vector: Decodable {
        var id: String
        var schematic: JSONValue
        var canonical: String
        var stable: Bool?
        var idByEmitter: [String: String]?
    }

    static let emitters: [String: YAMLEmitter] = [
        "yaml v3.0": .v3, "yaml v4 rc.3": .v4rc3, "yaml v4 rc.4": .v4rc4, "yaml v4 rc.6": .v4rc6,
    ]

    static func read() throws -> Vectors {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/schematic-vectors.json")
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }
}
