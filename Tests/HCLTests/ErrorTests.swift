import Testing

@testable import HCL

/// What is refused, with Terraform's words and place.
struct ErrorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let summary: String
        let line: Int
        let column: Int

        init(_ text: String, _ summary: String, _ line: Int, _ column: Int) {
            self.text = text
            self.summary = summary
            self.line = line
            self.column = column
        }

        var testDescription: String { text.debugDescription }
    }

    @Test(arguments: [
        Case("v = upper(\"x\")\n", "Function calls not allowed", 1, 5),
        Case("v = var.x\n", "Variables not allowed", 1, 5),
        Case("v = foo\n", "Variables not allowed", 1, 5),
        Case("a = 1\nw = True\n", "Variables not allowed", 2, 5),
        Case("v = v1.2\n", "Variables not allowed", 1, 5),
        Case("v = [\n  \"é\", foo,\n]\n", "Variables not allowed", 2, 8),
        Case("v = \"a${b}\"\n", "Variables not allowed", 1, 9),
        Case("v = [for x in [1] : y]\n", "Unknown variable", 1, 21),
        Case("v = \n", "Invalid expression", 1, 5),
        Case("v = {", "Missing expression", 1, 6),
        Case("v = [\"a\"", "Unterminated tuple constructor expression", 1, 5),
        Case("v = { a = 1", "Unterminated object constructor expression", 1, 5),
        Case("v = 1 w = 2\n", "Missing newline after argument", 1, 7),
        Case("v = [\"a\"]]\n", "Missing newline after argument", 1, 10),
        Case("v = 0x10\n", "Missing newline after argument", 1, 6),
        Case("v = \"a\",\n", "Unexpected comma after argument", 1, 8),
        Case("v\n", "Argument or block definition required", 1, 1),
        Case("v: 1\n", "Argument or block definition required", 1, 1),
        Case("v += 1\n", "Argument or block definition required", 1, 1),
        Case("v.x = 1\n", "Argument or block definition required", 1, 1),
        Case("\"v\" = 1\n", "Invalid argument name", 1, 1),
        Case("v = 1\nv = 2\n", "Attribute redefined", 2, 1),
        Case("v {}\n", "Unexpected \"v\" block", 1, 1),
        Case("v = foo\nb {}\n", "Unexpected \"b\" block", 2, 1),
        Case("a \"b\" {}\n", "Unexpected \"a\" block", 1, 1),
        Case("variable \"x\" {\n}\n", "Variable declaration in .tfvars file", 1, 1),
        Case("v = \"x\n", "Invalid multi-line string", 1, 7),
        Case("v = \"x", "Unterminated template string", 1, 7),
        Case("v = \"\\a\"\n", "Invalid escape sequence", 1, 6),
        Case("v = \"é\\ud83d\"\n", "Invalid escape sequence", 1, 7),
        Case("v = 1.2.3\n", "Invalid number literal", 1, 5),
        Case("v = 'a'\n", "Invalid character", 1, 5),
        Case("v = 1;\n", "Invalid character", 1, 6),
        Case("v = 1 & 2\n", "Unsupported operator", 1, 7),
        Case("v = \"\u{FEFF}\"; \n", "Invalid character", 1, 8),
        Case("v = [1 2]\n", "Missing item separator", 1, 8),
        Case("v = { a = 1 b = 2 }\n", "Missing attribute separator", 1, 13),
        Case("v = { a = 1\n, b = 2 }\n", "Invalid expression", 2, 1),
        Case("v = { a.b = 1 }\n", "Ambiguous attribute key", 1, 7),
        Case("v = { a }\n", "Missing key/value separator", 1, 9),
        Case("v = (1\n", "Unbalanced parentheses", 2, 1),
        Case("v = true ? 1\n", "Missing false expression in conditional", 1, 13),
        Case("v = <<E\nx\nE", "Unterminated template string", 3, 2),
        Case("v = \"%{ endif }\"\n", "Unexpected endif directive", 1, 6),
        Case("v = \"%{ if true }\"\n", "Unexpected end of template", 1, 18),
        Case("v = {for x in [1] : x}\n", "Invalid 'for' expression", 1, 21),
        Case("v = f(1\n", "Unterminated function call", 1, 5),
        Case("v = 1 /* x\n", "Invalid expression", 1, 8),
    ])
    func `a mistake is reported where Terraform reports it`(mistake: Case) throws {
        let error = try #require(throws: HCLError.self) {
            try HCLDocument(parsing: Array(mistake.text.utf8))
        }
        #expect(error.summary == mistake.summary)
        #expect(error.line == mistake.line)
        #expect(error.column == mistake.column)
    }

    @Test func `an error shows its line with a caret below the column`() throws {
        let error = try #require(throws: HCLError.self) {
            try HCLDocument(parsing: Array("a = 1\r\n\tb = é foo\r\n".utf8))
        }
        #expect(error.excerpt == "\tb = é foo\n\t      ^")
        #expect(error.byteOffset == 15)
        #expect(error.message.hasPrefix("Missing newline after argument: An argument"))
    }

    @Test(arguments: [
        ("", 1), ("1a", 1), ("a.", 3), ("a..b", 3), ("a[", 3), ("a[x]", 3), ("a[\"x]", 3),
        ("a b", 2),
        ("a[1", 4), ("a[99999999999999999999]", 3), ("a[\"\\q\"]", 4), ("a.b-", 0),
    ])
    func `a bad path is refused at its column`(path: String, column: Int) {
        if column == 0 {
            #expect(throws: Never.self) { try HCLPath(path) }
        } else {
            let error = #expect(throws: HCLError.self) { try HCLPath(path) }
            #expect(error?.column == column)
        }
    }

    @Test(arguments: [
        "talos_version", "a.b", "nodes[\"cp 1\"].update", "list[0]", "a[0].b[\"\\\"\"]",
    ])
    func `a path prints as it is typed`(text: String) throws {
        #expect(try HCLPath(text).description == text)
    }

    @Test(arguments: [
        ("z", "There is no value named \"z\" in this file."),
        ("a.b", "a is a string, so nothing in it can be looked up."),
        ("l[2]", "l has 2 elements; there is no element 2."),
        ("o.x.y", "o has no key \"x\"."),
        ("e[0]", "e is an expression, so nothing in it can be looked up."),
        (
            "k.a",
            "k has the key \"${1}\", which has to be evaluated to know whether it is \"a\"."
        ),
    ])
    func `what is missing on a path is named`(path: String, detail: String) throws {
        let text =
            "a = \"x\"\nl = [1, 2]\no = { p = 1 }\ne = [for x in [1] : x]\n"
            + "k = { a = 1, \"${1}\" = 2 }\n"
        let document = try HCLDocument(parsing: Array(text.utf8))
        let error = try #require(throws: HCLError.self) {
            try document.requiredValue(at: HCLPath(path))
        }
        #expect(error.detail == detail)
    }
}
