@testable import HCL

/// Our value against Terraform's, which has been evaluated and put into JSON.
struct ValueComparison {
    private let document: HCLDocument

    init(_ document: HCLDocument) { self.document = document }

    func isSame(_ node: Int, _ theirs: HCLValue) -> Bool {
        switch (document.tree.nodes[node].kind, theirs) {
        case (.expression, _): return true
        case (.list, .list(let values)):
            let elements = document.elements(of: node)
            return elements.count == values.count
                && zip(elements, values).allSatisfy { isSame($0, $1) }
        case (.object, .object(let values)): return isSame(membersOf: node, values)
        case (.number, .number(let text)):
            return Self.isSameNumber(document.source(of: node), text)
        case (_, let value): return document.value(of: node) == value
        }
    }

    private func isSame(membersOf node: Int, _ theirs: [HCLMember]) -> Bool {
        var last: [String: Int] = [:]
        var isWhole = true
        for member in document.members(of: node) {
            if let key = document.key(at: member.key) {
                last[key] = member.value
            } else {
                // From here on any key may be hidden by one that has to be evaluated.
                isWhole = false
                last = [:]
            }
        }
        if isWhole, last.count != theirs.count { return false }
        return last.allSatisfy { key, value in
            theirs.first { $0.key == key }.map { isSame(value, $0.value) } ?? false
        }
    }

    /// Equal digit by digit, as far as Terraform keeps them.
    static func isSameNumber(_ ours: String, _ theirs: String) -> Bool {
        guard let first = NumberText.canonical(ArraySlice(ours.utf8)),
            let second = NumberText.canonical(ArraySlice(theirs.utf8))
        else { return false }
        if first == second || (first == "-0" && second == "0") { return true }
        let exact = 150
        return first.count > exact && first.prefix(exact) == second.prefix(exact)
    }
}
