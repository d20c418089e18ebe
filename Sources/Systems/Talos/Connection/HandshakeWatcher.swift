import NIOCore

/// Sits between TLS and HTTP/2 and says whether the other side really speaks: done with the first
/// bytes it sends over TLS (its HTTP/2 settings, which come after it accepted our certificate),
/// failed with the first error. The gRPC transport alone would report every such failure as a
/// closed channel.
final class HandshakeWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var outcome: EventLoopPromise<Void>?
    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    /// `outcome` is completed exactly once, at the latest when the handler leaves the pipeline.
    init(outcome: EventLoopPromise<Void>, limit: TimeAmount) {
        self.outcome = outcome
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: limit) {
            bound.value.finish(.failure(DialFailure.silent))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        finish(.success(()))
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error))
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(DialFailure.closed))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.failure(DialFailure.closed))
    }

    private func finish(_ result: Result<Void, any Error>) {
        timer?.cancel()
        timer = nil
        let promise = outcome
        outcome = nil
        promise?.completeWith(result)
    }
}
