import Testing

@testable import HCL

/// Adding arguments and members of objects.
struct MemberTests {
    @Test(arguments: [
        ("o = {}", "o = { n = 1 }"), ("o = { }\n", "o = { n = 1 }\n"),
        ("o = { a = 2 }\n", "o = { a = 2, n = 1 }\n"),
        ("o = { a = 2, }\n", "o = { a = 2, n = 1, }\n"),
        ("o = {\n}\n", "o = {\n  n = 1\n}\n"),
        ("o = {\n  # c\n}\n", "o = {\n  # c\n  n = 1\n}\n"),
        ("o = {\n  a = 2\n}\n", "o = {\n  a = 2\n  n = 1\n}\n"),
        ("o = {\n  a = 2,\n}\n", "o = {\n  a = 2,\n  n = 1,\n}\n"),
        ("o = {\r\n  a = 2 # c\r\n}\r\n", "o = {\r\n  a = 2 # c\r\n  n = 1\r\n}\r\n"),
        ("o = {\n  long = 2\n}\n", "o = {\n  long = 2\n  n    = 1\n}\n"),
        ("o = {\n  a = 2 }\n", "o = {\n  a = 2\n  n = 1 }\n"),
        ("o = { a = 2 # c\n}\n", "o = { a = 2, n = 1 # c\n}\n"),
        ("o = {\n  a = <<E\nx\nE\n}\n", "o = {\n  a = <<E\nx\nE\n  n = 1\n}\n"),
        ("o = { a = <<E\nx\nE\n}\n", "o = { a = <<E\nx\nE\nn = 1\n}\n"),
        ("o = {\n  a = [\n    1,\n  ]\n}\n", "o = {\n  a = [\n    1,\n  ]\n  n = 1\n}\n"),
    ])
    func `a member is added in the style of the object`(text: String, result: String) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let edited = try document.inserting("1", at: HCLPath("o.n"))
        #expect(String(decoding: edited.bytes, as: UTF8.self) == result)
        #expect(edited.value(at: try HCLPath("o.n"))?.value == .number("1"))
    }

    @Test(arguments: [
        ("{}", "x", "{\"x\": 1}"), ("{\"a\":2}", "x", "{\"a\":2, \"x\":1}"),
        ("{\n  \"a\": {\"b\": 2}\n}\n", "x", "{\n  \"a\": {\"b\": 2},\n  \"x\": 1\n}\n"),
        ("{\n  \"a\": {\"b\": 2}\n}\n", "a.x", "{\n  \"a\": {\"b\": 2, \"x\": 1}\n}\n"),
        ("{\n}\n", "x", "{\n  \"x\": 1\n}\n"), ("{\"a\": []}", "a[0]", "{\"a\": [1]}"),
    ])
    func `JSON gets members as well`(text: String, path: String, result: String) throws {
        let document = try HCLDocument(parsing: Array(text.utf8), as: .json)
        let edited = try document.inserting("1", at: HCLPath(path))
        #expect(String(decoding: edited.bytes, as: UTF8.self) == result)
    }

    @Test(arguments: ["for", "null", "true", "a b", "a.b", "1"])
    func `a key that is no bare name is quoted`(key: String) throws {
        let document = try HCLDocument(parsing: Array("o = {}\n".utf8))
        let path = HCLPath(name: "o", steps: [.key(key)])
        let edited = try document.inserting("true", at: path)
        #expect(edited.value(at: path)?.value == .bool(true))
        #expect(String(decoding: edited.bytes, as: UTF8.self) == "o = { \"\(key)\" = true }\n")
    }

    @Test(arguments: [
        ("a", "is set already"), ("o.b", "is set already"), ("p.c", "is set already"),
        ("a.c", "is a number"),
        ("l[3]", "there is no place 3"), ("l.x", "is a list"), ("o[0]", "has to be evaluated"),
    ])
    func `what cannot be added is refused`(path: String, reason: String) throws {
        let text = "a = 1\nl = []\no = { b = 1, (1 + 1) = 2 }\np = { c = 1 }\n"
        let document = try HCLDocument(parsing: Array(text.utf8))
        let error = #expect(throws: HCLError.self) {
            try document.inserting("1", at: HCLPath(path))
        }
        #expect(error?.detail.contains(reason) == true, "\(String(describing: error))")
    }
}
