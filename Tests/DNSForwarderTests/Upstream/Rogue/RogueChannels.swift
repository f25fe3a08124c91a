import NIOCore

@testable import DNSForwarder

/// The datagrams of a rogue upstream.
final class RogueDatagrams: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let log: RogueUpstream.Recorder

    init(_ log: RogueUpstream.Recorder) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let sender = envelope.remoteAddress
        let channel = context.channel
        @Sendable func send(_ bytes: [UInt8], to port: Int? = nil) {
            var receiver = sender
            if let port { receiver.port = port }
            channel.writeAndFlush(
                AddressedEnvelope(remoteAddress: receiver, data: ByteBuffer(bytes: bytes)), promise: nil)
        }
        let steps = log.steps(
            for: Array(envelope.data.readableBytesView), source: sender.port ?? 0, isDatagram: true)
        for step in steps {
            switch step {
            case .send(let bytes), .raw(let bytes): send(bytes)
            case .later(let time, let bytes): channel.eventLoop.scheduleTask(in: time) { send(bytes) }
            case .answer(let earlier, let bytes): send(bytes, to: earlier.source)
            case .close: break
            }
        }
    }
}

/// What comes on a connection before anything is made of it.
final class RogueOctets: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let log: RogueUpstream.Recorder

    init(_ log: RogueUpstream.Recorder) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        log.came(unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
    }
}

/// A connection to a rogue upstream.
final class RogueStream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let log: RogueUpstream.Recorder
    private var framing = StreamFraming()
    private var number = 0

    init(_ log: RogueUpstream.Recorder) { self.log = log }

    func channelActive(context: ChannelHandlerContext) {
        number = log.connected()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) { log.disconnected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        let channel = context.channel
        while let message = framing.next() {
            for step in log.steps(for: message, source: number, isDatagram: false) {
                switch step {
                case .send(let bytes): channel.writeAndFlush(StreamFraming.frame(bytes), promise: nil)
                case .raw(let bytes): channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
                case .later(let time, let bytes):
                    channel.eventLoop.scheduleTask(in: time) {
                        channel.writeAndFlush(StreamFraming.frame(bytes), promise: nil)
                    }
                case .answer: break
                case .close: channel.close(promise: nil)
                }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
