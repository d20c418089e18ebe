@testable import HCL

/// Files put to Terraform and to us, and what became of them.
///
/// Both must accept the same files, read the same values from them, and blame the same line. There
/// are two differences on purpose. One is `evaluation`: what has to be evaluated (operators, conditionals,
/// loops, templates, indexes) is one opaque value to us. Its syntax is checked, and so is that it
/// neither calls nor refers to anything where that is sure to be evaluated, but not whether it works
/// out: `1 + "x"` and `[1][5]` are accepted by us and refused by Terraform. The other is `encoding`:
/// Terraform takes some bytes that are no UTF-8 for letters of a name, and we do not.
struct Comparison {
    struct File {
        let name: String
        let bytes: [UInt8]
    }

    /// How many files came out how.
    struct Tally {
        var accepted = 0
        var refused = 0
        /// Of those, with Terraform's column and summary too.
        var refusedAlike = 0
        var evaluation = 0
        var encoding = 0
        /// Their names cannot be declared, or their values be put into JSON.
        var left = 0
    }

    private(set) var tally = Tally()
    private(set) var disagreements: [String] = []
    let terraform: Terraform

    init(_ terraform: Terraform) { self.terraform = terraform }

    mutating func disagree(_ what: String, _ bytes: [UInt8]) {
        let text = bytes.map {
            $0 < 0x80 ? Unicode.Scalar($0).escaped(asASCII: true) : "\\x" + String($0, radix: 16)
        }.joined()
        disagreements.append("\(what): \"\(text)\"")
    }

    /// Compares some files. What is returned are Terraform's values of those that both accept: for
    /// each attribute one, in file order.
    mutating func compare(_ files: [File]) throws -> [String: [HCLValue]] {
        for file in files { try terraform.write(file.bytes, as: file.name) }
        defer { for file in files { try? terraform.delete(file.name) } }
        let complaints = try terraform.complaints(about: files.map(\.name))
        var candidates: [Candidate] = []
        for file in files {
            if let candidate = judgeSyntax(of: file, complaints[file.name] ?? []) {
                candidates.append(candidate)
            }
        }
        var values: [String: [HCLValue]] = [:]
        while !candidates.isEmpty {
            let group = takeGroup(from: &candidates)
            try compareValues(of: group, into: &values)
        }
        return values
    }

    // MARK: Syntax

    /// A file whose syntax both accept.
    private struct Candidate {
        let file: File
        /// Parsed without asking whether its values may stand in a variables file.
        let syntax: HCLDocument
        let names: [String]
    }

    private mutating func judgeSyntax(
        of file: File, _ complaints: [Terraform.Complaint]
    ) -> Candidate? {
        if complaints.isEmpty {
            do throws(HCLError) {
                let document = try HCLDocument(parsing: file.bytes, as: .module)
                let names = document.tree.attributes.map { document.name(of: $0.name) }
                return Candidate(file: file, syntax: document, names: names)
            } catch {
                if isEncoding(error, complaints) {
                    tally.encoding += 1
                } else {
                    disagree("only we refuse (\(error.line): \(error.summary))", file.bytes)
                }
            }
        } else {
            do throws(HCLError) {
                _ = try HCLDocument(parsing: file.bytes)
                disagree("only Terraform refuses (\(complaints))", file.bytes)
            } catch {
                judge(error, complaints, file)
            }
        }
        return nil
    }

    private mutating func judge(
        _ error: HCLError, _ complaints: [Terraform.Complaint], _ file: File
    ) {
        if isEncoding(error, complaints) { return tally.encoding += 1 }
        guard let first = complaints.min(by: { $0.byte < $1.byte }) else { return }
        tally.refused += 1
        if first.line != error.line {
            disagree("line \(error.line) (\(error.summary)) is not \(complaints)", file.bytes)
        }
        let isAlike = complaints.contains {
            $0.line == error.line && $0.column == error.column && $0.summary == error.summary
        }
        if isAlike { tally.refusedAlike += 1 }
    }

    private func isEncoding(_ error: HCLError, _ complaints: [Terraform.Complaint]) -> Bool {
        error.sourceLine.contains("\u{FFFD}")
            && complaints.allSatisfy { $0.byte > error.byteOffset }
    }

    // MARK: Values

    private static let reserved = [
        "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals",
    ]

