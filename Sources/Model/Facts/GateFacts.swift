/// A gate of the user's own: Kubernetes objects, and what must hold of them.
package struct GateRule: Sendable, Codable, Equatable {
    /// `v1`, `longhorn.io/v1beta2`.
    package var apiVersion: String
    package var kind: String
    /// Nil: all namespaces, or a kind without any.
    package var namespace: String?
    /// Nil: every object that `selector` chooses.
    package var name: String?
    /// As kubectl takes it: `app=db`; nil chooses all.
    package var selector: String?
    package var condition: Condition
    /// Where it is written: `.bump.yaml:12:5`.
    package var place: String

    package init(
        apiVersion: String, kind: String, namespace: String? = nil, name: String? = nil,
        selector: String? = nil, condition: Condition, place: String
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.condition = condition
        self.place = place
    }

    /// What must hold of each object.
    package enum Condition: Sendable, Codable, Equatable, CustomStringConvertible {
        /// `Ready`, `Ready=False`: a row of `status.conditions`.
        case status(type: String, value: String)
        /// `.status.robustness=healthy`, `.status.failures!=3`: a field.
        case field(path: [String], isEqual: Bool, value: String)

        /// Nil for anything else.
        package init?(_ text: String) {
            let isField = text.hasPrefix(".")
            let sign = isField && text.contains("!=") ? "!=" : "="
            guard let range = text.firstRange(of: sign) else {
                guard Self.isType(text) else { return nil }
                self = .status(type: text, value: "True")
                return
            }
            let left = text[..<range.lowerBound].trimming(" ")
            let right = text[range.upperBound...].trimming(" ")
            guard !right.isEmpty, !right.hasPrefix("=") else { return nil }
            if isField {
                let path = left.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
                guard path.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) else { return nil }
                self = .field(path: path.map(String.init), isEqual: sign == "=", value: right)
            } else {
                guard Self.isType(left) else { return nil }
                self = .status(type: left, value: right)
            }
        }

        /// A condition's type is a qualified name: `Ready`, `example.com/Ready`.
        private static func isType(_ text: String) -> Bool {
            text.first?.isLetter == true
                && text.allSatisfy { $0.isLetter || $0.isNumber || "-_./".contains($0) }
        }

        package var description: String {
            switch self {
            case .status(let type, "True"): type
            case .status(let type, let value): "\(type)=\(value)"
            case .field(let path, let isEqual, let value):
                "." + path.joined(separator: ".") + (isEqual ? "=" : "!=") + value
            }
        }
    }
}

/// What a gate found.
package struct GateFacts: Sendable, Codable, Equatable {
    package var rule: GateRule
    /// Empty when there is no such object.
    package var objects: Observed<[Object]>

    package init(rule: GateRule, objects: Observed<[Object]>) {
        self.rule = rule
        self.objects = objects
    }

    package struct Object: Sendable, Codable, Equatable {
        /// `namespace/name`, or the name alone.
        package var title: String
        package var holds: Bool
        /// What is there instead.
        package var found: String

        package init(title: String, holds: Bool, found: String) {
            self.title = title
            self.holds = holds
            self.found = found
        }
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        var rest = self
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
