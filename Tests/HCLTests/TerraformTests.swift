import Foundation
import Testing

@testable import HCL

/// Our parser and editor against Terraform itself. Terraform's formatter and evaluator run
/// offline; without an installed Terraform these tests are skipped.
@Suite(.serialized, .enabled(if: Terraform.isInstalled, "terraform is not installed"))
struct TerraformTests {
    @Test func `Terraform accepts, rejects and reads what we do`() throws {
        let values = TerraformCases.values.map { "v = " + $0 + ($0.hasSuffix("\n") ? "" : "\n") }
        let open = TerraformCases.values.map { "aa = 1\nv = " + $0 }
        try Self.compare(values + open + TerraformCases.files)
    }

    @Test func `Terraform agrees about damaged files`() throws {
        var random = SplitMix(state: 7)
        let sources = Fixtures.valid.filter { !$0.contains("\u{A0}") } + [Fixtures.cluster]
        let texts = (0..<1200).map { _ in
            var bytes = Array(sources[random.next(below: sources.count)].utf8)
            for _ in 0...random.next(below: 2) {
                let start = random.next(below: bytes.count + 1)
                let end = min(bytes.count, start + random.next(below: 3))
                let piece = Fixtures.pieces[random.next(below: Fixtures.pieces.count)]
                bytes.replaceSubrange(start..<end, with: Array(piece.utf8))
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        // `file()` composes characters before it parses, so files that this would change are out.
        try Self.compare(
            texts.filter { $0.precomposedStringWithCanonicalMapping.utf8.elementsEqual($0.utf8) })
    }

    private static func compare(_ texts: [String]) throws {
        let terraform = try #require(try Terraform())
        defer { terraform.remove() }
        for start in stride(from: 0, to: texts.count, by: 400) {
            let batch = texts[start..<min(start + 400, texts.count)]
            let names = batch.indices.map { "case\($0).tfvars" }
            for (name, text) in zip(names, batch) { try terraform.write(text, as: name) }
            let complaints = try terraform.complaints(about: names)
            let values = try terraform.values(of: names)
            try #require(values.count == names.count)
            for (text, (name, value)) in zip(batch, zip(names, values)) {
                compare(text, complaints[name] ?? [], value)
            }
        }
    }

    private static func compare(
        _ text: String, _ complaints: [Terraform.Complaint], _ value: String?
    ) {
        let note = Comment(rawValue: text.debugDescription)
        do throws(HCLError) {
            let document = try HCLDocument(parsing: Array(text.utf8))
            #expect(complaints.isEmpty, note)
            // Accepted, yet without a value: it has to hold something to be evaluated.
            guard let value else {
                let hasExpression = document.tree.nodes.contains { $0.kind == .expression }
                return #expect(hasExpression, note)
            }
            let theirs = try? JSONSerialization.jsonObject(with: Data(value.utf8))
            let object = theirs as? [String: Any] ?? [:]
            #expect(object.count == document.attributes.count, note)
            for attribute in document.attributes {
                #expect(isSame(attribute.value.value, object[attribute.name]), note)
            }
        } catch {
            #expect(value == nil, note)
            // Errors of evaluation are not among the complaints about variables nobody declared.
            guard !complaints.isEmpty else { return }
            let first = complaints.map(\.byte).min() ?? 0
            let isKnown = complaints.contains {
                $0.line == error.line && $0.column == error.column && $0.summary == error.summary
            }
            #expect(isKnown && error.byteOffset == first, note)
        }
    }

    private static func isSame(_ ours: HCLValue, _ theirs: Any?) -> Bool {
        switch (ours, theirs) {
        case (.expression, _): true
        case (.null, let value): value is NSNull
        case (.string(let text), let value as String): text == value
        case (.bool(let flag), let value as Bool): flag == value
        case (.number(let text), let value as NSNumber):
            abs((Double(text) ?? .nan) - value.doubleValue) <= abs(value.doubleValue) * 1e-12
        case (.list(let elements), let values as [Any]):
            elements.count == values.count && zip(elements, values).allSatisfy(isSame)
        case (.object(let members), let values as [String: Any]):
            // A key that has to be evaluated is not known to us.
            members.allSatisfy {
                values[$0.key].map { [value = $0.value] in isSame(value, $0) } ?? true
            }
        default: false
        }
    }

    @Test func `a formatted file stays formatted`() throws {
        let terraform = try #require(try Terraform())
        defer { terraform.remove() }
        try terraform.write(Fixtures.cluster, as: "start.tfvars")
        try terraform.format()
        let document = try HCLDocument(parsing: Array(try terraform.read("start.tfvars").utf8))
        let list = try HCLPath("talos_extensions")
        let edits = [
            try document.setting(HCLPath("talos_version"), to: "v1.10.11"),
            try document.setting(HCLPath("talos_version"), to: ""),
            try document.setting(HCLPath("kubernetes_version"), to: "v1.31.10"),
            try document.setting(HCLPath("kubernetes_version"), to: "é👨‍👩‍👧"),
            try document.setting(HCLPath("nodes.w-1.cores"), to: "128"),
            try document.setting(HCLPath("nodes[\"w-1\"].update"), to: "false"),
            try document.setting(HCLPath("nodes[\"cp-1\"].update"), to: "true"),
            try document.setting(HCLPath("talos_extensions[0]"), to: "x"),
            try document.setting(HCLPath("talos_version"), toExpression: "[\n  1,\n]"),
            try document.setting(HCLPath("vip"), toExpression: "{ a = 1 }"),
            try document.setting(HCLPath("nodes"), toExpression: "{}"),
            try document.inserting("\"n\"", intoListAt: list, at: 0),
            try document.inserting("\"n\"", intoListAt: list, at: 1),
            try document.inserting("\"n\"", intoListAt: list, at: 2),
            try document.removingElement(at: HCLPath("talos_extensions[0]")),
            try document.removingElement(at: HCLPath("talos_extensions[1]")),
            try document.appending("a", string: "x").appending("longer", string: "y")
                .appending("b", expression: "[]"),
        ]
        for (index, edit) in edits.enumerated() {
            try terraform.write(
                String(decoding: edit.bytes, as: UTF8.self), as: "edit\(index).tfvars")
        }
        #expect(try terraform.unformatted() == [])
    }

    @Test func `strings are written as Terraform writes them`() throws {
        let terraform = try #require(try Terraform())
        defer { terraform.remove() }
        let texts = ["", "a", "\"\\", "\r\n\t", "${a} $${b} %{c} $ %", "é😀", "\u{7}\u{0}\u{7F}"]
        var document = try HCLDocument(parsing: [])
        for (index, text) in texts.enumerated() {
            document = try document.appending("v\(index)", string: text)
        }
        try terraform.write(String(decoding: document.bytes, as: UTF8.self), as: "v.tfvars")
        let value = try #require(try terraform.values(of: ["v.tfvars"]).first ?? nil)
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8)) as? [String: String]
        #expect(texts.indices.map { object?["v\($0)"] } == texts)
    }
}
