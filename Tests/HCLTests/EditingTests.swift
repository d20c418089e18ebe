import Testing

@testable import HCL

/// Changing one value and nothing else.
struct EditingTests {
    private static func set(_ text: String, _ path: String, _ value: String) throws -> String {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let edited = try document.setting(HCLPath(path), to: value)
        // What is known of the edited file is what parsing it again would tell.
        let parsed = try HCLDocument(parsing: edited.bytes)
        #expect(parsed.attributes == edited.attributes)
        #expect(parsed.tree.tokens == edited.tree.tokens)
        #expect(parsed.tree.nodes == edited.tree.nodes)
        return String(decoding: edited.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (
            "\u{FEFF}talos_version=\"v1.9.2\"", "talos_version", "v1.9.4",
            "\u{FEFF}talos_version=\"v1.9.4\""
        ),
        (
            "a = 1\r\ntalos_version   = \"v1.9.2\" # x\r\n", "talos_version", "v1.9.4",
            "a = 1\r\ntalos_version   = \"v1.9.4\" # x\r\n"
        ),
        (
            "img = {\n  version = \"1.9.2\" // renovate\n  other = { version = \"1.9.2\" }\n}\n",
            "img.version", "1.9.4",
            "img = {\n  version = \"1.9.4\" // renovate\n  other = { version = \"1.9.2\" }\n}\n"
        ),
        (
            "n = {\n  \"cp-1\" : { update = false, ip = \"10.0.0.1\" },\n}\n", "n[\"cp-1\"].update",
            "true",
            "n = {\n  \"cp-1\" : { update = true, ip = \"10.0.0.1\" },\n}\n"
        ),
        (
            "x = <<EOT\ntalos_version = \"v1.9.2\"\nEOT\ntalos_version = \"v1.9.2\"\n",
            "talos_version", "v1.9.4",
            "x = <<EOT\ntalos_version = \"v1.9.2\"\nEOT\ntalos_version = \"v1.9.4\"\n"
        ),
        ("a = { k = 1, k = 2 }", "a.k", "30", "a = { k = 1, k = 30 }"),
        ("a = [1, -2.5]", "a[1]", "-7", "a = [1, -7]"),
        ("a = \"\"", "a", "x", "a = \"x\""), ("a = \"x\"", "a", "", "a = \"\""),
        ("a = \"\\u0041\"", "a", "A", "a = \"\\u0041\""),
        (
            "a = \"x\"", "a", "é ${b} $${c} %{\n\"\\\u{7}\u{A0}",
            "a = \"é $${b} $$${c} %%{\\n\\\"\\\\\\u0007\\u00a0\""
        ),
        ("α = { β = \"x\" }", "α.β", "y", "α = { β = \"y\" }"),
    ])
    func `only the bytes of the value change`(
        text: String, path: String, value: String, result: String
    ) throws {
        #expect(try Self.set(text, path, value) == result)
    }

    @Test(arguments: [
        // The comments of a run follow the width of the longest line.
        ("a = \"1\" # x\nbb = 2 # y\n", "a", "123", "a = \"123\" # x\nbb = 2 # y\n"),
        ("a  = \"1\" # x\nbb = 2   # y\n", "a", "123", "a  = \"123\" # x\nbb = 2     # y\n"),
        ("a  = \"123\" # x\nbb = 2     # y\n", "a", "1", "a  = \"1\" # x\nbb = 2   # y\n"),
        (
            "a = \"1\" # x\n\nb = \"12\"   # y\n", "a", "123",
            "a = \"123\" # x\n\nb = \"12\"   # y\n"
        ),
        ("a = \"1\"    # x\n", "a", "12345", "a = \"12345\"    # x\n"),
        ("a = \"1\"\t# x\n", "a", "12", "a = \"12\"\t# x\n"),
        ("l = [ # a\n  \"x\", # b\n]   # c\n", "l[0]", "yy", "l = [ # a\n  \"yy\", # b\n]   # c\n"),
        (
            "l = [  # a\n  \"x\", # b\n]      # c\n", "l[0]", "yy",
            "l = [   # a\n  \"yy\", # b\n]       # c\n"
        ),
        ("a = \"é\" # x\nb = \"1\" # y\n", "b", "12", "a = \"é\"  # x\nb = \"12\" # y\n"),
        (
            "a = \"1\" /* x */ # y\r\nb = 1          # z\r\n", "a", "1",
            "a = \"1\" /* x */ # y\r\nb = 1          # z\r\n"
        ),
    ])
    func `aligned comments stay aligned and others stay where they are`(
        text: String, path: String, value: String, result: String
    ) throws {
        #expect(try Self.set(text, path, value) == result)
    }

