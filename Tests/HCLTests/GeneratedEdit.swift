@testable import HCL

/// A random edit of a file that was made up, and what has to come of it.
struct GeneratedEdit {
    let path: HCLPath
    let before: HCLDocument
    let after: HCLDocument
    /// The values that Terraform has to read from the edited file, one for each attribute.
    let wanted: [HCLValue]
    /// Comments of elements may be gone, too.
    let isRemoval: Bool
    /// A value was replaced as a whole, with the comments in it.
    private var isReplacement: Bool {
        guard let node = try? before.node(at: path) else { return false }
        return [.object, .list, .expression].contains(before.tree.nodes[node].kind)
    }

    private static let texts = [
        "v1.10.11", "", "x", "é${a} %{b} \"\\\n", "a much longer value than there was before", "👨‍👩‍👧",
    ]

    /// Nil when the file has nothing to edit. `values` are those Terraform reads before the edit.
    init?(
        of document: HCLDocument, _ values: [HCLValue], _ random: inout SplitMix
    ) throws {
        before = document
        let places = DocumentPlaces(of: document).all
        if places.isEmpty || random.next(below: 20) == 0 {
            path = HCLPath(name: document.attributes.first.map { $0.name + "_new" } ?? "brand_new")
            after = try document.appending(path.name, string: "x")
            wanted = values + [.string("x")]
            isRemoval = false
            return
        }
        let place = places[random.next(below: places.count)]
        path = place.path
        let change = try Change(of: document, place, &random)
        after = change.document
        isRemoval = change.isRemoval
        wanted = zip(document.attributes, values).map { attribute, value in
            attribute.name.utf8.elementsEqual(place.path.name.utf8)
                ? change.patch.applied(to: value, at: place.path.steps[...]) : value
        }
    }

    /// What happens to the value at a path.
    private enum Patch {
        case value(HCLValue)
        case removal(Int)
        case insertion(HCLValue, Int)

        func applied(to value: HCLValue, at steps: ArraySlice<HCLPath.Step>) -> HCLValue {
            switch (steps.first, value) {
            case (nil, .list(var elements)):
                switch self {
                case .value(let new): return new
                case .removal(let index): elements.remove(at: index)
                case .insertion(let new, let index): elements.insert(new, at: index)
                }
                return .list(elements)
            case (nil, _): if case .value(let new) = self { return new } else { return value }
            case (.index(let index), .list(var elements)):
                elements[index] = applied(to: elements[index], at: steps.dropFirst())
                return .list(elements)
            case (.key(let key), .object(let members)):
                return .object(
                    members.map { member in
                        guard member.key == key else { return member }
                        let value = applied(to: member.value, at: steps.dropFirst())
                        return HCLMember(key: key, value: value)
                    })
            default: return value
            }
        }
    }

    /// The document after a change of the value at a place.
    private struct Change {
        let document: HCLDocument
        let patch: Patch
        var isRemoval = false

        init(of old: HCLDocument, _ place: DocumentPlaces.Place, _ random: inout SplitMix) throws {
            let path = place.path
            switch old.tree.nodes[place.node].kind {
            case .string where random.next(below: 10) > 0:
                let text = GeneratedEdit.texts[random.next(below: GeneratedEdit.texts.count)]
                (document, patch) = (try old.setting(path, to: text), .value(.string(text)))
            case .number where random.next(below: 10) > 0:
                document = try old.setting(path, to: "12.50")
                patch = .value(.number("12.5"))
            case .bool where random.next(below: 10) > 0:
                let flag = old.value(of: place.node) == .bool(true)
                document = try old.setting(path, to: "\(!flag)")
                patch = .value(.bool(!flag))
            case .list where random.next(below: 10) > 0:
                (document, patch, isRemoval) = try Change.list(old, place, &random)
            default:
                let (text, new) =
                    [
                        ("\"x\"", .string("x")), ("[1, 2]", .list([.number("1"), .number("2")])),
                        ("{ a = true }", .object([HCLMember(key: "a", value: .bool(true))])),
                        ("{}", .object([])),
                    ][random.next(below: 4)] as (String, HCLValue)
                (document, patch) = (try old.setting(path, toExpression: text), .value(new))
            }
        }

