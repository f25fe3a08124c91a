public import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
public import Model
import NIOCore
import NIOHTTPTypesHTTP1
import NIOPosix
import NIOSSL
public import ServiceLifecycle
import Synchronization

/// The HTTP server of the API on all its listeners. The same in production and in tests.
///
/// ``init(_:services:authenticator:logger:)`` takes the sockets, so that a port in use is known before anything else is
/// done; ``run()`` answers until it is told to stop, and then lets running requests end.
public final class APIServer: ServiceLifecycle.Service, Sendable {
    private let options: ServerOptions
    private let sockets: [ListeningSocket]
    private let certificates: CertificateStore?
    private let pipeline: RequestPipeline
    private let table: ConnectionTable
    private let logger: Logger

    /// Where it listens, with the ports that the host chose.
    public var addresses: [Model.SocketAddress] {
        sockets.compactMap { if case .address(let address) = $0.place { address } else { nil } }
    }

    /// Where it answers metrics to everybody; nil: nowhere.
    public var metricsAddress: Model.SocketAddress? {
        sockets.lazy.compactMap { if case .metrics(let address) = $0.place { address } else { nil } }.first
    }

    /// The path of its unix socket; nil: it has none.
    public var socketPath: String? { options.socket?.path }

    /// Whether it speaks TLS on its addresses.
    public var isSecure: Bool { certificates != nil }

    /// Takes the sockets and reads the certificate.
    ///
    /// - Throws: ``ServerFailure``; nothing is held then.
    public convenience init(
        _ options: ServerOptions, services: APIServices, authenticator: any Authenticator, logger: Logger
    ) throws(ServerFailure) {
        try self.init(
            options, operations: Operations.all, localOperations: Operations.socket,
            metricsOperations: Operations.scrape, services: services, authenticator: authenticator, clock: HostClock(),
            logger: logger)
    }

    init(
        _ options: ServerOptions, operations: [Operation], localOperations: [Operation] = [],
        metricsOperations: [Operation] = [], services: APIServices, authenticator: any Authenticator,
        clock: any ServerClock, logger: Logger
    ) throws(ServerFailure) {
        self.options = options
        self.logger = logger
        certificates = try options.certificate.map { files throws(ServerFailure) in try CertificateStore(files) }
        var sockets: [ListeningSocket] = []
        for address in options.listen { sockets.append(try ListeningSocket.open(address)) }
        if let address = options.metricsListen {
            sockets.append(try ListeningSocket.open(address, isForMetrics: true))
        }
        if let socket = options.socket { sockets.append(try ListeningSocket.open(socket)) }
        self.sockets = sockets
        table = ConnectionTable(options.limits, trustedProxies: options.trustedProxies)
        pipeline = RequestPipeline(
            routes: RouteTable(operations), localRoutes: RouteTable(operations + localOperations),
            metricsRoutes: RouteTable(metricsOperations), services: services, authenticator: authenticator,
            clock: clock, logger: logger, limits: options.limits,
            trustedProxies: options.trustedProxies,
            adminGroup: try options.socket?.group.map { name throws(ServerFailure) in try LocalGroup.id(of: name) },
            crossOrigin: CrossOrigin(options.corsOrigins))
    }

    /// Answers until the group stops.
    ///
    /// - Throws: when a socket can't be used any more.
    public func run() async throws {
        DescriptorLimit.raise(to: options.limits.connections + options.limits.localConnections)
        // A stop that comes while the sockets are being listened on closes them, too.
        let listeners = Mutex((channels: [any Channel](), isStopping: false))
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup { group in
                for socket in sockets {
                    let listener = try await listen(on: socket)
                    let isStopping = listeners.withLock { listeners in
                        listeners.channels.append(listener.channel)
                        return listeners.isStopping
                    }
                    if isStopping { listener.channel.close(mode: .all, promise: nil) }
                    group.addTask { [self] in try await accept(from: listener) }
                }
                if let certificates {
                    group.addTask { [logger] in
                        try? await cancelWhenGracefulShutdown {
                            while true {
                                try await Task.sleep(for: .seconds(2))
                                certificates.refresh(logger)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        } onGracefulShutdown: { [self] in
            let channels = listeners.withLock { listeners in
                listeners.isStopping = true
                return listeners.channels
            }
            for channel in channels { channel.close(mode: .all, promise: nil) }
            let open = table.stop()
            for connection in open { connection.quiesce() }
            // Who has not ended by then is cut off.
            Task { [self] in
                try? await Task.sleep(for: options.limits.stopTime)
                for connection in table.open { connection.channel.close(mode: .all, promise: nil) }
            }
        }
    }

    private typealias Accepted = (http: HTTP1Channel, value: HTTP1Channel.Value)

    private func listen(on socket: ListeningSocket) async throws -> NIOAsyncChannel<Accepted?, Never> {
        guard let descriptor = socket.take() else { throw ServerFailure("the API server runs only once") }
        let isLocal = if case .path = socket.place { true } else { false }
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: ListeningSocket.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.tcp_nodelay), value: isLocal ? 0 : 1)
            .bind(descriptor) { [self] channel in begin(channel, at: socket.place) }
        return listener
    }

    /// Answers the connections of one listener until it is closed and they have ended.
    private func accept(from listener: NIOAsyncChannel<Accepted?, Never>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await accepted in connections {
                    guard let accepted else { continue }
                    group.addTask { [logger] in await accepted.http.handle(value: accepted.value, logger: logger) }
                }
            }
        }
    }

    /// Prepares a connection; nil: it was refused.
    private func begin(_ channel: any Channel, at place: ListeningSocket.Place) -> EventLoopFuture<Accepted?> {
        if case .path = place {
            return PeerCredentials.user(of: channel).flatMap { [self] user in
                begin(channel, .local(user), isSecure: false)
            }
        }
        guard let address = channel.remoteAddress.flatMap(Self.address) else {
            return channel.eventLoop.makeFailedFuture(ChannelError.unknownLocalAddress)
        }
        if case .metrics = place { return begin(channel, .scraper(address), isSecure: false) }
        return begin(channel, .remote(address), isSecure: certificates != nil)
    }

    private func begin(
        _ channel: any Channel, _ origin: Connection.Origin, isSecure: Bool
    ) -> EventLoopFuture<Accepted?> {
        guard let connection = table.admit(channel, origin, isSecure: isSecure) else {
            let lingerTime = options.limits.lingerTime
            return ConnectionRefusal.refuse(channel, isSecure: isSecure, lingerTime: lingerTime).map { nil }
        }
        if let certificates {
            do {
                if isSecure {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLServerHandler(context: certificates.context))
                }
            } catch {
                connection.setClosed()
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionHandler(connection, self.options.limits)])
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: options.limits.headerFieldSize, maxHeaderListSize: options.limits.headerSize,
            maxHeaderFieldCount: options.limits.headerCount)
        let http = HTTP1Channel(
            responder: { [pipeline] request, writer, _ in
                try await pipeline.respond(to: request, writer, over: connection)
            }, configuration: configuration)
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let operations = channel.pipeline.syncOperations
            try operations.addHandler(
                ProtocolHandler(), position: .before(operations.handler(type: HTTP1ToHTTPServerCodec.self)))
            return (http, value)
        }
    }

    private static func address(_ address: NIOCore.SocketAddress) -> IPAddress? {
        // A link-local address carries its zone.
        address.ipAddress.flatMap { IPAddress(String($0.prefix { $0 != "%" })) }
    }
}
