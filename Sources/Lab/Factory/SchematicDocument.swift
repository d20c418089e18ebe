import Crypto
import Foundation
import Model
import Yams

/// A schematic as somebody posts it to an Image Factory, read strictly.
///
/// Source: image-factory v1.5.0, `pkg/schematic`: fields, their order, what is left out.
struct SchematicDocument: Sendable {
    /// The canonical text: what is hashed.
    let text: String
    /// Short names of the official extensions, in order.
    let extensions: [String]

    /// Why a factory answers 400, in its words.
    struct Refusal: Error {
        var message: String
    }

    init(posted body: String) throws(Refusal) {
        let root: Node?
        do {
            var documents = try Yams.compose_all(yaml: body)
            root = documents.next()
            if let error = documents.error { throw error }
        } catch {
            throw Refusal(message: "yaml: construct errors: \(Self.firstLine("\(error)"))")
        }
        guard let root else { throw Refusal(message: "EOF") }
        let fields = try Fields(
            root, type: "schematic.Schematic", known: ["overlay", "customization"])
        var members: [(key: String, value: CanonicalYAML)] = []
        if let overlay = try Self.overlay(fields["overlay"]) {
            members.append(("overlay", overlay))
        }
        let (customization, names) = try Self.customization(fields["customization"])
        members.append(("customization", customization))
        text = CanonicalYAML.map(members).document
        extensions = names.map { $0.hasPrefix("siderolabs/") ? String($0.dropFirst(11)) : $0 }
    }

    /// sha256 of the canonical text.
    var id: SchematicID? { Self.id(of: text) }

    static func id(of text: String) -> SchematicID? {
        let digest = SHA256.hash(data: Array(text.utf8))
        return SchematicID(digest.map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined())
    }

    private static func firstLine(_ text: String) -> String {
        text.split(separator: "\n").first.map(String.init) ?? text
    }

    private static func overlay(_ node: Node?) throws(Refusal) -> CanonicalYAML? {
        let fields = try Fields(
            node, type: "schematic.Overlay", known: ["image", "name", "options"])
        let image = try fields.text("image") ?? ""
        let name = try fields.text("name") ?? ""
        let options = fields["options"].map(free)
        let hasOptions = options.map { !$0.isEmpty && $0 != .word("null") } ?? false
        if image.isEmpty && name.isEmpty && !hasOptions { return nil }
        var members: [(key: String, value: CanonicalYAML)] = [
            ("image", .text(image)), ("name", .text(name)),
        ]
        if hasOptions, let options { members.append(("options", options)) }
        return .map(members)
    }

    private static func customization(
        _ node: Node?
    ) throws(Refusal) -> (CanonicalYAML, extensions: [String]) {
        let fields = try Fields(
            node, type: "schematic.Customization",
            known: [
                "embeddedMachineConfiguration", "extraKernelArgs", "meta", "systemExtensions",
                "bootloader", "secureboot", "diskImage",
            ])
        var members: [(key: String, value: CanonicalYAML)] = []
        func add(_ key: String, _ value: CanonicalYAML) {
            if !value.isEmpty { members.append((key, value)) }
        }
        if let text = try fields.text("embeddedMachineConfiguration"), !text.isEmpty {
            add("embeddedMachineConfiguration", .text(text))
        }
        add("extraKernelArgs", .list(try fields.texts("extraKernelArgs").map { .text($0) }))
        add("meta", .list(try meta(fields["meta"])))
        let extensions = try Fields(
            fields["systemExtensions"], type: "schematic.SystemExtensions",
            known: ["officialExtensions"])
        let names = try extensions.texts("officialExtensions")
        if !names.isEmpty {
            add(
                "systemExtensions",
                .map([("officialExtensions", .list(names.map { .text($0) }))]))
        }
        if let kind = try fields.text("bootloader"), !kind.isEmpty {
            guard ["none", "dual-boot", "sd-boot", "grub"].contains(kind.lowercased()) else {
                throw Refusal(message: "yaml: construct errors: unknown bootloader \(kind)")
            }
            if kind.lowercased() != "none" { add("bootloader", .text(kind.lowercased())) }
        }
        add("secureboot", try secureBoot(fields["secureboot"]))
        let disk = try Fields(
            fields["diskImage"], type: "schematic.DiskImage", known: ["sectorSize"])
        if let size = try disk.text("sectorSize"), size != "0" {
            add("diskImage", .map([("sectorSize", .word(size))]))
        }
        return (.map(members), names)
    }

