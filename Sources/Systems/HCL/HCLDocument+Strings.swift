/// Making a list of strings into another one.
extension HCLDocument {
    /// Makes the list of strings at a path hold exactly `strings`, in that order, by the fewest
    /// removals and insertions. An element that stays keeps every byte, its comments included.
    ///
    /// What goes, goes as in `removingElement(at:)`; what comes, comes as in
    /// `inserting(_:intoListAt:at:)`. A list that holds these strings already is left as it is.
    /// Throws when there is no list at the path, or one with anything but strings in it.
    package func setting(
        _ path: HCLPath, toStrings strings: [String]
    ) throws(HCLError) -> HCLDocument {
        let changes = strings.difference(from: try self.strings(at: path))
        var document = self
        // Removals come from the end, insertions from the start: each offset is right in its turn.
        for change in changes.removals.reversed() {
            let element = HCLPath(name: path.name, steps: path.steps + [.index(change.offset)])
            document = try document.removingElement(at: element)
        }
        for change in changes.insertions {
            document = try document.inserting(
                literal(change.element), intoListAt: path, at: change.offset)
        }
        return document
    }

    private func strings(at path: HCLPath) throws(HCLError) -> [String] {
        var strings: [String] = []
        for element in elements(of: try list(at: path)) {
            guard let text = value(of: element).string else {
                throw failure(
                    "Not a list of strings",
                    "\(path)[\(strings.count)] is "
                        + "\(HCLDocument.kindName(tree.nodes[element].kind)).", at: element)
            }
            strings.append(text)
        }
        return strings
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    fileprivate var element: ChangeElement {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}