    /// The files from the front of which no two set the same variable.
    private mutating func takeGroup(from candidates: inout [Candidate]) -> [Candidate] {
        var known: Set<[UInt8]> = []
        var group: [Candidate] = []
        var rest: [Candidate] = []
        for candidate in candidates {
            let names = candidate.names.map { Array($0.utf8) }
            if candidate.names.contains(where: Self.reserved.contains) {
                tally.left += 1
            } else if names.allSatisfy({ !known.contains($0) }) {
                known.formUnion(names)
                group.append(candidate)
            } else {
                rest.append(candidate)
            }
        }
        candidates = rest
        return group
    }

    private mutating func compareValues(
        of group: [Candidate], into values: inout [String: [HCLValue]]
    ) throws {
        try terraform.declare(group.map { ($0.file.name, $0.names) })
        let complaints = try terraform.complaints(about: group.map(\.file.name))
        var good: [(candidate: Candidate, document: HCLDocument)] = []
        for candidate in group {
            let complaints = complaints[candidate.file.name] ?? []
            if let document = judgeEvaluation(of: candidate, complaints) {
                good.append((candidate, document))
            }
        }
        try terraform.declare(good.map { ($0.candidate.file.name, $0.candidate.names) })
        let json = try terraform.declaredValues(from: good.map(\.candidate.file.name))
        let theirs = try HCLDocument(parsing: json, as: .json)
        for (candidate, document) in good {
            let path = HCLPath(name: candidate.file.name)
            if theirs.value(at: path)?.value == .null {
                tally.left += 1
                continue
            }
            let json = Array((theirs.value(at: path)?.value.string ?? "").utf8)
            guard
                let list = try? HCLDocument(parsing: json, as: .json)
                    .value(at: HCLPath(name: "values"))?.value.list,
                list.count == document.tree.attributes.count
            else {
                disagree("no values", candidate.file.bytes)
                continue
            }
            values[candidate.file.name] = list
            tally.accepted += 1
            for (attribute, value) in zip(document.tree.attributes, list)
            where !ValueComparison(document).isSame(attribute.value, value) {
                disagree("\(document.value(of: attribute.value)) is \(value)", candidate.file.bytes)
            }
        }
    }

    private mutating func judgeEvaluation(
        of candidate: Candidate, _ complaints: [Terraform.Complaint]
    ) -> HCLDocument? {
        let first = complaints.min { $0.byte < $1.byte }
        do throws(HCLError) {
            let document = try HCLDocument(parsing: candidate.file.bytes)
            guard let first else { return document }
            if isEvaluation(first, candidate.syntax) {
                tally.evaluation += 1
            } else {
                disagree("only Terraform refuses (\(complaints))", candidate.file.bytes)
            }
        } catch {
            guard let first else {
                disagree("only we refuse (\(error.line): \(error.summary))", candidate.file.bytes)
                return nil
            }
            if isEvaluation(first, candidate.syntax, insteadOf: error) {
                tally.evaluation += 1
            } else {
                judge(error, complaints, candidate.file)
            }
        }
        return nil
    }

    /// The complaint is about something that has to be evaluated. A reference or a call must be seen
    /// by us, but where it depends on a condition or a loop whether it is evaluated at all.
    private func isEvaluation(
        _ complaint: Terraform.Complaint, _ document: HCLDocument, insteadOf error: HCLError
    ) -> Bool {
        let isInSame = document.tree.nodes.contains {
            $0.kind == .expression && $0.range.contains(complaint.byte)
                && $0.range.contains(error.byteOffset)
        }
        return complaint.byte != error.byteOffset && isEvaluation(complaint, document)
            && (isInSame || complaint.byte < error.byteOffset)
    }

    private func isEvaluation(_ complaint: Terraform.Complaint, _ document: HCLDocument) -> Bool {
        let mustBeSeen = [
            "Variables not allowed", "Function calls not allowed", "Unknown variable",
            "Ambiguous attribute key",
        ].contains(complaint.summary)
        return document.tree.nodes.contains { node in
            guard node.kind == .expression, node.range.contains(complaint.byte) else {
                return false
            }
            let text = String(decoding: document.bytes[node.range], as: UTF8.self)
            return !mustBeSeen || ["?", "for", "%{"].contains { text.contains($0) }
        }
    }
}
