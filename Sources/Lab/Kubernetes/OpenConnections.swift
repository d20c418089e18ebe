import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// The connections of one listener, so that all can be dropped at once.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var names: [ObjectIdentifier: String] = [:]
        var listener: (any Channel)?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Takes connections from now on.
    func open() { state.withLock { $0.isClosed = false } }

    func listen(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.listener = channel
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isClosed = state.withLock { state in
            state.channels[id] = channel
            return state.isClosed
        }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { state in
                state.channels[id] = nil
                state.names[id] = nil
            }
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// Closes what is open, and what is still to come.
    func closeAll() {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values) + [state.listener].compactMap(\.self)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Who is at the other end, as the certificate says.
    func commonName(on channel: any Channel) async -> String {
        let id = ObjectIdentifier(channel)
        if let known = state.withLock({ $0.names[id] }) { return known }
        let name = await Self.readName(on: channel)
        state.withLock { $0.names[id] = name }
        return name
    }

    private static func readName(on channel: any Channel) async -> String {
        guard let shown = try? await channel.nioSSL_peerCertificate().get(),
            let certificate = try? Certificate(derEncoded: shown.toDERBytes())
        else { return "system:anonymous" }
        for part in certificate.subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(describing: attribute.value)
            }
        }
        return "system:anonymous"
    }
}

/// A child channel that is entered into the list of connections first.
struct TrackedChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value

    var base: Base
    var connections: OpenConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        connections.add(channel)
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
