import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// Sends every datagram back with QR set: what any server on SwiftNIO costs at least, and so the most that ours can do.
struct Echo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Send every datagram back: the floor of SwiftNIO.")

    @Option(help: "The port on 127.0.0.1.")
    var port: Int

    @Option(help: "Threads, each with a socket of its own.")
    var threads = System.coreCount

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let channels = try await withThrowingTaskGroup { tasks in
            for loop in group.makeIterator() {
                tasks.addTask {
                    try await DatagramBootstrap(group: loop)
                        .channelOption(ChannelOptions.socket(SocketOptionLevel(SOL_SOCKET), SO_REUSEPORT), value: 1)
                        .channelOption(.datagramVectorReadMessageCount, value: 16)
                        .channelOption(
                            .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 * 4096)
                        )
                        .channelInitializer { channel in
                            channel.pipeline.addHandler(EchoHandler())
                        }
                        .bind(host: "127.0.0.1", port: port).get()
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        print("ready")
        for channel in channels { try await channel.closeFuture.get() }
    }
}

/// Writes what was read, with the bit that makes an answer of it.
private final class EchoHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var envelope = unwrapInboundIn(data)
        if let flags = envelope.data.getInteger(at: envelope.data.readerIndex + 2, as: UInt8.self) {
            envelope.data.setInteger(flags | 0x80, at: envelope.data.readerIndex + 2)
        }
        context.write(wrapOutboundOut(envelope), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
