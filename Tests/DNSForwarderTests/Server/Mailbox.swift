import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import DNSForwarder

/// What came to a client of a test.
final class Mailbox: Sendable {
    private struct State {
        var messages: [[UInt8]] = []
        var closedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    func put(_ message: [UInt8]) { state.withLock { $0.messages.append(message) } }

    func close() { state.withLock { $0.closedAt = $0.closedAt ?? .now } }

    var isClosed: Bool { closedAt != nil }

    /// When the other side closed, as the thread of the connection saw it: whoever asks later may have waited for his turn.
    var closedAt: ContinuousClock.Instant? { state.withLock { $0.closedAt } }

    /// How many messages are there that were not taken.
    var count: Int { state.withLock { $0.messages.count } }

    /// The next message; nil when none comes in 10 s, or the connection is closed.
    func next() async throws -> [UInt8]? {
        _ = try await eventually { self.count > 0 || self.isClosed }
        return state.withLock { $0.messages.isEmpty ? nil : $0.messages.removeFirst() }
    }
}

/// A client over UDP.
struct DatagramClient {
    let mailbox = Mailbox()
    private let channel: any Channel
    private let server: NIOCore.SocketAddress

    init(_ port: UInt16, from source: String = "127.0.0.1", to address: String = "127.0.0.1") async throws {
        server = try NIOCore.SocketAddress(ipAddress: address, port: Int(port))
        let mailbox = mailbox
        channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramPutter(mailbox))
                }
            }
            .bind(host: source, port: 0).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: server, data: ByteBuffer(bytes: bytes)))
    }

    func ask(_ bytes: [UInt8]) async throws -> Message {
        try await send(bytes)
        return try Message(decoding: try #require(await mailbox.next()))
    }

    func close() async { try? await channel.close() }
}

/// A client over TCP.
struct StreamClient {
    let mailbox = Mailbox()
    let channel: any Channel

    init(
        _ port: UInt16, from source: String = "127.0.0.1", to address: String = "127.0.0.1", isReading: Bool = true
    ) async throws {
        let mailbox = mailbox
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: isReading)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .bind(to: try NIOCore.SocketAddress(ipAddress: source, port: 0))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamPutter(mailbox))
                }
            }
            .connect(host: address, port: Int(port)).get()
    }

    func send(raw bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func send(_ messages: [UInt8]...) async throws {
        try await send(raw: messages.flatMap { Array(StreamFraming.frame($0).readableBytesView) })
    }

    func next() async throws -> Message? { try await mailbox.next().map { try Message(decoding: $0) } }

    func ask(_ bytes: [UInt8]) async throws -> Message {
        try await send(bytes)
        return try #require(await next())
    }

    func close() async { try? await channel.close() }
}

private final class DatagramPutter: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        mailbox.put(Array(unwrapInboundIn(data).data.readableBytesView))
    }
}

private final class StreamPutter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let mailbox: Mailbox
    private var framing = StreamFraming()

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        while let message = framing.next() { mailbox.put(message) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { mailbox.close() }
    }

    func channelInactive(context: ChannelHandlerContext) { mailbox.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
