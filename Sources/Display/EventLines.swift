package import Model

/// Folds the events of a run into plain lines, one for each change.
///
///     18:30:12  · worker-1  drain
///     18:30:14    worker-1    2 pods left: shop/web-1, shop/web-2
///     18:30:19  ✓ worker-1  runs v1.9.4 (1 min 5 s)
///
/// What was just said is not said again, and waits whose message differs in its numbers alone are
/// heard at most every five seconds. The node's name stands in its column and is left out of the
/// sentence. A problem is named in one line; its whole text is the business of whoever ends the run.
package struct EventLines {
    private let style: Style
    private let nameWidth: Int
    private var runBegan: Double?
    private var stage: String?
    /// When each node's turn in the present stage began.
    private var nodeBegan: [NodeName: Double] = [:]
    private var steps: [String: Begun] = [:]
    private var said: [String: Said] = [:]
    /// Steps whose end was told as a proof.
    private var provenSteps: Set<String> = []

    private struct Begun {
        var time: Double
        var message: String
    }

    private struct Said {
        var time: Double
        var message: String
    }

    /// - Parameter nodes: the nodes that will appear, so that what is said of them lines up.
    package init(style: Style, nodes: [NodeName]) {
        self.style = style
        nameWidth = min(nodes.map { style.line($0.text).count }.max() ?? 0, 32)
    }

    /// The lines to print for this event, often one, sometimes none.
    package mutating func lines(for event: Event) -> [String] {
        switch event.kind {
        case .runStarted:
            // A rebuild begins anew with the credentials of the new cluster.
            guard runBegan == nil else { return [] }
            runBegan = event.time
            return [whole(event, event.message, nil, .bold)]
        case .stageStarted:
            nodeBegan = [:]
            said = [:]
            guard stage != event.message else { return [] }
            stage = event.message
            return [whole(event, event.message, nil, .bold)]
        case .stepStarted:
            if let step = event.step, steps[step] != nil { return [] }
            return [begin(event)]
        case .progress:
            return progress(event)
        case .stepDone:
            return end(event)
        case .stepSkipped:
            forget(event.step)
            return [marked(event, style.begun, .faint, event.message, .faint, tail: ": already so")]
        case .stepFailed:
            return [marked(event, style.failed, .red, reason(of: event), nil)]
        case .nodeProven:
            // The step that proved it has nothing to add.
            if let step = event.step { provenSteps.insert(step) }
            forget(event.step)
            let turn = event.node.flatMap { nodeBegan[$0] }
            return [marked(event, style.done, .green, event.message, nil, tail: span(turn, event))]
        case .nodeRolledBack:
            return [marked(event, style.failed, .yellow, event.message, nil)]
        case .runDone:
            return [last(event, "done", style.done, .green)]
        case .runStopped:
            return [last(event, "stopped", style.failed, .red)]
        case .runRefused:
            return [last(event, "refused", style.failed, .red)]
        }
    }

    private mutating func begin(_ event: Event) -> String {
        if let node = event.node, nodeBegan[node] == nil { nodeBegan[node] = event.time }
        if let step = event.step {
            steps[step] = Begun(time: event.time, message: event.message)
            said[step] = nil
        }
        return marked(event, style.begun, .faint, event.message, nil)
    }

    private mutating func progress(_ event: Event) -> [String] {
        let key = event.step ?? event.node?.text ?? ""
        if let last = said[key] {
            let isSame = last.message == event.message
            let isNear = event.time - last.time < Self.countingPause
            if isSame || (isNear && shape(last.message) == shape(event.message)) { return [] }
        }
        said[key] = Said(time: event.time, message: event.message)
        return [marked(event, " ", nil, event.message, .faint, indent: "  ")]
    }

    /// A step that ended at once with nothing more to say needs no second line.
    private mutating func end(_ event: Event) -> [String] {
        if let step = event.step, provenSteps.remove(step) != nil { return [] }
        let begun = event.step.flatMap { steps[$0] }
        forget(event.step)
        if let begun, event.message == begun.message, event.time - begun.time < 1 { return [] }
        return [
            marked(event, style.done, .green, event.message, nil, tail: span(begun?.time, event))
        ]
    }

    private mutating func forget(_ step: String?) {
        guard let step else { return }
        steps[step] = nil
        said[step] = nil
    }

    private func reason(of event: Event) -> String {
        guard let problem = event.problem, !event.message.contains(problem.summary) else {
            return event.message
        }
        let summary =
            event.node.map { Self.without(style.line($0.text), problem.summary) } ?? problem.summary
        return event.message.isEmpty ? summary : event.message + ": " + summary
    }

    private func span(_ start: Double?, _ event: Event) -> String {
        guard let start, event.time - start >= 1 else { return "" }
        return " (\(Moment.elapsed(event.time - start)))"
    }

    private func marked(
        _ event: Event, _ mark: String, _ paint: Paint?, _ message: String, _ text: Paint?,
        indent: String = "", tail: String = ""
    ) -> String {
        var words = style.line(message)
        var column = ""
        if let name = event.node.map({ style.line($0.text) }), nameWidth > 0 {
            words = Self.without(name, words)
            column = name + String(repeating: " ", count: max(nameWidth - name.count, 0)) + "  "
        }
        return Paragraph.trimmed(
            "\(time(event))  \(style.paint(mark, paint)) \(column)\(indent)"
                + style.paint(words, text) + tail)
    }

    /// The sentence without the name that stands beside it: `upgrade cp-1 to v1.9.4`,
    /// `pull the installer to cp-1`, `set kubelet of cp-1 to 1.32.2`, `cp-1 runs v1.9.4`.
    private static func without(_ name: String, _ message: String) -> String {
        if message.hasPrefix(name + " ") { return String(message.dropFirst(name.count + 1)) }
        for lead in [" to ", " on ", " of ", " "] {
            if message.hasSuffix(lead + name), !message.hasSuffix(" off " + name) {
                return String(message.dropLast(lead.count + name.count))
            }
            if let found = message.firstRange(of: lead + name + ":") {
                return message[..<found.lowerBound] + ":" + message[found.upperBound...]
            }
        }
        if let found = message.firstRange(of: " of \(name) ") {
            return message[..<found.lowerBound] + " " + message[found.upperBound...]
        }
        for tail in [" to ", " back to "] {
            guard let found = message.firstRange(of: " \(name)\(tail)"),
                !message[..<found.lowerBound].hasSuffix("waiting for")
            else { continue }
            return message[..<found.lowerBound] + tail + message[found.upperBound...]
        }
        return message
    }

    /// How the run ended. A problem is named by whoever ends the run.
    private func last(_ event: Event, _ word: String, _ mark: String, _ paint: Paint) -> String {
        let isTold = event.problem?.summary == event.message
        let words = isTold ? word : "\(word): \(event.message)"
        return whole(event, words + span(runBegan, event), mark, paint)
    }

    private func whole(
        _ event: Event, _ message: String, _ mark: String?, _ paint: Paint?
    ) -> String {
        let head = mark.map { style.paint($0, paint) + " " } ?? ""
        return "\(time(event))  \(head)"
            + style.paint(style.line(message), mark == nil ? paint : .bold)
    }

    private func time(_ event: Event) -> String {
        style.paint(Moment.clock(event.time, style), .faint)
    }

    private func shape(_ message: String) -> String {
        String(message.map { $0.isNumber ? "0" : $0 })
    }

    /// Seconds between two messages that differ in their numbers alone.
    private static let countingPause = 5.0
}
