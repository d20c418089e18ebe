import Testing

@testable import HCL

/// Adding and removing elements of lists.
struct ListTests {
    private static func text(_ document: HCLDocument) -> String {
        String(decoding: document.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("l = []", 0, "l = [\"n\"]"), ("l = [ ]", 0, "l = [\"n\"]"),
        ("l = [\"a\"]", 1, "l = [\"a\", \"n\"]"),
        ("l = [\"a\", \"b\",]", 2, "l = [\"a\", \"b\", \"n\",]"),
        ("l = [\"a\"]", 0, "l = [\"n\", \"a\"]"),
        ("l = [\n]\n", 0, "l = [\n  \"n\",\n]\n"),
        ("l = [\n  # c\n]\n", 0, "l = [\n  # c\n  \"n\",\n]\n"),
        ("l = [\n  \"a\",\n]\n", 1, "l = [\n  \"a\",\n  \"n\",\n]\n"),
        ("l = [\r\n  \"a\"\r\n]\r\n", 1, "l = [\r\n  \"a\",\r\n  \"n\"\r\n]\r\n"),
        ("l = [\n  \"a\" # c\n]\n", 1, "l = [\n  \"a\", # c\n  \"n\"\n]\n"),
        ("l = [\n  # c\n  \"a\", # d\n]\n", 0, "l = [\n  \"n\",\n  # c\n  \"a\", # d\n]\n"),
        ("l = [\n  \"a\", # d\n  # end\n]\n", 1, "l = [\n  \"a\", # d\n  \"n\",\n  # end\n]\n"),
        ("l = [\n  \"a\"]\n", 1, "l = [\n  \"a\",\n  \"n\"]\n"),
        ("l = [\n  \"a\",]\n", 1, "l = [\n  \"a\",\n  \"n\",]\n"),
        ("l = [{\n  a = 1\n}]\n", 1, "l = [{\n  a = 1\n}, \"n\"]\n"),
        ("l = [\n  <<E\nx\nE\n]\n", 1, "l = [\n  <<E\nx\nE\n  , \"n\"\n]\n"),
        ("l = [\"a\"\n, \"b\"]\n", 1, "l = [\"a\"\n, \"n\", \"b\"]\n"),
        ("l = [<<E\nx\nE\n]\n", 1, "l = [<<E\nx\nE\n, \"n\"]\n"),
        ("l = [<<E\nx\nE\n  # c\n]\n", 1, "l = [<<E\nx\nE\n, \"n\"\n  # c\n]\n"),
        ("l = [<<E\nx\nE\n,]\n", 1, "l = [<<E\nx\nE\n, \"n\",]\n"),
        ("l = [\n  /* c */\n  \"a\"\n]\n", 0, "l = [\n  \"n\",\n  /* c */\n  \"a\"\n]\n"),
    ])
    func `an element is added in the style of the list`(
        text: String, index: Int, result: String
    ) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let edited = try document.inserting("\"n\"", intoListAt: HCLPath("l"), at: index)
        #expect(Self.text(edited) == result)
        #expect(edited.value(at: HCLPath(name: "l", steps: [.index(index)]))?.value == .string("n"))
    }

    @Test(arguments: [
        ("l = [\"a\"]", 0, "l = []"), ("l = [ \"a\", ]", 0, "l = []"),
        ("l = [\"a\", \"b\"]", 0, "l = [\"b\"]"),
        ("l = [\"a\", \"b\"]", 1, "l = [\"a\"]"), ("l = [\"a\", \"b\",]", 1, "l = [\"a\",]"),
        ("l = [\n  \"a\",\n]\n", 0, "l = [\n]\n"),
        ("l = [\n  \"a\",\n  \"b\"\n]\n", 1, "l = [\n  \"a\"\n]\n"),
        (
            "l = [\n  \"a\", # x\n  # y\n  \"b\", # z\n  \"c\",\n]\n", 1,
            "l = [\n  \"a\", # x\n  \"c\",\n]\n"
        ),
        ("l = [\n  # x\n\n  # y\n  \"b\",\n  \"c\"\n]\n", 0, "l = [\n  # x\n\n  \"c\"\n]\n"),
        ("l = [ # head\n  \"a\",\n  \"b\",\n]\n", 0, "l = [ # head\n  \"b\",\n]\n"),
        ("l = [\r\n  \"a\", # é\r\n  \"b\"]\r\n", 0, "l = [\r\n  \"b\"]\r\n"),
        ("l = [\n  <<E\nx\nE\n  ,\n  \"b\",\n]\n", 0, "l = [\n  \"b\",\n]\n"),
        ("l = [\"a\",\n  \"b\"]\n", 0, "l = [\n  \"b\"]\n"),
        ("l = [\"a\",\n  \"b\"]\n", 1, "l = [\"a\"\n  ]\n"),
        ("l = [<<E\nx\nE\n, \"b\"]\n", 1, "l = [<<E\nx\nE\n]\n"),
        ("l = [\"a\" /* c */, \"b\"]\n", 1, "l = [\"a\" /* c */]\n"),
        ("l = [\n  <<E\nx\nE\n  ,\n  \"b\"\n]\n", 1, "l = [\n  <<E\nx\nE\n]\n"),
        ("l = [\n  \"a\",\n  /* c */\n  \"b\",\n]\n", 1, "l = [\n  \"a\",\n]\n"),
    ])
    func `an element goes with its comma and its comments`(
        text: String, index: Int, result: String
    ) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        let path = HCLPath(name: "l", steps: [.index(index)])
        #expect(Self.text(try document.removingElement(at: path)) == result)
    }

    @Test func `an element that was added and removed again leaves no trace`() throws {
        let bytes = Array(Fixtures.cluster.utf8)
        let document = try HCLDocument(parsing: bytes)
        let path = try HCLPath("talos_extensions")
        for index in 0...2 {
            let more = try document.inserting("\"util-linux-tools\"", intoListAt: path, at: index)
            let element = HCLPath(name: path.name, steps: [.index(index)])
            #expect(try more.removingElement(at: element).bytes == bytes)
        }
    }

    @Test(arguments: [
        ([], "l = [\n]\n"), (["a", "b"], "l = [\n  \"a\", # 1\n  # 2\n  \"b\", # 3\n]\n"),
        (["b"], "l = [\n  # 2\n  \"b\", # 3\n]\n"), (["a"], "l = [\n  \"a\", # 1\n]\n"),
        (["a", "n", "b"], "l = [\n  \"a\", # 1\n  \"n\",\n  # 2\n  \"b\", # 3\n]\n"),
        (["n", "a", "m"], "l = [\n  \"n\",\n  \"a\", # 1\n  \"m\",\n]\n"),
    ])
    func `a list of strings becomes another by the fewest changes`(
        strings: [String], result: String
    ) throws {
        let text = "l = [\n  \"a\", # 1\n  # 2\n  \"b\", # 3\n]\n"
        let document = try HCLDocument(parsing: Array(text.utf8))
        #expect(Self.text(try document.setting(HCLPath("l"), toStrings: strings)) == result)
    }

    @Test(arguments: ["l = [1]\n", "l = [\"a\", \"${1}\"]\n", "l = \"a\"\n", "m = []\n"])
    func `what is not a list of strings is left alone`(text: String) throws {
        let document = try HCLDocument(parsing: Array(text.utf8))
        #expect(throws: HCLError.self) { try document.setting(HCLPath("l"), toStrings: []) }
    }

    @Test func `what is not a list or not there is refused`() throws {
        let document = try HCLDocument(parsing: Array("l = [1]\ns = \"x\"\n".utf8))
        #expect(throws: HCLError.self) {
            try document.inserting("1", intoListAt: HCLPath("s"), at: 0)
        }
        #expect(throws: HCLError.self) {
            try document.inserting("1", intoListAt: HCLPath("l"), at: 2)
        }
        #expect(throws: HCLError.self) {
            try document.inserting("1", intoListAt: HCLPath("l"), at: -1)
        }
        #expect(throws: HCLError.self) { try document.removingElement(at: HCLPath("l[1]")) }
        #expect(throws: HCLError.self) { try document.removingElement(at: HCLPath("l")) }
    }
}
