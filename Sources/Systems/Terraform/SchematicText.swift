import Foundation
import Model
import Yams

/// A schematic of the Image Factory as somebody wrote it in YAML. Of an edit nothing changes but
/// the list of extensions: comments, order, quotes and line ends stay.
struct SchematicText {
    /// Where the list stands in a schematic.
    static let path = "customization.systemExtensions.officialExtensions"

    /// As written, in order.
    let extensions: [String]
    /// Line and column of the list, or of what it would be inside of; 1-based.
    let mark: (line: Int, column: Int)
    let name: String
    let lines: [Substring]
    let lineEnd: String
    let root: Node?

    /// - Parameter name: the file's, for messages.
    /// - Throws: a `Problem` of kind `refused` for what is no schematic.
    init(_ bytes: [UInt8], name: String) throws {
        guard bytes.count <= 1 << 20, let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(
                .refused, "\(name) is not text, or larger than a schematic may be.", at: name)
        }
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Problem(.refused, "\(name) is not YAML.", at: name, causes: ["\(error)"])
        }
        self.name = name
        lineEnd = text.contains("\r\n") ? "\r\n" : "\n"
        // A line keeps its end, so that all of them make the text again.
        lines = Self.lines(of: text)
        let known: Set = ["owner", "overlay", "customization"]
        if let root, !Self.isNull(root) {
            guard let mapping = root.mapping,
                mapping.keys.allSatisfy({ known.contains($0.string ?? "") })
            else { throw Self.foreign(name) }
        }
        var place = root
        for key in ["customization", "systemExtensions", "officialExtensions"] {
            guard let inner = place?.mapping?[key] else {
                mark = (place?.mark?.line ?? 1, place?.mark?.column ?? 1)
                extensions = []
                return
            }
            place = inner
        }
        mark = (place?.mark?.line ?? 1, place?.mark?.column ?? 1)
        guard let place, !Self.isNull(place) else {
            extensions = []
            return
        }
        guard let items = place.sequence?.map(\.scalar?.string),
            items.allSatisfy({ $0 != nil })
        else { throw Self.foreign(name) }
        extensions = items.compactMap(\.self)
    }

    var text: String { lines.joined() }

    private static func lines(of text: String) -> [Substring] {
        var lines: [Substring] = []
        var rest = text[...]
        while let end = rest.firstIndex(where: \.isNewline) {
            let next = rest.index(after: end)
            lines.append(rest[..<next])
            rest = rest[next...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }

    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0)
                    || "-_./".utf8.contains($0)
            } && name.first?.isLetter == true
    }

    static func isNull(_ node: Node) -> Bool {
        node.scalar.map { ["", "null", "~"].contains($0.string) && $0.style == .plain } ?? false
    }

    /// Everything but the list, and but the mappings that hold nothing else.
    static func without(_ root: Node?) -> Node? {
        guard let root, !isNull(root), var mapping = root.mapping else { return nil }
        if var custom = mapping["customization"]?.mapping {
            if var system = custom["systemExtensions"]?.mapping {
                system["officialExtensions"] = nil
                custom["systemExtensions"] = system.isEmpty ? nil : .mapping(system)
            } else {
                custom["systemExtensions"] = nil
            }
            mapping["customization"] = custom.isEmpty ? nil : .mapping(custom)
        } else if let custom = mapping["customization"], isNull(custom) {
            mapping["customization"] = nil
        }
        return mapping.isEmpty ? nil : .mapping(mapping)
    }

    private static func foreign(_ name: String) -> Problem {
        Problem(
            .refused, "\(name) is not a schematic of the Image Factory.", at: name,
            fix: "it has customization.systemExtensions.officialExtensions, a list of names")
    }

    var tooClever: Problem {
        Problem(
            .refused,
            "The list of extensions cannot be changed without touching what is around it.",
            at: "\(name):\(mark.line):\(mark.column)",
            fix: "write each extension on a line of its own: - NAME")
    }
}
