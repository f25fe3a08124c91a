import DNSPolicy
import Model
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import DNSForwarder

/// A server on 127.0.0.1 that does what a test tells it to, on one port over UDP and TCP or over TLS.
final class RogueUpstream: Sendable {
    /// A query that came.
    struct Query: Sendable {
        /// Over UDP its sender's port, over streams the number of the connection.
        let source: Int
        let isDatagram: Bool
        /// How many came before it in the same way.
        let number: Int
        let message: Message
    }

    /// What the server does.
    enum Step: Sendable {
        case send([UInt8])
        case later(TimeAmount, [UInt8])
        /// As a datagram, to where an earlier one came from.
        case answer(Query, [UInt8])
        /// On a stream, octets without a length in front.
        case raw([UInt8])
        case close
    }

    typealias Script = @Sendable (Query) -> [Step]

    private struct Log {
        var queries: [Query] = []
        /// Of datagrams and on streams.
        var counts = [0, 0]
        var connections = 0
        var closed = 0
        var streamOctets: [UInt8] = []
    }

    let port: UInt16
    private let channels: [any Channel]
    private let log: Recorder

    /// Everything the handlers write down.
    final class Recorder: Sendable {
        private let log = Mutex(Log())
        let script: Script

        init(_ script: @escaping Script) { self.script = script }

        func steps(for bytes: [UInt8], source: Int, isDatagram: Bool) -> [Step] {
            guard let message = try? Message(decoding: bytes) else { return [] }
            let query = log.withLock { log in
                let number = log.counts[isDatagram ? 0 : 1]
                log.counts[isDatagram ? 0 : 1] += 1
                let query = Query(source: source, isDatagram: isDatagram, number: number, message: message)
                log.queries.append(query)
                return query
            }
            return script(query)
        }

        func connected() -> Int {
            log.withLock { log in
                log.connections += 1
                return log.connections
            }
        }

        func disconnected() { log.withLock { $0.closed += 1 } }

        func came(_ bytes: ByteBufferView) { log.withLock { $0.streamOctets += bytes } }

        var queries: [Query] { log.withLock { $0.queries } }
        var connections: Int { log.withLock { $0.connections } }
        var openConnections: Int { log.withLock { $0.connections - $0.closed } }
        var streamOctets: [UInt8] { log.withLock { $0.streamOctets } }
    }

    /// Starts a server.
    ///
    /// - Parameter certificate: for TLS; without it the port is for UDP and TCP.
    init(_ certificate: TestCertificates.Leaf? = nil, _ script: @escaping Script) async throws {
        let log = Recorder(script)
        self.log = log
        let group = MultiThreadedEventLoopGroup.singleton
        let context = try certificate.map { leaf in
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(leaf.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: leaf.key, format: .pem)))
            configuration.applicationProtocols = ["dot"]
            return try NIOSSLContext(configuration: configuration)
        }
        var attempt = 0
        while true {
            let datagrams = try await DatagramBootstrap(group: group)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2048))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(RogueDatagrams(log))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let port = datagrams.localAddress?.port ?? 0
            do {
                let streams = try await ServerBootstrap(group: group)
                    .serverChannelOption(.backlog, value: 256)
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            let pipeline = channel.pipeline.syncOperations
                            try pipeline.addHandler(RogueOctets(log))
                            if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                            try pipeline.addHandler(RogueStream(log))
                        }
                    }
                    .bind(host: "127.0.0.1", port: port).get()
                self.port = UInt16(port)
                channels = [datagrams, streams]
                return
            } catch {
                // Somebody else has this port over TCP.
                try await datagrams.close()
                attempt += 1
                if attempt > 20 { throw error }
            }
        }
    }

    var queries: [Query] { log.queries }
    var datagrams: [Query] { log.queries.filter(\.isDatagram) }
    var streamed: [Query] { log.queries.filter { !$0.isDatagram } }
    var connections: Int { log.connections }
    var openConnections: Int { log.openConnections }
    var streamOctets: [UInt8] { log.streamOctets }

    /// Sends a datagram that nobody asked for.
    func datagram(to port: UInt16, _ bytes: [UInt8]) {
        guard let address = try? NIOCore.SocketAddress(ipAddress: "127.0.0.1", port: Int(port)) else { return }
        let envelope = AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes))
        channels[0].writeAndFlush(envelope, promise: nil)
    }

    func stop() async { for channel in channels { try? await channel.close() } }

    private static let loopback = IPAddress(v4: 0x7F00_0001)

    var udp: DNSUpstream { DNSUpstream(udp: Self.loopback, port: port) }
    var tcp: DNSUpstream { DNSUpstream(tcp: Self.loopback, port: port) }
    func tls(_ name: String = "dns.test") -> DNSUpstream { DNSUpstream(tls: Self.loopback, port: port, name: name) }
}
