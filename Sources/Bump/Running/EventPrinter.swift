import Display
import Foundation
import Model
import Synchronization

/// Prints the events of a run and keeps them beside the journal.
final class EventPrinter: Sendable {
    private let output: Output
    private let json: Bool
    private let file: String
    private let state: Mutex<EventLines>

    /// - Parameter file: where every event is kept, one JSON object a line, mode 0600.
    init(output: Output, json: Bool, plan: Plan, file: String) {
        self.output = output
        self.json = json
        self.file = file
        state = Mutex(
            EventLines(style: output.style, nodes: plan.nodes.map(\.node.name)))
    }

    /// From any task; the lines of one event stay together.
    func print(_ event: Event) {
        state.withLock { lines in
            keep(event)
            if json {
                output.data([EventJSON.line(event)])
            } else {
                output.talk(lines.lines(for: event))
            }
        }
    }

    private func keep(_ event: Event) {
        if !FileManager.default.fileExists(atPath: file) {
            _ = FileManager.default.createFile(
                atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let handle = FileHandle(forWritingAtPath: file) else { return }
        defer { try? handle.close() }
        _ = try? handle.seekToEnd()
        try? handle.write(contentsOf: Data((EventJSON.line(event) + "\n").utf8))
    }
}
