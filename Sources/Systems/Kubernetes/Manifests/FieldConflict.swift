import Model

/// A field that somebody else manages, as the answer to a server-side apply names it.
/// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
struct FieldConflict: Sendable, Equatable {
    var manager: String
    /// `.spec.template.spec.containers[name="kube-proxy"].image`
    var field: String

    /// All conflicts of an answer; empty when it is another kind of answer.
    static func all(in answer: APIAnswer) -> [FieldConflict] {
        guard answer.code == 409 else { return [] }
        return (answer.status?.details?.causes ?? []).compactMap { cause in
            guard cause.reason == "FieldManagerConflict", let field = cause.field else {
                return nil
            }
            // conflict with "kubectl-edit" using apps/v1
            let parts = (cause.message ?? "").split(
                separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
            return FieldConflict(
                manager: parts.count == 3 ? String(parts[1]) : "somebody else", field: field)
        }
    }

    /// Managers under which Talos itself has written its manifests: its controllers and talosctl
    /// now, and by the names of their programs before they named a manager.
    var isOwn: Bool {
        ["talos", "machined", "init"].contains(manager) || manager.hasPrefix("talosctl")
    }
}

extension JSONValue {
    /// Takes out the value that a path of a conflict names. False when there is none.
    ///
    /// - Parameter field: names behind dots, which may hold dots themselves, and brackets: an
    ///   item's keys `[name="x",port=80]`, its value `[="x"]` or its place `[3]`.
    mutating func remove(field: Substring) -> Bool {
        switch field.first {
        case ".":
            guard case .object(var members) = self else { return false }
            let path = field.dropFirst()
            // The longest name first: `.metadata.annotations.a.b/c` names the key `a.b/c`.
            for name in members.keys.sorted(by: { $0.count > $1.count })
            where path.hasPrefix(name) {
                let rest = path.dropFirst(name.count)
                if rest.isEmpty {
                    members[name] = nil
                } else {
                    guard rest.first == "." || rest.first == "[",
                        var inner = members[name], inner.remove(field: rest)
                    else { continue }
                    members[name] = inner
                }
                self = .object(members)
                return true
            }
            return false
        case "[":
            guard case .array(var items) = self, let end = Self.bracketEnd(in: field) else {
                return false
            }
            let inside = field[field.index(after: field.startIndex)..<end]
            let rest = field[field.index(after: end)...]
            guard let place = Self.place(of: inside, in: items) else { return false }
            if rest.isEmpty {
                items.remove(at: place)
            } else {
                guard items[place].remove(field: rest) else { return false }
            }
            self = .array(items)
            return true
        default:
            return false
        }
    }

    /// The bracket that closes the first one; strings may hold brackets.
    private static func bracketEnd(in field: Substring) -> Substring.Index? {
        var isQuoted = false
        var isEscaped = false
        for index in field.indices {
            let character = field[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "]", !isQuoted {
                return index
            }
        }
        return nil
    }

    private static func place(of selector: Substring, in items: [JSONValue]) -> Int? {
        if let number = Int(selector) { return items.indices.contains(number) ? number : nil }
        if selector.first == "=" {
            return items.firstIndex { $0.isWritten(selector.dropFirst()) }
        }
        let pairs = selector.split(separator: ",").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        }
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
        return items.firstIndex { item in
            pairs.allSatisfy { item[String($0[0])]?.isWritten($0[1]) ?? false }
        }
    }

    private func isWritten(_ text: Substring) -> Bool {
        switch self {
        case .string(let value): text == "\"\(value)\""
        case .integer(let value): text == "\(value)"
        case .bool(let value): text == "\(value)"
        default: false
        }
    }
}