        private static func list(
            _ old: HCLDocument, _ place: DocumentPlaces.Place, _ random: inout SplitMix
        ) throws -> (HCLDocument, Patch, Bool) {
            let elements = old.value(of: place.node).list ?? []
            var strings = elements.compactMap(\.string)
            if strings.count == elements.count, random.next(below: 2) == 0 {
                for index in strings.indices.reversed() where random.next(below: 3) == 0 {
                    strings.remove(at: index)
                }
                for text in ["new", "né\"w"] where random.next(below: 2) == 0 {
                    strings.insert(text, at: random.next(below: strings.count + 1))
                }
                return (
                    try old.setting(place.path, toStrings: strings),
                    .value(.list(strings.map { .string($0) })), true
                )
            }
            let index = random.next(below: elements.count + 1)
            if index < elements.count, random.next(below: 2) == 0 {
                let element = place.path.appending(.index(index))
                return (try old.removingElement(at: element), .removal(index), true)
            }
            let new = try old.inserting("\"new\"", intoListAt: place.path, at: index)
            return (new, .insertion(.string("new"), index), false)
        }
    }

    /// A formatted file must still be formatted. What took several lines and is now another value,
    /// or gone from the middle of a line, changes the indentation of what follows on its last line, which is left alone.
    var keepsFormat: Bool {
        guard let node = try? before.node(at: path) else { return true }
        let isOnOneLine = { (node: Int) in
            !before.bytes[before.tree.nodes[node].range].contains(UInt8(ascii: "\n"))
        }
        if isRemoval {
            return before.elements(of: node).allSatisfy {
                isOnOneLine($0) || before.startsLine(before.tree.nodes[$0].start)
            }
        }
        return !isReplacement || isOnOneLine(node)
            || after.value(at: path)?.value.list?.contains(.string("new")) == true
    }

    /// What is wrong with the bytes of the edit, or nil.
    var fault: String? {
        guard let parsed = try? HCLDocument(parsing: after.bytes) else { return "is not valid" }
        if parsed.tree.tokens != after.tree.tokens || parsed.tree.nodes != after.tree.nodes {
            return "is not what parsing it again gives"
        }
        if HCLPath.read(path.description) != path { return "has a path that does not read back" }
        let (old, new) = (comments(before), comments(after))
        let isWhole = old == new || before.tree.nodes.isEmpty
        if isRemoval ? !new.isPart(of: old) : !isWhole && !isReplacement {
            return "changes comments"
        }
        guard let range = before.value(at: path)?.byteRange else {
            return squeezed(after.bytes).starts(with: squeezed(before.bytes))
                ? nil : "changes more than the end"
        }
        let head = squeezed(before.bytes[..<range.lowerBound])
        let tail = squeezed(before.bytes[range.upperBound...])
        let all = squeezed(after.bytes)
        return all.starts(with: head) && all.reversed().starts(with: tail.reversed())
            && all.count >= head.count + tail.count ? nil : "changes other bytes"
    }

    private func comments(_ document: HCLDocument) -> [String] {
        document.tree.tokens.filter { $0.kind == .comment }.map {
            String(decoding: UTF8Bytes.trimmed(document.bytes, $0.start..<$0.end), as: UTF8.self)
        }
    }

    /// Without the spaces that alignment may change.
    private func squeezed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    }

    private func squeezed(_ bytes: [UInt8]) -> [UInt8] { squeezed(bytes[...]) }
}

extension [String] {
    /// These are some of the others, in the same order.
    fileprivate func isPart(of others: [String]) -> Bool {
        var rest = others[...]
        for element in self {
            guard let index = rest.firstIndex(of: element) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }
}

extension HCLPath {
    fileprivate static func read(_ text: String) -> HCLPath? { try? HCLPath(text) }
}
