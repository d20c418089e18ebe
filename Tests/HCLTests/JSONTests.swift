import Testing

@testable import HCL

/// `*.tfvars.json`.
struct JSONTests {
    private static let source = """
        {
          "//": "comment", "//": 1,
          "talos_version": "v1.9.2",
          "nodes": {"cp-1": {"update": false, "cores": 1.50}, "//": null},
          "list": [
            "a",
            "\\u00e9\\ud83d\\ude00\\ud800 ${x}"
          ]
        }

        """

    @Test func `values are read literally, with their places`() throws {
        let document = try HCLDocument(parsing: Array(Self.source.utf8), as: .json)
        #expect(document.attributes.map(\.name) == ["talos_version", "nodes", "list"])
        #expect(document.value(at: try HCLPath("list[1]"))?.value == .string("é😀\u{FFFD} ${x}"))
        let value = try document.requiredValue(at: HCLPath("nodes[\"cp-1\"].cores"))
        #expect(value.value == .number("1.50"))
        #expect(value.line == 4)
        #expect(value.column == 48)
    }

    @Test(arguments: [
        ("talos_version", "v1.10.0", "\"v1.9.2\"", "\"v1.10.0\""),
        ("nodes[\"cp-1\"].update", "true", "false", "true"),
        ("nodes[\"cp-1\"].cores", "8", "1.50", "8"),
        ("list[0]", "${\"\n", "\"a\"", "\"${\\\"\\n\""),
    ])
    func `only the value changes`(path: String, value: String, old: String, new: String) throws {
        let document = try HCLDocument(parsing: Array(Self.source.utf8), as: .json)
        let edited = try document.setting(HCLPath(path), to: value)
        let parts = Self.source.split(separator: old, maxSplits: 1)
        #expect(String(decoding: edited.bytes, as: UTF8.self) == parts.joined(separator: new))
    }

    @Test func `elements are added and removed`() throws {
        let document = try HCLDocument(parsing: Array(Self.source.utf8), as: .json)
        let edited = try document.appending(string: "b", toListAt: HCLPath("list"))
        #expect(edited.value(at: try HCLPath("list[2]"))?.value == .string("b"))
        #expect(try edited.removingElement(at: HCLPath("list[2]")).bytes == document.bytes)
    }

    @Test(arguments: [
        ("[]", "Root value must be object", 1), ("{\"a\":1,}", "Trailing comma in object", 7),
        ("{a:1}", "Invalid object property name", 2),
        ("{\"a\":01}", "Invalid JSON number", 6), ("{\"a\":1.}", "Invalid JSON number", 6),
        ("{\"a\":NaN}", "Invalid JSON keyword", 6),
        ("{\"a\":1}x", "Extraneous data after value", 8),
        ("{\"a\":1,\"a\":2}", "Duplicate attribute definition", 8),
        ("{\"a\":{\"b\":1,\"b\":2}}", "Duplicate object attribute", 13),
        ("{\"a\":[1,]}", "Trailing comma in array", 8),
        ("{\"a\" 1}", "Missing property value colon", 6), ("{\"a\"}", "Missing object value", 5),
        ("{\"a\":1", "Unclosed object", 1),
        ("{\"a\":\"\n\"}", "Invalid JSON string", 6), ("{\"a\":\"\\x\"}", "Invalid JSON string", 6),
        ("", "Missing value", 1),
        ("{\"a\":[1}", "Mismatched brackets", 8), ("{\"a\":1]", "Mismatched braces", 7),
        ("// c\n{}", "Invalid start of value", 1),
    ])
    func `anything but strict JSON is refused`(text: String, summary: String, column: Int) {
        let error = #expect(throws: HCLError.self) {
            try HCLDocument(parsing: Array(text.utf8), as: .json)
        }
        #expect(error?.summary == summary)
        #expect(error?.column == column)
    }
}
