/// What libFuzzer calls with every input it thinks of. Built by scripts/fuzz together with the
/// sources of HCL, and not by the package.
///
/// The first byte picks the kind of file and what is done to it, the second and third where; the
/// rest is the file. A broken promise is a trap, which libFuzzer reports with the input.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count >= 3 else { return 0 }
    let input = UnsafeBufferPointer(start: start, count: count)
    let choice = FuzzChoice(action: Int(input[0]), place: Int(input[1]) << 8 | Int(input[2]))
    FuzzTarget(bytes: Array(input[3...]), choice: choice).run()
    return 0
}

/// What the input asks for.
struct FuzzChoice {
    let action: Int
    let place: Int

    func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[place % elements.count]
    }
}

/// One input, and what must hold for it.
struct FuzzTarget {
    let bytes: [UInt8]
    let choice: FuzzChoice

    func run() {
        let syntax: HCLDocument.Syntax =
            choice.action % 16 == 0 ? .json : choice.action % 16 == 1 ? .module : .variables
        do throws(HCLError) {
            let document = try HCLDocument(parsing: bytes, as: syntax)
            checkTokens(of: document)
            if syntax == .module { _ = HCLModule(document).variables }
            for attribute in document.attributes {
                precondition(bytes.indices.contains(attribute.nameRange.lowerBound))
            }
            edit(document, DocumentPlaces(of: document).all)
        } catch {
            precondition(error.line >= 1 && error.column >= 1 && !error.summary.isEmpty)
            precondition((0...bytes.count).contains(error.byteOffset))
            _ = error.excerpt
        }
    }

    /// Tokens follow each other and leave out nothing but white space, so that printing them with
    /// what is between them gives the file.
    private func checkTokens(of document: HCLDocument) {
        precondition(document.bytes == bytes)
        var position = SourcePlace.firstByte(of: bytes)
        for token in document.tree.tokens {
            precondition(token.start >= position && token.end <= bytes.count)
            precondition(bytes[position..<token.start].allSatisfy { [9, 10, 13, 32].contains($0) })
            position = token.end
        }
        for node in document.tree.nodes {
            precondition(node.start < node.end && node.end <= bytes.count)
        }
    }

    private func edit(_ document: HCLDocument, _ places: [DocumentPlaces.Place]) {
        guard let place = choice.pick(places) else { return }
        let path = place.path
        // In JSON a name can be what no variable is called; no path leads there from a text.
        if UTF8Bytes.isIdentifier(path.name), let read = try? HCLPath(path.description) {
            precondition(read == path)
        }
        guard let value = document.value(at: path) else { return }
        switch choice.action / 16 % 4 {
        case 0: setLeaf(document, path, value)
        case 1:
            guard let edited = try? document.setting(path, toExpression: "[\"x\", 1]") else {
                return precondition(document.syntax == .module, "\(path)")
            }
            check(edited, path, is: .list([.string("x"), .number("1")]))
        case 2: changeElements(document, path, value)
        default: changeStrings(document, path, value)
        }
    }

    private func setLeaf(_ document: HCLDocument, _ path: HCLPath, _ value: HCLLocatedValue) {
        guard !value.isExpression else { return }
        let text: String
        let wanted: HCLValue
        switch value.value {
        case .string: (text, wanted) = ("é${\"\n", .string("é${\"\n"))
        case .number: (text, wanted) = ("-12.5e3", .number("-12.5e3"))
        case .bool(let flag): (text, wanted) = ("\(!flag)", .bool(!flag))
        default: return
        }
        guard let edited = try? document.setting(path, to: text) else {
            preconditionFailure("\(path) cannot be set")
        }
        check(edited, path, is: wanted)
        // Everything outside is as it was, but for the padding of what is aligned.
        let range = value.byteRange
        precondition(squeezed(edited.bytes).starts(with: squeezed(bytes[..<range.lowerBound])))
        precondition(
            squeezed(edited.bytes).reversed()
                .starts(with: squeezed(bytes[range.upperBound...]).reversed()))
    }

    private func changeElements(
        _ document: HCLDocument, _ path: HCLPath, _ value: HCLLocatedValue
    ) {
        guard let elements = value.value.list else { return }
        let index = choice.place / 7 % (elements.count + 1)
        var wanted = elements
        wanted.insert(.string("n"), at: index)
        guard let more = try? document.inserting("\"n\"", intoListAt: path, at: index) else {
            preconditionFailure("nothing can be put into \(path)")
        }
        check(more, path, is: .list(wanted))
        guard !elements.isEmpty else { return }
        wanted = elements
        wanted.remove(at: index % elements.count)
        let element = HCLPath(name: path.name, steps: path.steps + [.index(index % elements.count)])
        guard let less = try? document.removingElement(at: element) else {
            preconditionFailure("\(element) cannot be removed")
        }
        check(less, path, is: .list(wanted))
    }

    private func changeStrings(
        _ document: HCLDocument, _ path: HCLPath, _ value: HCLLocatedValue
    ) {
        guard let elements = value.value.list else { return }
        var wanted = elements.compactMap(\.string)
        guard wanted.count == elements.count else { return }
        for (bit, text) in ["a", "b\n", "c"].enumerated() where choice.place >> bit & 1 == 1 {
            wanted.insert(text, at: choice.place / 5 % (wanted.count + 1))
        }
        if choice.place & 8 == 8, !wanted.isEmpty { wanted.removeLast() }
        guard let edited = try? document.setting(path, toStrings: wanted) else {
            preconditionFailure("\(path) cannot be changed")
        }
        check(edited, path, is: .list(wanted.map { .string($0) }))
    }

    /// The value is there, all others are as they were, and the tree is what parsing would give.
    private func check(_ edited: HCLDocument, _ path: HCLPath, is wanted: HCLValue) {
        guard let parsed = try? HCLDocument(parsing: edited.bytes, as: edited.syntax) else {
            preconditionFailure("the edited file is not valid")
        }
        precondition(parsed.tree.tokens == edited.tree.tokens)
        precondition(parsed.tree.nodes == edited.tree.nodes)
        guard let value = edited.value(at: path)?.value else {
            preconditionFailure("\(path) is gone")
        }
        precondition(isSame(value, wanted))
        if let before = try? HCLDocument(parsing: bytes, as: edited.syntax) {
            for (old, new) in zip(before.attributes, edited.attributes) where old.name != path.name
            {
                precondition(old.name == new.name && isSame(old.value.value, new.value.value))
            }
        }
    }

    /// Equal, but for the padding of comments inside expressions.
    private func isSame(_ first: HCLValue, _ second: HCLValue) -> Bool {
        switch (first, second) {
        case (.expression(let first), .expression(let second)):
            squeezed(first.utf8) == squeezed(second.utf8)
        case (.list(let first), .list(let second)):
            first.count == second.count && zip(first, second).allSatisfy(isSame)
        case (.object(let first), .object(let second)):
            first.count == second.count
                && zip(first, second).allSatisfy {
                    squeezed($0.key.utf8) == squeezed($1.key.utf8) && isSame($0.value, $1.value)
                }
        default: first == second
        }
    }

    /// Without the white space that alignment may change.
    private func squeezed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    }
}
