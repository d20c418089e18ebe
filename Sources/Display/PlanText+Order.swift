import Model

extension PlanText {
    /// The stages with what happens in each, numbered. Stages of one title that follow each other
    /// are batches of one thing and are told together.
    var order: [String] {
        guard !plan.stages.isEmpty else { return [] }
        var groups: [[Stage]] = []
        for stage in plan.stages {
            if let last = groups.indices.last, groups[last].first?.title == stage.title {
                groups[last].append(stage)
            } else {
                groups.append([stage])
            }
        }
        return [heading("What happens, in this order")]
            + groups.enumerated().flatMap { index, stages in
                StageText(stages: stages, style: style).lines(number: index + 1)
            }
    }
}

/// Stages that belong together, told as briefly as they allow: nodes that are treated alike share
/// a line.
struct StageText {
    let stages: [Stage]
    let style: Style

    /// Whether anything in the stage takes pods or a machine away.
    static func disturbs(_ stage: Stage) -> Bool {
        stage.lanes.joined().contains { Words.disturbs($0.action) }
    }

    func lines(number: Int) -> [String] {
        let title = style.line((stages.first?.title ?? "") + pace)
        let margin = "\(number)".count + 4
        var lines = ["  \(number). " + title]
        for item in folded {
            lines += Paragraph.lines(item, indent: margin, style: style)
        }
        if let gates {
            lines += Paragraph.lines(
                gates, label: "each waits until", paint: .faint, indent: margin, style: style)
        }
        return lines
    }

    /// What one node, or the cluster, goes through.
    private struct Item: Equatable {
        var node: NodeName?
        var deeds: [String]
    }

    private var pace: String {
        let nodes = Set(stages.flatMap(\.lanes).joined().compactMap(\.node))
        guard nodes.count > 1 else { return "" }
        let widest = stages.map(\.lanes.count).max() ?? 1
        if widest == 1 { return ", one at a time" }
        return stages.count == 1 ? ", side by side" : ", \(widest) at a time"
    }

    private var folded: [String] {
        var lines: [String] = []
        var pending: (nodes: [String], deeds: [String]) = ([], [])
        func flush() {
            guard !pending.deeds.isEmpty else { return }
            let deeds = pending.deeds.joined(separator: pending.nodes.isEmpty ? "; " : ", ")
            lines.append(
                pending.nodes.isEmpty ? deeds : "\(Paragraph.list(pending.nodes)): \(deeds)")
            pending = ([], [])
        }
        for item in items {
            if let node = item.node, !pending.nodes.isEmpty, pending.deeds == item.deeds {
                pending.nodes.append(node.text)
            } else {
                flush()
                pending = (item.node.map { [$0.text] } ?? [], item.deeds)
            }
        }
        flush()
        return lines
    }

    private var items: [Item] {
        stages.flatMap { stage in stage.lanes.flatMap(items(of:)) }
    }

    private func items(of lane: [Step]) -> [Item] {
        var items: [Item] = []
        for step in lane {
            let deed = step.node == nil ? step.title : Words.deed(step)
            if let last = items.indices.last, items[last].node == step.node {
                items[last].deeds.append(deed)
            } else {
                items.append(Item(node: step.node, deeds: [deed]))
            }
        }
        return items
    }

    /// What is asked before a node is touched.
    private var gates: String? {
        let steps = stages.flatMap(\.lanes).joined().filter { $0.node != nil }
        var phrases: [String] = []
        for gate in steps.flatMap(\.gates) {
            let phrase = Words.condition(gate)
            if !phrases.contains(phrase) { phrases.append(phrase) }
        }
        guard let last = phrases.last else { return nil }
        let others = phrases.dropLast().joined(separator: ", ")
        return others.isEmpty ? last : "\(others) and \(last)"
    }
}
