import Foundation
import HCL
package import Model

/// Takes the version variables out of a file that cannot be committed and puts them into one that
/// can, and that Terraform loads later.
package struct VersionsMove: Sendable {
    /// What moves, each with its place now.
    package let variables: [(name: String, place: Place)]
    /// The new file, relative to the repository root.
    package let target: String
    /// What cannot be moved, and why.
    package let remarks: [String]
    private let root: String
    private let sources: [String: [Range<Int>]]
    private let text: [UInt8]

    /// Nil when there is nothing to move.
    ///
    /// - Parameter unfit: Files that cannot be committed.
    init?(
        of paths: [HCLPath], among sources: VariableSources, directory: String, root: String,
        unfit: Set<String>
    ) {
        self.root = root
        var variables: [(name: String, place: Place)] = []
        var cuts: [String: [Range<Int>]] = [:]
        var remarks: [String] = []
        var text = Self.heading
        for path in paths {
            guard let winner = sources.settings(of: path).last,
                case .file(let place) = winner.origin, unfit.contains(place.file),
                let file = sources.file(place.file)
            else { continue }
            guard path.steps.isEmpty, file.document.syntax == .variables,
                let cut = Self.statement(path.name, in: file.document)
            else {
                remarks.append(
                    "\(place): \(path) cannot be taken out alone; move it by hand to a file that "
                        + "git tracks")
                continue
            }
            variables.append((path.name, place))
            cuts[file.name, default: []].append(cut)
            text += file.document.bytes[cut]
            if text.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
        }
        let names = sources.loadedFiles.compactMap {
            $0.split(separator: "/").last.map(String.init)
        }
        guard let name = Self.names.first(where: { Self.isLast($0, among: names) }) else {
            return nil
        }
        guard !variables.isEmpty || !remarks.isEmpty else { return nil }
        target = directory == "." ? name : directory + "/" + name
        (self.variables, self.remarks, self.sources, self.text) = (variables, remarks, cuts, text)
    }

    /// Writes the new file, then cuts the old ones.
    /// - Throws: a `Problem`; then all files are as they were.
    package func perform() throws {
        let editing = FileEditing(root: root)
        var old: [String: [UInt8]] = [:]
        do {
            guard
                FileManager.default.createFile(
                    atPath: root + "/" + target, contents: Data(text),
                    attributes: [.posixPermissions: 0o644])
            else {
                throw Problem(
                    .refused, "\(target) cannot be written.", at: target, fix: "ls -ld \(root)")
            }
            for (name, cuts) in sources.sorted(by: { $0.key < $1.key }) {
                let document = try SourceFile(name, root: root).document
                try editing.write(try Self.removing(cuts, from: document, name), to: name)
                old[name] = document.bytes
            }
        } catch {
            for (name, bytes) in old { try? editing.write(bytes, to: name) }
            try? FileManager.default.removeItem(atPath: root + "/" + target)
            throw error
        }
    }

    private static func removing(
        _ cuts: [Range<Int>], from document: HCLDocument, _ name: String
    ) throws -> [UInt8] {
        do {
            return try document.removing(cuts).bytes
        } catch {
            throw Problem(error, in: name)
        }
    }

    /// The lines of an attribute with its trailing comment, and renovate's comment above it.
    private static func statement(_ name: String, in document: HCLDocument) -> Range<Int>? {
        guard let attribute = document.attributes.first(where: { $0.name == name }) else {
            return nil
        }
        let bytes = document.bytes
        let newline = UInt8(ascii: "\n")
        func start(of place: Int) -> Int {
            (bytes[..<place].lastIndex(of: newline) ?? -1) + 1
        }
        let end =
            bytes[attribute.value.byteRange.upperBound...].firstIndex(of: newline)
            .map { $0 + 1 } ?? bytes.count
        var first = start(of: attribute.nameRange.lowerBound)
        if first > 0 {
            let above = start(of: first - 1)
            let line = String(decoding: bytes[above..<first], as: UTF8.self)
                .trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("#") || line.hasPrefix("//"), line.contains("renovate") {
                first = above
            }
        }
        // A byte order mark stays where it is.
        if first == 0, bytes.starts(with: [0xef, 0xbb, 0xbf]) { first = 3 }
        return first..<end
    }

    /// Later than all files of values: then it wins over each of them.
    private static func isLast(_ name: String, among names: [String]) -> Bool {
        !names.contains(name) && VariableSources.ordered(names + [name]).last == name
    }

    private static let names = [
        "versions.auto.tfvars", "zz-versions.auto.tfvars", "~versions.auto.tfvars",
    ]

    private static let heading = Array(
        "# Terraform loads this file after the others, so what is set here wins.\n".utf8)
}

extension TerraformProject {
    /// What would have to move so that versions can be committed; nil for nothing.
    ///
    /// - Parameter unfit: Files of values that cannot be committed, relative to the root.
    package func versionsMove(outOf unfit: Set<String>) throws -> VersionsMove? {
        let paths = try [variables.talos, variables.kubernetes, variables.extensions]
            .map(VariableNames.path)
        return VersionsMove(
            of: paths, among: try sources(), directory: directory, root: root, unfit: unfit)
    }

    /// The places of versions and extensions that take effect and stand in files.
    package func places() throws -> [Place] {
        let reader = try reader()
        return try [variables.talos, variables.kubernetes, variables.extensions]
            .compactMap(reader.place)
    }
}
