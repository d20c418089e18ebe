import GRPCCore
import Model
import SwiftProtobuf
import Synchronization
import TalosAPI

/// One request to many nodes (`nodes` metadata): the answers are merged, each element names its
/// target, and a node that fails becomes an element with an error.
///
/// All answers of MachineService have the same outline (`messages` = 1, in it `metadata` = 1; for
/// streams the element itself has `metadata` = 1), so that the merging is done on that outline and
/// every other field travels as unknown.
struct FanOut {
    var targets: [String]
    var isStream: Bool

    /// Performs the call once for each target and joins what comes back.
    func run<Input: Sendable, Output: Sendable>(
        _ request: StreamingServerRequest<Input>,
        perform: (String, StreamingServerRequest<Input>) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let message = try await ServerRequest(stream: request)
        var answers: [Answer<Output>] = []
        for target in targets {
            do {
                let response = try await perform(target, StreamingServerRequest(single: message))
                answers.append(Answer(target: target, outcome: response.accepted))
            } catch let error as RPCError {
                answers.append(Answer(target: target, outcome: .failure(error)))
            }
        }
        let isStream = isStream
        return StreamingServerResponse(metadata: [:]) { [answers] writer in
            if isStream {
                try await Self.interleave(answers, into: writer)
            } else {
                try await writer.write(try await Self.merge(answers))
            }
            return [:]
        }
    }

    private struct Answer<Output: Sendable>: Sendable {
        var target: String
        var outcome: Result<StreamingServerResponse<Output>.Contents, RPCError>
    }

    private static func merge<Output: Sendable>(_ answers: [Answer<Output>]) async throws -> Output
    {
        var merged = Common_EmptyResponse()
        for answer in answers {
            let catcher = Catcher<Output>()
            do {
                let contents = try answer.outcome.get()
                _ = try await contents.producer(RPCWriter(wrapping: catcher))
            } catch let error as RPCError {
                merged.messages.append(failure(error, at: answer.target))
            }
            for caught in catcher.caught {
                guard let caught = caught as? any SwiftProtobuf.Message else { continue }
                var part = try Common_EmptyResponse(
                    serializedBytes: try caught.serializedBytes() as [UInt8])
                for index in part.messages.indices {
                    part.messages[index].metadata.hostname = answer.target
                }
                merged.messages += part.messages
            }
        }
        return try rebuild(merged)
    }

    private static func interleave<Output: Sendable>(
        _ answers: [Answer<Output>], into writer: RPCWriter<Output>
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for answer in answers {
                group.addTask {
                    do {
                        let contents = try answer.outcome.get()
                        _ = try await contents.producer(
                            RPCWriter(wrapping: Labeller(target: answer.target, writer: writer)))
                    } catch let error as RPCError {
                        try await writer.write(rebuild(failure(error, at: answer.target)))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func failure(_ error: RPCError, at target: String) -> Common_Empty {
        var element = Common_Empty()
        element.metadata.hostname = target
        element.metadata.error =
            "rpc error: code = \(error.code) desc = \(error.message)"
        element.metadata.status.code = Int32(error.code.rawValue)
        element.metadata.status.message = error.message
        return element
    }

    fileprivate static func rebuild<Output>(
        _ message: any SwiftProtobuf.Message
    ) throws -> Output {
        guard let type = Output.self as? any SwiftProtobuf.Message.Type,
            let built = try type.init(
                serializedBytes: try message.serializedBytes() as [UInt8]) as? Output
        else { throw RPCError(code: .internalError, message: "the answers cannot be merged") }
        return built
    }
}

/// Keeps what a producer writes.
private final class Catcher<Element: Sendable>: RPCWriterProtocol {
    private let elements = Mutex<[Element]>([])

    var caught: [Element] { elements.withLock { $0 } }

    func write(_ element: Element) async throws {
        elements.withLock { $0.append(element) }
    }

    func write(contentsOf elements: some Sequence<Element>) async throws {
        for element in elements { try await write(element) }
    }
}

/// Puts the target's name into each element of a stream.
private struct Labeller<Element: Sendable>: RPCWriterProtocol {
    var target: String
    var writer: RPCWriter<Element>

    func write(_ element: Element) async throws {
        guard let message = element as? any SwiftProtobuf.Message else { return }
        var outline = try Common_Empty(serializedBytes: try message.serializedBytes() as [UInt8])
        outline.metadata.hostname = target
        try await writer.write(FanOut.rebuild(outline))
    }

    func write(contentsOf elements: some Sequence<Element>) async throws {
        for element in elements { try await write(element) }
    }
}
