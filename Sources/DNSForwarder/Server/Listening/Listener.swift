internal import Glibc
internal import NIOCore
internal import NIOPosix

/// One address where queries are taken: its UDP sockets, its TCP socket, and the connections of that.
final class Listener: Sendable {
    let listen: ListenAddress
    private let deviceIndex: UInt32
    private let datagrams: [(socket: DatagramSocket, worker: DatagramWorker)]
    private let server: any Channel
    private let connections: QueryConnections
    private let kept: KeptSockets?

    /// Opens all sockets or none; those that the store has of before are taken instead.
    ///
    /// - Throws: ``SocketFailure``, or what NIO says.
    init(
        _ listen: ListenAddress, _ service: QueryService, workers: [DatagramWorker], group: any EventLoopGroup,
        store: (any SocketStore)? = nil
    ) async throws {
        self.listen = listen
        deviceIndex = BoundSocket.index(of: listen.device)
        let kept = store.map { KeptSockets(listen, $0) }
        self.kept = kept
        let before = await kept?.take()
        // All of before are served, however many there are: each may hold queries that wait.
        let old = (before?.datagrams ?? []).map { DatagramSocket($0, device: listen.device) }
        let stream: CInt
        let fresh: [CInt]
        do {
            let missing = max(0, workers.count - old.count)
            fresh = try BoundSocket.datagrams(listen, count: missing, joining: !old.isEmpty)
        } catch {
            if let before { _ = Glibc.close(before.stream) }
            throw error
        }
        let sockets = old + fresh.map { DatagramSocket($0, device: listen.device) }
        if let before { stream = before.stream } else { stream = try BoundSocket.stream(listen) }
        kept?.keep(datagrams: fresh)
        if before == nil { kept?.keep(stream: stream) }
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
            .withBoundSocket(stream).get()
        datagrams = sockets.enumerated().map { ($0.element, workers[$0.offset % workers.count]) }
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

    /// Takes no more queries, so that they wait in sockets that are kept; answers that are owed can still be sent.
    func pause() async {
        let server = server
        async let closed: Void? = try? server.close()
        for (socket, worker) in datagrams { await worker.release([socket]) }
        _ = await closed
    }

    /// Whether somebody who asked has no answer yet.
    var owesAnswers: Bool { connections.oweAnswers || datagrams.contains { $0.socket.owesAnswers } }

    /// Closes all sockets and connections. Those that are kept stay so.
    func close() async {
        let server = server
        async let closed: Void? = try? server.close()
        for (socket, worker) in datagrams { await worker.remove([socket]) }
        _ = await closed
        await connections.close()
    }

    /// Closes all sockets and connections for good.
    func end() async {
        await close()
        await kept?.forget()
    }
}