    @Test(arguments: [
        ("a = 1", "x", "Not a number"), ("a = 1", "", "Not a number"),
        ("a = 1", "1 + 1", "Not a number"),
        ("a = 1", "0x1", "Not a number"), ("a = 1", "1.", "Not a number"),
        ("a = true", "yes", "Not a bool"),
        ("a = [1]", "2", "Not a single value"), ("a = {}", "2", "Not a single value"),
        ("a = null", "2", "Not a single value"), ("a = \"${1}\"", "2", "Not a plain value"),
        ("a = <<E\nx\nE\n", "2", "Not a plain value"), ("a = (1)", "2", "Not a plain value"),
        ("a = true ? 1 : 2", "2", "Not a plain value"),
    ])
    func `a value that cannot be typed in is refused`(
        text: String, value: String, summary: String
    ) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let error = #expect(throws: HCLError.self) { try document.setting(HCLPath("a"), to: value) }
        #expect(error?.summary == summary)
        #expect(error?.line == 1)
        #expect(error?.column == 5)
    }

    @Test(arguments: [
        ("a = null\n", "\"x\"", "a = \"x\"\n"),
        ("a = <<E\nx\nE\nb = 1\n", " [1] ", "a = [1]\nb = 1\n"),
        ("a = [1, {b = 2}]\n", "{ c = 3 }", "a = { c = 3 }\n"),
        ("a = 1 # c\n", "1 + 1", "a = 1 + 1 # c\n"),
        ("a\t= {\n}\nb = 1\n", "{}", "a\t= {}\nb = 1\n"),
    ])
    func `an expression replaces anything as a whole`(
        text: String, expression: String, result: String
    ) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let edited = try document.setting(HCLPath("a"), toExpression: expression)
        #expect(String(decoding: edited.bytes, as: UTF8.self) == result)
    }

    @Test(arguments: ["", "1\nb = 2", "1 # x", "foo", "\"", "[", "1,", "f()", "<<E\nx\nE", "1 }"])
    func `what is not exactly one value is refused as an expression`(expression: String) throws {
        let document = try HCLDocument(parsing: Array("a = { k = 1 }\n".utf8))
        #expect(throws: HCLError.self) {
            try document.setting(HCLPath("a.k"), toExpression: expression)
        }
    }

    @Test(arguments: [
        ("", "b = \"x\"\n"), ("a = 1", "a = 1\nb = \"x\"\n"),
        ("a = 1\r\n", "a = 1\r\nb = \"x\"\r\n"),
        ("aaa = 1\n", "aaa = 1\nb   = \"x\"\n"), ("aaa   = 1\n", "aaa   = 1\nb = \"x\"\n"),
        ("\u{FEFF}", "\u{FEFF}b = \"x\"\n"), ("a = {\n}\n", "a = {\n}\nb = \"x\"\n"),
        ("aaa = 1 # c", "aaa = 1 # c\nb   = \"x\"\n"),
        (" \t", "b = \"x\"\n"), ("a = 1  ", "a = 1\nb = \"x\"\n"), ("# c  ", "# c  \nb = \"x\"\n"),
        ("/* c\n */ aa = 1\n", "/* c\n */ aa = 1\nb           = \"x\"\n"),
    ])
    func `a new attribute goes to the end in the style of the file`(
        text: String, result: String
    ) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let edited = try document.appending("b", string: "x")
        #expect(String(decoding: edited.bytes, as: UTF8.self) == result)
        #expect(throws: HCLError.self) { try edited.appending("b", string: "y") }
    }

    @Test func `what was aligned stays so when statements go`() throws {
        let text = "a        = 1 # x\nlong     = 2   # y\nvery_long = 3\nb        = 4\n"
        let aligned = "a         = 1 # x\nlong      = 2 # y\nvery_long = 3\nb         = 4\n"
        for (text, result) in [
            (aligned, "a    = 1 # x\nlong = 2 # y\nb    = 4\n"),
            (text, text.replacing("very_long = 3\n", with: "")),
        ] {
            let document = try HCLDocument(parsing: Array(text.utf8))
            let start = try #require(text.utf8.firstRange(of: "very_long".utf8)).lowerBound
            let offset = text.utf8.distance(from: text.startIndex, to: start)
            let edited = try document.removing([offset..<(offset + "very_long = 3\n".utf8.count)])
            #expect(String(decoding: edited.bytes, as: UTF8.self) == result)
        }
    }
}
