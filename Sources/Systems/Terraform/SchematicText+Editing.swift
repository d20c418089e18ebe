import Foundation
import Model
import Yams

extension SchematicText {
    /// The text with another list.
    /// - Throws: a `Problem` of kind `refused` when that cannot be done without touching the rest.
    func setting(_ names: [String]) throws -> String {
        guard names != extensions else { return text }
        guard names.allSatisfy(Self.isPlain) else {
            throw Problem(.refused, "These are no names of extensions.", at: name, details: names)
        }
        let edited = try edited(names)
        guard let after = try? SchematicText(Array(edited.utf8), name: name),
            after.extensions == names, Self.without(after.root) == Self.without(root)
        else { throw tooClever }
        return edited
    }

    private func edited(_ names: [String]) throws -> String {
        var block = root
        for (depth, key) in Self.keys.enumerated() {
            guard let mapping = block?.mapping,
                let entry = mapping.first(where: { $0.key.string == key })
            else { return try adding(names, to: block, depth: depth) }
            block = entry.value
            if depth == 2 { return try replacing(entry.key, entry.value, names) }
            if Self.isNull(entry.value) || entry.value.mapping?.isEmpty == true {
                return try filling(entry.key, names, depth: depth + 1)
            }
        }
        throw tooClever
    }

    private func replacing(_ key: Node, _ list: Node, _ names: [String]) throws -> String {
        guard let line = key.mark?.line, let column = key.mark?.column,
            lines.indices.contains(line - 1)
        else { throw tooClever }
        if isBracketed(list) { return try flow(list, names) }
        guard let items = list.sequence, !items.isEmpty else {
            return inserting(Self.items(names, column + 1, lineEnd), after: line - 1)
        }
        let places = items.compactMap(\.mark?.line).map { $0 - 1 }
        guard places.count == items.count, Set(places).count == items.count,
            places.allSatisfy({ lines.indices.contains($0) && isItem(lines[$0]) })
        else { throw tooClever }
        if names.isEmpty {
            let kept = lines.indices.filter { !places.contains($0) }.map { index in
                index == line - 1 ? closing(lines[index]) : String(lines[index])
            }
            return kept.joined()
        }
        return block(names, places)
    }

    /// Lines of items that stay are left alone, those that go are left out, new ones follow the
    /// last.
    private func block(_ names: [String], _ places: [Int]) -> String {
        var left = names[...]
        var dropped: [String: Substring] = [:]
        var kept: [Int] = []
        for (index, place) in places.enumerated() {
            if left.first == extensions[index] {
                kept.append(place)
                left = left.dropFirst()
            } else {
                dropped[extensions[index]] = lines[place]
            }
        }
        let indent = lines[places[0]].prefix { $0 == " " }
        let fresh = left.map { name in
            ended(dropped[name].map(String.init) ?? "\(indent)- \(name)\(lineEnd)")
        }
        let anchor = kept.last ?? places[0]
        var result = ""
        for index in lines.indices {
            if !places.contains(index) || kept.contains(index) {
                result +=
                    fresh.isEmpty || index != anchor ? String(lines[index]) : ended(lines[index])
            }
            if index == anchor { result += fresh.joined() }
        }
        return result
    }

    /// `[a, b]` on one line.
    private func flow(_ list: Node, _ names: [String]) throws -> String {
        guard let mark = list.mark, lines.indices.contains(mark.line - 1) else { throw tooClever }
        let line = lines[mark.line - 1]
        guard
            let open = line.index(
                line.startIndex, offsetBy: mark.column - 1, limitedBy: line.endIndex),
            open < line.endIndex, line[open] == "[",
            let close = line[open...].firstIndex(of: "]")
        else {
            throw Problem(
                .refused, "The list of extensions goes over several lines in brackets.",
                at: "\(name):\(mark.line)", fix: "write each on a line of its own: - NAME")
        }
        let written = line[line.index(after: open)..<close].split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let texts = names.map { name in
            guard written.count == extensions.count,
                let index = extensions.firstIndex(of: name)
            else { return name }
            return written[index]
        }
        let new = line[...open] + texts.joined(separator: ", ") + line[close...]
        return replacing(line: mark.line - 1, by: String(new))
    }

    /// A key without members gets the list below it.
    private func filling(_ key: Node, _ names: [String], depth: Int) throws -> String {
        guard let mark = key.mark, lines.indices.contains(mark.line - 1) else { throw tooClever }
        let line = lines[mark.line - 1]
        guard let colon = line.firstIndex(of: ":") else { throw tooClever }
        let rest = line[line.index(after: colon)...].replacing(/^\s*(\{\s*\}|null|~)/, with: "")
        let opened = ended(String(line[...colon]) + rest)
        return lines[..<(mark.line - 1)].joined() + opened
            + Self.nested(names, depth, mark.column + 1, lineEnd) + lines[mark.line...].joined()
    }

    /// A mapping that lacks the next key gets it in front of its first.
    private func adding(_ names: [String], to block: Node?, depth: Int) throws -> String {
        if block == nil || block.map(Self.isNull) == true
            || (depth == 0 && block?.mapping?.isEmpty == true)
        {
            let kept = lines.filter { !$0.contains("{") }.map { ended($0) }.joined()
            return kept + Self.nested(names, depth, 0, lineEnd)
        }
        guard let block, let first = block.mapping?.first?.key.mark, !isBracketed(block),
            lines.indices.contains(first.line - 1)
        else { throw tooClever }
        return lines[..<(first.line - 1)].joined()
            + Self.nested(names, depth, first.column - 1, lineEnd)
            + lines[(first.line - 1)...].joined()
    }

    private static let keys = ["customization", "systemExtensions", "officialExtensions"]

    /// The keys from this depth on, each below the other, and the list.
    private static func nested(
        _ names: [String], _ depth: Int, _ indent: Int, _ lineEnd: String
    ) -> String {
        var text = ""
        var column = indent
        for key in keys[depth...] {
            text += String(repeating: " ", count: column) + key + ":" + lineEnd
            column += 2
        }
        return text + items(names, column, lineEnd)
    }

    private static func items(_ names: [String], _ indent: Int, _ lineEnd: String) -> String {
        names.map { String(repeating: " ", count: indent) + "- \($0)\(lineEnd)" }.joined()
    }

    private func inserting(_ text: String, after index: Int) -> String {
        lines[..<index].joined() + ended(lines[index]) + text + lines[(index + 1)...].joined()
    }

    private func replacing(line index: Int, by text: String) -> String {
        lines[..<index].joined() + text + lines[(index + 1)...].joined()
    }

    private func closing(_ line: Substring) -> String {
        guard let colon = line.firstIndex(of: ":") else { return String(line) }
        return line[...colon] + " []" + line[line.index(after: colon)...]
    }

    private func ended(_ line: some StringProtocol) -> String {
        line.last?.isNewline == true ? String(line) : line + lineEnd
    }

    /// Whether a node begins with a bracket, as in JSON.
    private func isBracketed(_ node: Node) -> Bool {
        guard let mark = node.mark, lines.indices.contains(mark.line - 1) else { return false }
        return lines[mark.line - 1].dropFirst(mark.column - 1).first.map { "[{".contains($0) }
            ?? false
    }

    private func isItem(_ line: Substring) -> Bool {
        line.drop { $0 == " " }.hasPrefix("- ")
    }
}
