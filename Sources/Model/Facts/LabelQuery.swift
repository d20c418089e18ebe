/// `matchLabels` and `matchExpressions`, also those of a node affinity. An empty one selects
/// everything.
package struct LabelQuery: Sendable, Codable, Equatable {
    package var labels: [String: String]
    package var rows: [Row]

    package init(_ labels: [String: String] = [:], rows: [Row] = []) {
        self.labels = labels
        self.rows = rows
    }

    package func selects(_ labels: [String: String]) -> Bool {
        self.labels.allSatisfy { labels[$0.key] == $0.value }
            && rows.allSatisfy { $0.holds(for: labels) }
    }

    package struct Row: Sendable, Codable, Equatable {
        package var key: String
        /// `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`; anything else never holds.
        package var relation: String
        package var values: [String]

        package init(key: String, relation: String, values: [String] = []) {
            self.key = key
            self.relation = relation
            self.values = values
        }

        func holds(for labels: [String: String]) -> Bool {
            let value = labels[key]
            switch relation {
            case "In": return value.map(values.contains) ?? false
            case "NotIn": return !(value.map(values.contains) ?? false)
            case "Exists": return value != nil
            case "DoesNotExist": return value == nil
            case "Gt", "Lt":
                guard let mine = value.flatMap({ Int64($0) }),
                    let bound = values.first.flatMap({ Int64($0) })
                else { return false }
                return relation == "Gt" ? mine > bound : mine < bound
            default: return false
            }
        }
    }
}
