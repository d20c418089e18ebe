import Testing

@testable import HCL

/// Damaged files: whatever comes, there is an answer and never a trap.
struct MutationTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a damaged file is read or refused, and edits of it hold`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces = Fixtures.pieces.map { Array($0.utf8) }
        let sources = (Fixtures.valid + [Fixtures.cluster]).map { Array($0.utf8) }
        for _ in 0..<1500 {
            var bytes = sources[random.next(below: sources.count)]
            for _ in 0...random.next(below: 3) {
                let start = random.next(below: bytes.count + 1)
                let end = min(bytes.count, start + random.next(below: 4))
                let piece =
                    random.next(below: 8) == 0
                    ? [UInt8(truncatingIfNeeded: random.next())]
                    : pieces[random.next(below: pieces.count)]
                bytes.replaceSubrange(start..<end, with: piece)
            }
            try Self.exercise(bytes)
        }
    }

    private static func exercise(_ bytes: [UInt8]) throws {
        _ = try? HCLModule(parsing: bytes).variables
        _ = try? HCLDocument(parsing: bytes, as: .json)
        do throws(HCLError) {
            let document = try HCLDocument(parsing: bytes)
            for attribute in document.attributes {
                let path = HCLPath(name: attribute.name)
                try edit(document, path, attribute.value)
            }
        } catch {
            #expect(error.line >= 1 && error.column >= 1 && !error.summary.isEmpty)
            #expect((0...bytes.count).contains(error.byteOffset))
        }
    }

    private static func edit(
        _ document: HCLDocument, _ path: HCLPath, _ value: HCLLocatedValue
    ) throws(HCLError) {
        if let elements = value.value.list {
            let more = try document.appending(string: "n", toListAt: path)
            #expect(more.value(at: path)?.value == .list(elements + [.string("n")]))
            for index in elements.indices {
                var rest = elements
                rest.remove(at: index)
                let element = HCLPath(name: path.name, steps: [.index(index)])
                #expect(
                    try document.removingElement(at: element).value(at: path)?.value == .list(rest))
            }
        }
        guard value.value.string != nil, !value.isExpression else { return }
        let edited = try document.setting(path, to: "v1.10.11")
        #expect(edited.value(at: path)?.value == .string("v1.10.11"))
        #expect(try HCLDocument(parsing: edited.bytes).tree.nodes == edited.tree.nodes)
        if let text = value.value.string, !text.unicodeScalars.contains("\u{FFFD}") {
            let back = try edited.setting(path, to: text)
            #expect(back.attributes.map(\.value.value) == document.attributes.map(\.value.value))
        }
    }
}

/// A small generator, so that a failing seed can be run again.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
