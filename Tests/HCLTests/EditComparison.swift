@testable import HCL

/// One edit of each file, read by Terraform: the new value must be there, all others as they were,
/// no other byte changed, and a file that was formatted must still be.
struct EditComparison {
    struct Source {
        let file: Comparison.File
        let values: [HCLValue]
    }

    struct Tally {
        var edits = 0
        /// Of those, of formatted files.
        var formatted = 0
    }

    private(set) var tally = Tally()
    private(set) var disagreements: [String] = []
    /// A folder of its own, where files are formatted.
    private let cleaner: Terraform
    private var random: SplitMix

    init(_ cleaner: Terraform, seed: UInt64) {
        self.cleaner = cleaner
        random = SplitMix(state: seed)
    }

    mutating func compare(_ sources: [Source], with comparison: inout Comparison) throws {
        let formatted = try format(
            sources.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
        var edits: [String: GeneratedEdit] = [:]
        for source in sources {
            let bytes = formatted[source.file.name] ?? source.file.bytes
            do {
                let document = try HCLDocument(parsing: bytes)
                edits[source.file.name] = try GeneratedEdit(of: document, source.values, &random)
            } catch let error as HCLError {
                disagreements.append("cannot be edited: \(error) \(source.file)")
            }
        }
        let files = edits.map { Comparison.File(name: $0.key, bytes: $0.value.after.bytes) }
        let values = try comparison.compare(files)
        for (name, edit) in edits {
            tally.edits += 1
            if let fault = edit.fault { disagree(fault, edit) }
            guard let read = values[name] else {
                disagree("is not read", edit)
                continue
            }
            let isSame = read.count == edit.wanted.count && zip(read, edit.wanted).allSatisfy(same)
            if !isSame { disagree("is read as \(read), wanted \(edit.wanted)", edit) }
        }
        let clean = edits.filter { formatted[$0.key] != nil && $0.value.keepsFormat }
        tally.formatted += clean.count
        for (name, edit) in clean { try cleaner.write(edit.after.bytes, as: name) }
        for name in try cleaner.unformatted() {
            if let edit = clean[name] { disagree("is not formatted any more", edit) }
        }
        for name in clean.keys { try cleaner.delete(name) }
    }

    /// The formatted text of those files that Terraform can format for good.
    private func format(_ sources: [Source]) throws -> [String: [UInt8]] {
        for source in sources { try cleaner.write(source.file.bytes, as: source.file.name) }
        try cleaner.format()
        let restless = Set(try cleaner.unformatted())
        var result: [String: [UInt8]] = [:]
        for source in sources {
            if !restless.contains(source.file.name) {
                result[source.file.name] = try cleaner.bytes(of: source.file.name)
            }
            try cleaner.delete(source.file.name)
        }
        return result
    }

    private mutating func disagree(_ what: String, _ edit: GeneratedEdit) {
        let before = String(decoding: edit.before.bytes, as: UTF8.self).debugDescription
        let after = String(decoding: edit.after.bytes, as: UTF8.self).debugDescription
        disagreements.append("\(edit.path) \(what):\n\(before)\n\(after)")
    }

    /// Both are from Terraform, where members are sorted; numbers that we wrote may have zeros.
    private func same(_ read: HCLValue, _ wanted: HCLValue) -> Bool {
        switch (read, wanted) {
        case (.number(let read), .number(let wanted)):
            ValueComparison.isSameNumber(read, wanted)
        case (.list(let read), .list(let wanted)):
            read.count == wanted.count && zip(read, wanted).allSatisfy(same)
        case (.object(let read), .object(let wanted)):
            read.count == wanted.count
                && read.allSatisfy { member in
                    wanted.contains { $0.key == member.key && same(member.value, $0.value) }
                }
        default: read == wanted
        }
    }
}
