package import Model
import Yams

extension ImageSchematic {
    /// Reads a schematic as an Image Factory does: YAML or JSON, every field known, only the first
    /// document.
    ///
    /// - Parameter source: where the text is from, for messages.
    /// - Throws: a `.refused` problem with the place of what is wrong.
    package init(yaml text: String, source: String) throws(Problem) {
        guard text.utf8.count <= Self.largestText else {
            throw Problem(.refused, "The schematic is larger than 1 MiB.", at: source)
        }
        var documents: YamlSequence<Node>
        do {
            documents = try Yams.compose_all(yaml: text)
        } catch {
            throw Self.unreadable(source, error)
        }
        let root = documents.next()
        if let error = documents.error { throw Self.unreadable(source, error) }
        self.init()
        guard let root else {
            throw Problem(.refused, "The schematic is empty.", at: source)
        }
        var reader = SchematicReader(source: source)
        try reader.read(root, into: &self)
    }

    private static func unreadable(_ source: String, _ error: any Error) -> Problem {
        Problem(.refused, "The schematic is not YAML.", at: source, causes: ["\(error)"])
    }

    private static let largestText = 1 << 20
}

/// Walks the YAML of one schematic.
private struct SchematicReader {
    let source: String
    /// Nodes seen in free-form options: aliases may make a small text very large.
    private var seen = 0

    init(source: String) { self.source = source }

    mutating func read(_ root: Node, into schematic: inout ImageSchematic) throws(Problem) {
        for (key, value) in try members(root, "the schematic") {
            switch key.string {
            case "owner": schematic.owner = try text(value)
            case "overlay": schematic.overlay = try overlay(value)
            case "customization": try customization(value, into: &schematic)
            default: throw unknown(key, "owner, overlay, customization")
            }
        }
    }

    private mutating func overlay(_ node: Node) throws(Problem) -> ImageSchematic.Overlay? {
        var overlay = ImageSchematic.Overlay(image: "", name: "")
        for (key, value) in try members(node, "overlay") {
            switch key.string {
            case "image": overlay.image = try text(value)
            case "name": overlay.name = try text(value)
            case "options":
                for (name, option) in try members(value, "options") {
                    overlay.options[try text(name)] = try free(option, depth: 0)
                }
            default: throw unknown(key, "image, name, options")
            }
        }
        let isEmpty = overlay.image.isEmpty && overlay.name.isEmpty && overlay.options.isEmpty
        return isEmpty ? nil : overlay
    }

    private mutating func customization(
        _ node: Node, into schematic: inout ImageSchematic
    ) throws(Problem) {
        for (key, value) in try members(node, "customization") {
            switch key.string {
            case "embeddedMachineConfiguration":
                schematic.embeddedMachineConfiguration = try optional(text(value))
            case "extraKernelArgs": schematic.extraKernelArguments = try texts(value)
            case "meta": schematic.meta = try meta(value)
            case "systemExtensions":
                for (name, list) in try members(value, "systemExtensions") {
                    guard name.string == "officialExtensions" else {
                        throw unknown(name, "officialExtensions")
                    }
                    schematic.extensions = try texts(list)
                }
            case "bootloader": schematic.bootloader = try bootloader(value)
            case "secureboot":
                for (name, setting) in try members(value, "secureboot") {
                    switch name.string {
                    case "enrollKeys": schematic.enrollKeys = try optional(text(setting))
                    case "includeWellKnownCertificates":
                        schematic.includesWellKnownCertificates = try flag(setting)
                    default: throw unknown(name, "enrollKeys, includeWellKnownCertificates")
                    }
                }
            case "diskImage":
                for (name, size) in try members(value, "diskImage") {
                    guard name.string == "sectorSize" else { throw unknown(name, "sectorSize") }
                    let number = try whole(size)
                    schematic.sectorSize = number == 0 ? nil : number
                }
            default:
                throw unknown(
                    key,
                    "embeddedMachineConfiguration, extraKernelArgs, meta, systemExtensions, "
                        + "bootloader, secureboot, diskImage")
            }
        }
    }

