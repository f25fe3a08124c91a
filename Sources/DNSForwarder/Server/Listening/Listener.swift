internal import NIOCore
internal import NIOPosix

/// One address where queries are taken: its UDP sockets, its TCP socket, and the connections of that.
final class Listener: Sendable {
    let listen: ListenAddress
    private let deviceIndex: UInt32
    private let datagrams: [(socket: DatagramSocket, worker: DatagramWorker)]
    private let server: any Channel
    private let connections: QueryConnections

    /// Opens all sockets or none.
    ///
    /// - Throws: ``SocketFailure``, or what NIO says.
    init(
        _ listen: ListenAddress, _ service: QueryService, workers: [DatagramWorker], group: any EventLoopGroup
    ) async throws {
        self.listen = listen
        deviceIndex = BoundSocket.index(of: listen.device)
        let sockets = try BoundSocket.datagrams(listen, count: workers.count).map {
            DatagramSocket($0, device: listen.device)
        }
        // What is open so far closes itself if the rest fails.
        let connections = QueryConnections()
        self.connections = connections
        server = try await ServerBootstrap(group: group)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        QueryStream(service, device: listen.device, connections))
                }
            }
            .withBoundSocket(try BoundSocket.stream(listen)).get()
        datagrams = Array(zip(sockets, workers)).map { ($0, $1) }
        for (socket, worker) in datagrams { worker.add(socket) }
    }

    /// Looks whether queries still come in: all sockets sound, and device and address those they were bound to.
    ///
    /// - Throws: ``SocketFailure`` if the address is not there now.
    func isSound() throws(SocketFailure) -> Bool {
        guard BoundSocket.index(of: listen.device) == deviceIndex, server.isActive,
            !datagrams.contains(where: { $0.socket.isBroken })
        else { return false }
        try BoundSocket.probe(listen)
        return true
    }

    /// Closes all sockets and connections.
    func close() async {
        let server = server
        async let closed: Void? = try? server.close()
        for (socket, worker) in datagrams { await worker.remove([socket]) }
        _ = await closed
        await connections.close()
    }
}
