import Foundation
import HCL
import Model

/// Changes one value of one file on disk, all other bytes untouched.
struct FileEditing {
    var root: String

    /// Replaces `old` by `new`. Already `new` is fine; any third value is refused.
    ///
    /// Lists of strings are written as names with commas between.
    func replace(_ place: Place, old: String, with new: String) throws {
        guard !place.file.hasPrefix("/"), !place.file.split(separator: "/").contains("..") else {
            throw Problem(.refused, "\(place.file) is outside the repository.", at: place.file)
        }
        let file = try SourceFile(place.file, root: root)
        guard file.encryption == nil else {
            throw Problem(
                .refused, "\(place.file) is encrypted, so nothing in it can be changed here.",
                at: place.description, fix: "sops \(place.file)")
        }
        do {
            let path = try HCLPath(place.path)
            let found = try file.document.requiredValue(at: path)
            let edited: HCLDocument
            if case .list(let items) = found.value {
                let now = items.compactMap(\.string)
                if now == Self.names(new), now.count == items.count { return }
                guard now == Self.names(old), now.count == items.count else {
                    throw conflict(place, found, now.joined(separator: ","), old, new)
                }
                edited = try file.document.setting(path, toStrings: Self.names(new))
            } else {
                let now = Self.text(found.value)
                if now == new { return }
                guard now == old else {
                    throw conflict(place, found, now ?? found.value.kindName, old, new)
                }
                edited = try file.document.setting(path, to: new)
            }
            try write(edited.bytes, to: place.file)
        } catch let error as HCLError {
            throw SourceFile.problem(error, in: place.file)
        }
    }

    private static func text(_ value: HCLValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .list, .object, .expression: nil
        }
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func conflict(
        _ place: Place, _ found: HCLLocatedValue, _ now: String, _ old: String, _ new: String
    ) -> Problem {
        Problem(
            .refused, "\(place.path) is \(now), neither \(old) nor \(new).",
            at: "\(place.file):\(found.line):\(found.column)",
            fix: "Somebody else changed it: git diff -- \(place.file)")
    }

    /// A new file beside the old one takes its place, with the same rights. A link stays a link.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: root + "/" + name).resolvingSymlinksInPath()
        let fresh = file.deletingLastPathComponent()
            .appendingPathComponent(".\(file.lastPathComponent).bump-\(UUID().uuidString)")
        do {
            var status = stat()
            guard stat(file.path, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
            try Data(bytes).write(to: fresh)
            chmod(fresh.path, status.st_mode & 0o7777)
            if chown(fresh.path, status.st_uid, status.st_gid) != 0, status.st_uid != geteuid() {
                throw CocoaError(.fileWriteNoPermission)
            }
            let handle = try FileHandle(forWritingTo: fresh)
            try handle.synchronize()
            try handle.close()
            guard rename(fresh.path, file.path) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            try? FileManager.default.removeItem(at: fresh)
            throw Problem(
                .refused, "\(name) cannot be written.", at: name, fix: "ls -l \(name)",
                causes: [error.localizedDescription])
        }
    }
}