    private static func secureBoot(_ node: Node?) throws(Refusal) -> CanonicalYAML {
        let fields = try Fields(
            node, type: "schematic.SecureBoot",
            known: ["enrollKeys", "includeWellKnownCertificates"])
        var members: [(key: String, value: CanonicalYAML)] = []
        if let keys = try fields.text("enrollKeys"), !keys.isEmpty {
            members.append(("enrollKeys", .text(keys)))
        }
        if try fields.text("includeWellKnownCertificates") == "true" {
            members.append(("includeWellKnownCertificates", .word("true")))
        }
        return .map(members)
    }

    private static func meta(_ node: Node?) throws(Refusal) -> [CanonicalYAML] {
        guard let node, node.scalar?.string != "null" else { return [] }
        guard let rows = node.sequence else {
            throw Refusal(message: "yaml: construct errors: cannot construct meta")
        }
        var items: [CanonicalYAML] = []
        for row in rows {
            let fields = try Fields(row, type: "schematic.MetaValue", known: ["key", "value"])
            let written = try fields.text("key") ?? "0"
            let number =
                written.lowercased().hasPrefix("0x")
                ? Int(written.dropFirst(2), radix: 16) : Int(written)
            guard let number, (0...255).contains(number) else {
                throw Refusal(message: "yaml: construct errors: cannot construct \(written)")
            }
            items.append(
                .map([
                    ("key", .word(String(number))),
                    ("value", .text(try fields.text("value") ?? "")),
                ]))
        }
        return items
    }

    /// A value of any type; keys are sorted.
    private static func free(_ node: Node) -> CanonicalYAML {
        switch node {
        case .mapping(let mapping):
            return .map(
                mapping.map { (key: $0.key.string ?? "", value: free($0.value)) }
                    .sorted { $0.key < $1.key })
        case .sequence(let items): return .list(items.map(free))
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return .text(scalar.string)
            }
            return word(scalar.string)
        case .alias: return .word("null")
        }
    }

    private static func word(_ text: String) -> CanonicalYAML {
        switch text.lowercased() {
        case "", "~", "null": return .word("null")
        case "true", "false": return .word(text.lowercased())
        default: break
        }
        if let whole = Int64(text) { return .word(String(whole)) }
        if text.lowercased().hasPrefix("0x"), let whole = Int64(text.dropFirst(2), radix: 16) {
            return .word(String(whole))
        }
        if YAMLScalarStyle.looksTyped(text), let number = Double(text), number.isFinite {
            return .word(number == number.rounded() ? String(Int64(number)) : String(number))
        }
        return .text(text)
    }

    /// The members of a mapping that are allowed there; none for null and for what is absent.
    private struct Fields {
        private var members: [String: Node] = [:]

        init(_ node: Node?, type: String, known: [String]) throws(Refusal) {
            guard let node else { return }
            if let text = node.scalar?.string, ["", "~", "null"].contains(text) { return }
            guard let mapping = node.mapping else {
                throw Refusal(
                    message: "yaml: construct errors: line \(node.mark?.line ?? 1): "
                        + "cannot construct into \(type)")
            }
            for (key, value) in mapping {
                let name = key.string ?? ""
                guard known.contains(name) else {
                    throw Refusal(
                        message: "yaml: construct errors: line \(key.mark?.line ?? 1): "
                            + "field \(name) not found in type \(type)")
                }
                guard members[name] == nil else {
                    throw Refusal(
                        message: "yaml: construct errors: line \(key.mark?.line ?? 1): "
                            + "mapping key \"\(name)\" already defined")
                }
                members[name] = value
            }
        }

        subscript(_ name: String) -> Node? { members[name] }

        func text(_ name: String) throws(Refusal) -> String? {
            try members[name].flatMap { node throws(Refusal) in try Self.text(node) }
        }

        /// Null elements are dropped.
        func texts(_ name: String) throws(Refusal) -> [String] {
            guard let node = members[name], node.scalar?.string != "null" else { return [] }
            guard let items = node.sequence else {
                throw Refusal(
                    message: "yaml: construct errors: line \(node.mark?.line ?? 1): "
                        + "cannot construct into []string")
            }
            var found: [String] = []
            for item in items {
                if let text = try Self.text(item) { found.append(text) }
            }
            return found
        }

        private static func text(_ node: Node) throws(Refusal) -> String? {
            guard let scalar = node.scalar else {
                throw Refusal(
                    message: "yaml: construct errors: line \(node.mark?.line ?? 1): "
                        + "cannot construct into string")
            }
            let isPlain = scalar.style == .plain || scalar.style == .any
            if isPlain, ["", "~", "null"].contains(scalar.string) { return nil }
            return scalar.string
        }
    }
}
