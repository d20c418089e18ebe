import Foundation
import HCL
import Model

/// Changes one value of one file on disk, all other bytes untouched.
struct FileEditing {
    var root: String
    /// Where it is kept what a file was before its last edit; nil where nothing is edited.
    var keepsakes: String?

    /// Replaces `old` by `new`. Already `new` is fine; any third value is refused.
    ///
    /// Lists of strings are written as names with commas between.
    func replace(_ place: Place, old: String, with new: String) throws {
        guard !place.file.hasPrefix("/"), !place.file.split(separator: "/").contains("..") else {
            throw Problem(.refused, "\(place.file) is outside the repository.", at: place.file)
        }
        let before = FileManager.default.contents(atPath: root + "/" + place.file) ?? Data()
        let now = [UInt8](before)
        guard let bytes = try replaced(in: now, place, old: old, with: new) else { return }
        if let keepsakes { Keepsake.keep(now, after: bytes, of: place.file, in: keepsakes) }
        try write(bytes, to: place.file)
    }

    /// The bytes with `old` replaced by `new`; nil when they hold `new` already.
    func replaced(
        in now: [UInt8], _ place: Place, old: String, with new: String
    ) throws -> [UInt8]? {
        guard let edited = try edited(now, place, old, new) else { return nil }
        // The way back of the last edit gives what was there, byte for byte.
        let kept = keepsakes.flatMap {
            Keepsake.other(side: now, of: place.file, in: $0)
        }
        let isThat = kept.map { holds(new, in: $0, place) } ?? false
        return isThat ? kept ?? edited : edited
    }

    private func holds(_ value: String, in bytes: [UInt8], _ place: Place) -> Bool {
        do {
            return try edited(bytes, place, value, value) == nil
        } catch {
            return false
        }
    }

    /// The bytes with the value replaced; nil when it is the new one already.
    private func edited(
        _ bytes: [UInt8], _ place: Place, _ old: String, _ new: String
    ) throws -> [UInt8]? {
        if place.file.hasSuffix(".yaml") || place.file.hasSuffix(".yml") {
            let schematic = try SchematicText(bytes, name: place.file)
            if schematic.extensions == Self.names(new) { return nil }
            guard schematic.extensions == Self.names(old) else {
                throw conflict(
                    place, (schematic.mark.line, schematic.mark.column),
                    schematic.extensions.joined(separator: ","), old, new)
            }
            return Array(try schematic.setting(Self.names(new)).utf8)
        }
        let file = try SourceFile(place.file, bytes: bytes)
        try file.checkEditable(at: place.description)
        do {
            return try edited(file.document, place, old, new)
        } catch let error as HCLError {
            throw Problem(error, in: place.file)
        }
    }

    private func edited(
        _ document: HCLDocument, _ place: Place, _ old: String, _ new: String
    ) throws -> [UInt8]? {
        let path = try HCLPath(place.path)
        let found = try document.requiredValue(at: path)
        guard case .list(let items) = found.value else {
            let now = Self.text(found.value)
            if now == new { return nil }
            guard now == old else {
                throw conflict(
                    place, (found.line, found.column), now ?? found.value.kindName, old, new)
            }
            return try document.setting(path, to: new).bytes
        }
        let now = items.compactMap(\.string)
        if now == Self.names(new), now.count == items.count { return nil }
        guard now == Self.names(old), now.count == items.count else {
            throw conflict(
                place, (found.line, found.column), now.joined(separator: ","), old, new)
        }
        return try document.setting(path, toStrings: Self.names(new)).bytes
    }

    static func text(_ value: HCLValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .list, .object, .expression: nil
        }
    }

    static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func conflict(
        _ place: Place, _ found: (line: Int, column: Int), _ now: String, _ old: String,
        _ new: String
    ) -> Problem {
        Problem(
            .refused, "\(place.path) is \(now), neither \(old) nor \(new).",
            at: "\(place.file):\(found.line):\(found.column)",
            fix: "Somebody else changed it: git diff -- \(place.file)")
    }

    /// The file takes its place as a whole, and survives a power cut from then on.
    func write(_ bytes: [UInt8], to name: String) throws {
        do {
            try DiskFile(root + "/" + name).replace(with: bytes, synced: true)
        } catch {
            throw Problem(
                .refused, "\(name) cannot be written.", at: name, fix: "ls -l \(name)",
                causes: [error.reason])
        }
    }
}
