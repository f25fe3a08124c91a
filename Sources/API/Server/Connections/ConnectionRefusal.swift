import NIOCore
import Synchronization

/// What a connection gets that is one too many: an answer at once, and the end.
final class ConnectionRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Refuses a connection that is not active yet. Under TLS it is only closed: an answer would need a handshake.
    ///
    /// - Parameter lingerTime: How long it is listened to, so that it can read the answer.
    static func refuse(_ channel: any Channel, isSecure: Bool, lingerTime: Duration) -> EventLoopFuture<Void> {
        if isSecure { return channel.close(mode: .all).flatMapErrorThrowing { _ in } }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ConnectionRefusal(TimeAmount(lingerTime)))
        }
    }

    private let lingerTime: TimeAmount

    private init(_ lingerTime: TimeAmount) { self.lingerTime = lingerTime }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: nil)
        guard Self.lingering.add(1, ordering: .relaxed).newValue <= Self.mostLingering else {
            context.close(promise: nil)
            return
        }
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.assumeIsolated().scheduleTask(in: lingerTime) { bound.value.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        Self.lingering.subtract(1, ordering: .relaxed)
        context.fireChannelInactive()
    }

    /// Nobody reads what it says: a close with unread bytes would take the answer away from it.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    /// How many are listened to at the same time; a flood is closed at once.
    private static let mostLingering = 256
    private static let lingering = Atomic(0)
    private static let content =
        #"{"error":"Service Unavailable","message":"too many connections; try again in a moment"}"#
    private static let answer = """
        HTTP/1.1 503 Service Unavailable\r
        Content-Type: application/json\r
        Content-Length: \(content.utf8.count)\r
        Retry-After: 1\r
        Connection: close\r
        \r
        \(content)
        """
}
