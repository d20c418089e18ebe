import HCL

/// What is asked of one place in a variables file.
enum TfvarsEdit {
    /// The value keeps its type.
    case set(String)
    case setExpression(String)
    /// A new element, member or argument.
    case insert(String)
    case insertExpression(String)
    case remove

    var expression: String? {
        switch self {
        case .setExpression(let text), .insertExpression(let text): text
        case .set, .insert, .remove: nil
        }
    }

    var isInsertion: Bool {
        switch self {
        case .insert, .insertExpression: true
        case .set, .setExpression, .remove: false
        }
    }

    func apply(to document: HCLDocument, at path: HCLPath) throws(HCLError) -> HCLDocument {
        switch self {
        case .set(let text): try document.setting(path, to: text)
        case .setExpression(let text): try document.setting(path, toExpression: text)
        case .insert(let text): try document.inserting(document.literal(text), at: path)
        case .insertExpression(let text): try document.inserting(text, at: path)
        case .remove: try document.removingElement(at: path)
        }
    }
}
