internal import NIOCore
internal import NIOSSL

/// Hands what comes on a channel to its connection. Bound to the event loop.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: StreamConnection
    private var framing = StreamFraming()

    init(_ connection: StreamConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        while let message = framing.next() { connection.received(message) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.close(UpstreamFailure(stream: error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { connection.close(.connectionLost) }
}

extension UpstreamFailure {
    /// The failure of a connection that stood.
    init(stream error: any Error) {
        // The other side was gone without a word, as many servers do.
        if case NIOSSLError.uncleanShutdown = error {
            self = .connectionLost
        } else {
            self = Self.ofTLS(error) ?? .connectionLost
        }
    }

    /// The failure of a connection that never stood.
    init(opening error: any Error) { self = Self.ofTLS(error) ?? .unreachable("\(error)") }

    private static func ofTLS(_ error: any Error) -> UpstreamFailure? {
        error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError ? .notSecure("\(error)") : nil
    }
}