    private func meta(_ node: Node) throws(Problem) -> [ImageSchematic.Meta] {
        var all: [ImageSchematic.Meta] = []
        for item in try items(node) {
            var meta = ImageSchematic.Meta(key: 0, value: "")
            for (key, value) in try members(item, "meta") {
                switch key.string {
                case "key":
                    guard let number = UInt8(exactly: try whole(value)) else {
                        throw wrong(value, "a meta key is a number from 0 to 255")
                    }
                    meta.key = number
                case "value": meta.value = try text(value)
                default: throw unknown(key, "key, value")
                }
            }
            all.append(meta)
        }
        return all
    }

    private func bootloader(_ node: Node) throws(Problem) -> ImageSchematic.Bootloader? {
        let word = try text(node).lowercased()
        if word.isEmpty || word == "none" { return nil }
        guard let known = ImageSchematic.Bootloader(rawValue: word) else {
            throw wrong(node, "a bootloader is dual-boot, sd-boot, grub or none, not \(word)")
        }
        return known
    }

    /// A value of any shape, typed as the factory would type it.
    private mutating func free(_ node: Node, depth: Int) throws(Problem) -> JSONValue {
        seen += 1
        guard seen <= 10_000, depth <= 32 else {
            throw wrong(node, "the options of an overlay are too many or too deep")
        }
        if let mapping = node.mapping {
            var members: [String: JSONValue] = [:]
            for (key, value) in mapping {
                members[try text(key)] = try free(value, depth: depth + 1)
            }
            return .object(members)
        }
        if let sequence = node.sequence {
            var items: [JSONValue] = []
            for item in sequence { items.append(try free(item, depth: depth + 1)) }
            return .array(items)
        }
        guard let scalar = node.scalar else { throw wrong(node, "a value belongs here") }
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch PlainScalar(scalar.string) {
        case .string, .merge: return .string(scalar.string)
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .float(let value): return .number(value)
        case .unsigned: throw wrong(node, "the number is too large")
        case .timestamp:
            throw wrong(node, "factories rewrite dates: put \(scalar.string) in quotes")
        }
    }

    // MARK: Shapes

    /// Pairs of a mapping; nothing at all counts as an empty one.
    private func members(_ node: Node, _ what: String) throws(Problem) -> [(Node, Node)] {
        if let mapping = node.mapping { return mapping.map { ($0.key, $0.value) } }
        if isNull(node) { return [] }
        throw wrong(node, "\(what) must be a mapping")
    }

    private func items(_ node: Node) throws(Problem) -> [Node] {
        if let sequence = node.sequence { return sequence.filter { !isNull($0) } }
        if isNull(node) { return [] }
        throw wrong(node, "a list belongs here")
    }

    private func texts(_ node: Node) throws(Problem) -> [String] {
        var all: [String] = []
        for item in try items(node) { all.append(try text(item)) }
        return all
    }

    /// Numbers and booleans keep the text they are written with.
    private func text(_ node: Node) throws(Problem) -> String {
        if isNull(node) { return "" }
        guard let scalar = node.scalar else { throw wrong(node, "a text belongs here") }
        return scalar.string
    }

    private func optional(_ text: String) -> String? { text.isEmpty ? nil : text }

    private func flag(_ node: Node) throws(Problem) -> Bool {
        if isNull(node) { return false }
        guard let scalar = node.scalar, scalar.style == .plain,
            case .bool(let value) = PlainScalar(scalar.string)
        else { throw wrong(node, "true or false belongs here") }
        return value
    }

    private func whole(_ node: Node) throws(Problem) -> UInt64 {
        if isNull(node) { return 0 }
        guard let scalar = node.scalar, scalar.style == .plain else {
            throw wrong(node, "a number belongs here, without quotes")
        }
        switch PlainScalar(scalar.string) {
        case .integer(let value) where value >= 0: return UInt64(value)
        case .unsigned(let value): return value
        default: throw wrong(node, "a whole number belongs here")
        }
    }

    private func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return PlainScalar(scalar.string) == .null
    }

    private func unknown(_ key: Node, _ known: String) -> Problem {
        wrong(key, "unknown field \(key.string ?? "?"); there is \(known)")
    }

    private func wrong(_ node: Node, _ what: String) -> Problem {
        let mark = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
        return Problem(.refused, "In the schematic, \(what).", at: source + mark)
    }
}
