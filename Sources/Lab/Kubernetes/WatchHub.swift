import Model
import Synchronization

/// A watch as the HTTP side runs it: lines to write, and how long at most.
package struct Watching: Sendable {
    /// JSON documents, each with its newline. Ends when the server ends the watch.
    package var lines: AsyncStream<[UInt8]>
    package var timeout: Duration
    /// Ends the lines.
    package var end: @Sendable () -> Void

    /// Ends the lines when the time is over; does nothing when the task is cancelled before.
    package func endInTime() async {
        if (try? await Task.sleep(for: timeout)) != nil { end() }
    }
}

/// Hands the changes of the store to everybody who watches.
final class WatchHub: Sendable {
    /// What one watch wants to see.
    struct Filter: Sendable {
        var view: ObjectView
        /// Nil: all namespaces.
        var namespace: String?
        var labels: LabelFilter
        var fields: FieldFilter
        var wantsBookmarks: Bool

        func selects(_ object: JSONValue) -> Bool {
            (namespace == nil || object.namespace == namespace)
                && labels.matches(object) && fields.matches(object)
        }

        /// The line for a change, nil when it is none of this watch's business. An object that
        /// stops to match is deleted for this watch, one that begins to match is added.
        func line(for change: ObjectStore.Change, now: Timestamp) -> [UInt8]? {
            guard change.key.resource == view.kind.qualifiedName else { return nil }
            let isIn = selects(change.object)
            let wasIn = change.previous.map(selects) ?? false
            switch (change.kind, wasIn, isIn) {
            case (.deleted, true, _), (.modified, true, false):
                return event("DELETED", change.object, now: now)
            case (.added, _, true), (.modified, false, true):
                return event("ADDED", change.object, now: now)
            case (.modified, true, true): return event("MODIFIED", change.object, now: now)
            default: return nil
            }
        }

        func event(_ type: String, _ object: JSONValue, now: Timestamp) -> [UInt8] {
            var view = view
            view.now = now
            return Self.line(type, view.single(object))
        }

        /// `isEndOfInitial` marks the end of what `sendInitialEvents` asked for.
        func bookmark(revision: Int64, isEndOfInitial: Bool = false) -> [UInt8] {
            var metadata: JSONValue = ["resourceVersion": .string(String(revision))]
            if isEndOfInitial {
                metadata["annotations"] = ["k8s.io/initial-events-end": "true"]
            }
            let mark: JSONValue = [
                "kind": .string(view.kind.kind), "apiVersion": .string(view.kind.apiVersion),
                "metadata": metadata,
            ]
            switch view.form {
            case .table:
                return Self.line(
                    "BOOKMARK",
                    [
                        "kind": "Table", "apiVersion": "meta.k8s.io/v1",
                        "metadata": ["resourceVersion": .string(String(revision))],
                        "columnDefinitions": [], "rows": [["cells": [], "object": mark]],
                    ])
            default: return Self.line("BOOKMARK", mark)
            }
        }

        static func line(_ type: String, _ object: JSONValue) -> [UInt8] {
            JSONText.bytes(["type": .string(type), "object": object]) + [0x0A]
        }
    }

    private struct Subscriber {
        var filter: Filter
        var lines: AsyncStream<[UInt8]>.Continuation
    }

    private let state = Mutex<(next: Int, subscribers: [Int: Subscriber])>((0, [:]))

    /// A stream that begins with `first` and goes on with what is published from now on.
    func subscribe(_ filter: Filter, first: [[UInt8]], timeout: Duration) -> Watching {
        let (stream, lines) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingOldest(Self.backlog + first.count))
        for line in first { lines.yield(line) }
        let number = state.withLock { state in
            state.next += 1
            state.subscribers[state.next] = Subscriber(filter: filter, lines: lines)
            return state.next
        }
        lines.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                _ = state.subscribers.removeValue(forKey: number)
            }
        }
        return Watching(lines: stream, timeout: timeout, end: { lines.finish() })
    }

    /// A watch that has the given line alone.
    static func ended(_ line: [UInt8]) -> Watching {
        let (stream, lines) = AsyncStream.makeStream(of: [UInt8].self)
        lines.yield(line)
        lines.finish()
        return Watching(lines: stream, timeout: .zero, end: {})
    }

    /// Gives each watch its lines. One that does not read for long is ended: its client lists anew.
    func publish(_ changes: [ObjectStore.Change], now: Timestamp) {
        guard !changes.isEmpty else { return }
        send { filter in changes.compactMap { filter.line(for: $0, now: now) } }
    }

    func bookmark(revision: Int64) {
        send { $0.wantsBookmarks ? [$0.bookmark(revision: revision)] : [] }
    }

    private func send(_ lines: (Filter) -> [[UInt8]]) {
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers {
            for line in lines(subscriber.filter) {
                if case .dropped = subscriber.lines.yield(line) { subscriber.lines.finish() }
            }
        }
    }

    /// Lines kept for a watch that does not read.
    private static let backlog = 10_000
}
