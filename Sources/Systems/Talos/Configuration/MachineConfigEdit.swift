import Model
import Yams

/// Writes one image into the text of a machine configuration and leaves every other byte alone:
/// comments, quotes, order, line ends and the other documents.
///
/// The place is found with a YAML parser, the bytes are changed in the original, and the result
/// is parsed again: it is given out only when it means the same but for the image. That also
/// settles anchors. An alias is replaced by the image. An anchored image, or one in a mapping that
/// is anchored, is changed when nothing else uses the anchor; otherwise the edit is refused, as it
/// would change the others too.
struct MachineConfigEdit {
    private let source: MachineConfigDocuments
    private let text: YAMLText
    private let home: MachineConfigDocuments.Home
    private let image: String

    /// The text with `image` as a component's image; nil when it is there already. Throws
    /// `.refused`, without any of the text, when it cannot be done.
    static func setting(
        _ image: String, of component: KubernetesComponent, in bytes: [UInt8]
    ) throws(Problem) -> [UInt8]? {
        guard isPlain(image) else {
            throw Problem(.bug, "“\(image.prefix(200))” is not an image reference.")
        }
        let source = try MachineConfigDocuments(bytes)
        if source.image(of: component) == image { return nil }
        guard let home = source.home(of: component) else {
            throw MachineConfigDocuments.unreadable("has no main document")
        }
        let edit = MachineConfigEdit(
            source: source, text: YAMLText(bytes), home: home, image: image)
        for candidate in edit.candidates() {
            guard let result = try? MachineConfigDocuments(candidate) else { continue }
            var change = SoleChange(of: home, to: image)
            if change.isAll(from: source.documents, to: result.documents) { return candidate }
        }
        let field = home.path.joined(separator: ".")
        throw Problem(
            .refused,
            "The image of \(component.rawValue) cannot be changed alone: "
                + "`\(field)` is shared with other fields or written in an unusual way.",
            fix: "Write `\(field)` out as a value of its own, without an anchor: "
                + "talosctl -n NODE edit machineconfig --mode no-reboot")
    }

    /// Only characters of image references: they need no escape in any style of YAML.
    static func isPlain(_ image: String) -> Bool {
        guard let first = image.utf8.first, first.isWord, image.utf8.count <= 1024,
            image.utf8.last?.isWord == true
        else { return false }
        return image.utf8.allSatisfy { $0.isWord || "-._/:@+".utf8.contains($0) }
    }

    /// Ways to write it, the nicest first.
    private func candidates() -> [[UInt8]] {
        var node = source.documents[home.document]
        var parent: Node?
        for (depth, name) in home.path.enumerated() {
            guard case .mapping(let mapping) = node else { return [] }
            guard let pair = mapping.first(where: { $0.key.string == name }) else {
                return insertions(of: home.path[depth...], into: node, below: parent)
            }
            guard let colon = text.end(ofKey: pair.key) else { return [] }
            if depth == home.path.count - 1 {
                return replacements(of: pair.value, behind: colon)
            }
            if case .scalar(let scalar) = pair.value, pair.value.nonEmptyString == nil {
                let rest = home.path[(depth + 1)...]
                return fillings(of: rest, for: scalar, below: pair.key, behind: colon)
            }
            parent = pair.key
            node = pair.value
        }
        return []
    }

    private func replacements(of value: Node, behind colon: Int) -> [[UInt8]] {
        guard case .scalar(let scalar) = value else { return [] }
        let trimmed = scalar.string.trimmedOfLineBreaks
        var found: [[UInt8]] = []
        if let range = text.range(ofScalar: trimmed, behind: colon) {
            found.append(replacing(range, with: image))
        }
        if trimmed.isEmpty { found.append(replacing(colon..<colon, with: " \(image)")) }
        return found
    }

    /// Instead of nothing or null, where a mapping is meant.
    private func fillings(
        of path: ArraySlice<String>, for scalar: Node.Scalar, below key: Node, behind colon: Int
    ) -> [[UInt8]] {
        guard scalar.string.isEmpty else {
            guard let range = text.range(ofScalar: scalar.string, behind: colon) else { return [] }
            return [replacing(range, with: "{\(inBraces(path))}")]
        }
        let column = (key.mark?.column ?? 1) - 1 + step
        return [
            onNextLine(after: colon, path, column: column),
            replacing(colon..<colon, with: " {\(inBraces(path))}"),
        ]
    }

    /// As a new first entry of a mapping.
    private func insertions(
        of path: ArraySlice<String>, into mapping: Node, below parent: Node?
    ) -> [[UInt8]] {
        let first = mapping.mapping?.first?.key
        if let brace = text.insideBraces(of: mapping) {
            let separator = first == nil ? "" : ", "
            return [replacing(brace..<brace, with: inBraces(path) + separator)]
        }
        guard let first, let start = text.offset(of: first.mark) else { return [] }
        let column = (first.mark?.column ?? 1) - 1
        var found: [[UInt8]] = []
        if let parent, let colon = text.end(ofKey: parent), !text.isOnOneLine(colon, start) {
            found.append(onNextLine(after: colon, path, column: column))
        }
        let pad = String(repeating: " ", count: column)
        found.append(
            replacing(
                start..<start,
                with: String(block(path, column: column).dropFirst(column)) + text.lineBreak + pad))
        return found
    }

    private func onNextLine(
        after offset: Int, _ path: ArraySlice<String>, column: Int
    ) -> [UInt8] {
        let entry = block(path, column: column)
        let line = text.nextLine(after: offset)
        return replacing(
            line.offset..<line.offset,
            with: line.isAtEnd ? text.lineBreak + entry : entry + text.lineBreak)
    }

    /// `scheduler:` and below it `image: …`, without a line break at the end.
    private func block(_ path: ArraySlice<String>, column: Int) -> String {
        path.enumerated().map { depth, key in
            let pad = String(repeating: " ", count: column + depth * step)
            return depth == path.count - 1 ? "\(pad)\(key): \(image)" : "\(pad)\(key):"
        }.joined(separator: text.lineBreak)
    }

    /// `scheduler: {image: "…"}`
    private func inBraces(_ path: ArraySlice<String>) -> String {
        guard let last = path.last else { return "" }
        return path.dropLast().reversed().reduce("\(last): \"\(image)\"") { "\($1): {\($0)}" }
    }

    /// The indentation in use: that of the first mapping inside another, else Talos's own.
    private var step: Int {
        for (key, value) in source.documents[home.document].mapping ?? [:] {
            guard let inner = value.mapping?.first?.key.mark, let outer = key.mark,
                inner.line > outer.line
            else { continue }
            if (1...8).contains(inner.column - outer.column) { return inner.column - outer.column }
        }
        return 4
    }

    private func replacing(_ range: Range<Int>, with replacement: String) -> [UInt8] {
        text.bytes[..<range.lowerBound] + Array(replacement.utf8) + text.bytes[range.upperBound...]
    }
}

extension UInt8 {
    fileprivate var isWord: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

extension String {
    /// A block scalar ends with line breaks of its own.
    fileprivate var trimmedOfLineBreaks: String {
        String(self[..<(lastIndex { !$0.isNewline }.map(index(after:)) ?? startIndex)])
    }
}
