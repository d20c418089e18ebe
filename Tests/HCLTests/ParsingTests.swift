import Testing

@testable import HCL

/// What is read, byte for byte and value for value.
struct ParsingTests {
    @Test(arguments: Fixtures.valid)
    func `a parsed file prints as the bytes it was read from`(text: String) throws {
        let bytes = Array(text.utf8)
        let document = try HCLDocument(parsing: bytes)
        #expect(document.bytes == bytes)
        #expect(Self.coversEveryByte(document))
    }

    /// Tokens are in order, and between them is nothing but blanks and a byte order mark.
    private static func coversEveryByte(_ document: HCLDocument) -> Bool {
        var position = SourcePlace.firstByte(of: document.bytes)
        for token in document.tree.tokens {
            guard token.start >= position, token.end >= token.start,
                document.bytes[position..<token.start].allSatisfy({ $0 == 32 || $0 == 9 })
            else { return false }
            position = token.end
        }
        return position == document.bytes.count
    }

    @Test(arguments: [
        (#""v1.9.2""#, HCLValue.string("v1.9.2")),
        (#""a\n\t\"\\\u00e9\U0001F600""#, .string("a\n\t\"\\é😀")),
        (#""$${a} %%{b} $ % $$ $${""#, .string("${a} %{b} $ % $$ ${")),
        (#""$$$${x}""#, .string("$$${x}")),
        ("1.10", .number("1.10")), ("-5", .number("-5")), ("007", .number("007")),
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
        ("[]", .list([])), ("[1, \"a\",]", .list([.number("1"), .string("a")])),
        ("{}", .object([])),
        (
            #"{ a = 1, "b-c" : 2, 1.50 = 3, true = 4 }"#,
            .object([
                HCLMember(key: "a", value: .number("1")),
                HCLMember(key: "b-c", value: .number("2")),
                HCLMember(key: "1.5", value: .number("3")),
                HCLMember(key: "true", value: .number("4")),
            ])
        ),
        ("{ -0.0 = 1 }", .object([HCLMember(key: "-0", value: .number("1"))])),
        ("{ a = 1, a = 2 }", .object([HCLMember(key: "a", value: .number("2"))])),
        ("1 + 2", .expression("1 + 2")), (#""${"x"}y""#, .expression(#""${"x"}y""#)),
        ("(\"a\")", .expression("(\"a\")")),
        ("[1, -(2)]", .list([.number("1"), .expression("-(2)")])),
        ("true ? [1] : [2]", .expression("true ? [1] : [2]")),
        ("[for x in [1] : x]", .expression("[for x in [1] : x]")),
        // Whether the name is looked up has to be evaluated.
        ("1 == 1 ? 2 : foo", .expression("1 == 1 ? 2 : foo")),
        ("[for x in [1] : y if false]", .expression("[for x in [1] : y if false]")),
        ("[for x in (1) : y]", .expression("[for x in (1) : y]")),
        (
            #""%{ if false }${x}%{ else }y%{ endif }""#,
            .expression(#""%{ if false }${x}%{ else }y%{ endif }""#)
        ),
        (#""%{ for x in [] }${y}%{ endfor }""#, .expression(#""%{ for x in [] }${y}%{ endfor }""#)),
        ("<<E\n a\\n $${b}\nE", .string(" a\\n ${b}\n")),
        ("<<-E\n    a\n\n\t  b\n  E", .string(" a\n\nb\n")),
    ])
    func `a value is told from its text`(text: String, value: HCLValue) throws {
        let document = try HCLDocument(parsing: Array("v = \(text)\n".utf8))
        #expect(document.attributes.map(\.value.value) == [value])
    }

    @Test func `a place is a byte range, a line and a column in characters`() throws {
        let text = "\u{FEFF}# é\r\nn = { \"é👨‍👩‍👧\" = [1, \"x\"] }\r\n"
        let document = try HCLDocument(parsing: Array(text.utf8))
        let value = try #require(document.value(at: HCLPath("n[\"é👨‍👩‍👧\"][1]")))
        #expect(value.value == .string("x"))
        #expect(value.line == 2)
        #expect(value.column == 18)
        #expect(Array(text.utf8)[value.byteRange].elementsEqual("\"x\"".utf8))
    }

    @Test(
        arguments: [
            ([UInt8]([0xEF, 0xBB, 0xBF]) + Array("a=1".utf8), true),
            (Array("a = 1 # ".utf8) + [0xFF, 0x0A], true),
            (Array("/* ".utf8) + [0xFE] + Array(" */ a = 1".utf8), true),
            (Array("a = \"".utf8) + [0xFF] + Array("\"\n".utf8), false),
            (Array("a = 1 ".utf8) + [0xC2, 0xA0, 0x0A], false),
            (Array("a = \"".utf8) + [0xC2, 0xA0] + Array("\"\n".utf8), true),
            (Array("a = <<E\nx\nE".utf8), false), (Array("a = 1\rb = 2".utf8), false),
            ([], true), (Array("a = \"\u{0}\t\"".utf8), true), (Array("a = 1\u{B}".utf8), false),
        ] as [([UInt8], Bool)])
    func `bytes outside the language are refused, but not inside comments`(
        bytes: [UInt8], isValid: Bool
    ) {
        let document = try? HCLDocument(parsing: bytes)
        #expect((document != nil) == isValid)
        if let document { #expect(document.bytes == bytes) }
    }

    @Test func `deep nesting is read to a bound and refused beyond it`() throws {
        for depth in [900, 100_000] {
            for (open, close) in [("[", "]"), ("{a=", "}"), ("(", ")"), ("\"${", "}\""), ("-", "")]
            {
                let text =
                    "v = " + String(repeating: open, count: depth / 2) + "1"
                    + String(repeating: close, count: depth / 2)
                let document = try? HCLDocument(parsing: Array(text.utf8))
                #expect((document != nil) == (depth < 1000 || open == "-"), "\(open) \(depth)")
            }
        }
        let openOnly = Array(("v = " + String(repeating: "[", count: 200_000)).utf8)
        #expect(throws: HCLError.self) { try HCLDocument(parsing: openOnly) }
    }
}
