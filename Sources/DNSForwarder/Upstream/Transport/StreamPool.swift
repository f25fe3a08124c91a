internal import Model
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// The connections to upstreams over TCP and TLS, which are shared by all queries.
final class StreamPool: Sendable {
    private struct State {
        var connections: [DNSUpstream: [StreamConnection]] = [:]
        var opened = 0
        var isShutDown = false
    }

    private let group: any EventLoopGroup
    private let security: StreamSecurity
    private let limits: UpstreamLimits
    private let tally: UpstreamTally
    private let state = Mutex(State())

    init(group: any EventLoopGroup, security: StreamSecurity, limits: UpstreamLimits, tally: UpstreamTally) {
        self.group = group
        self.security = security
        self.limits = limits
        self.tally = tally
    }

    /// Asks on a connection, and once again on a newer one if that was closed before the answer.
    func ask(
        _ request: UpstreamRequest, _ upstream: DNSUpstream, deadline: NIODeadline, budget: SendBudget
    ) async -> Result<Message, UpstreamFailure> {
        let opened = state.withLock { $0.opened }
        let first = await ask(request, upstream, newerThan: 0, deadline, budget)
        guard case .failure(.connectionLost) = first, !Task.isCancelled else { return first }
        return await ask(request, upstream, newerThan: opened, deadline, budget)
    }

    private func ask(
        _ request: UpstreamRequest, _ upstream: DNSUpstream, newerThan number: Int, _ deadline: NIODeadline,
        _ budget: SendBudget
    ) async -> Result<Message, UpstreamFailure> {
        guard budget.take() else { return .failure(.exhausted) }
        guard let connection = connection(to: upstream, newerThan: number) else { return .failure(.overloaded) }
        return await connection.ask(request, deadline: deadline)
    }

    /// The first connection that isn't busy, else a new one, else the one with the fewest queries.
    private func connection(to upstream: DNSUpstream, newerThan number: Int) -> StreamConnection? {
        let now = NIODeadline.now()
        let known = state.withLock { $0.connections[upstream] ?? [] }
        // Asked outside of our lock: one that turns out to be dead takes itself off the list.
        let usable = known.compactMap { connection in
            connection.number > number ? connection.load(now: now).map { (connection, $0) } : nil
        }
        if let (connection, _) = usable.first(where: { $0.1 < limits.busyConnection }) {
            tally.count(\.connectionsReused)
            return connection
        }
        let made: (connection: StreamConnection, isNew: Bool)? = state.withLock { state in
            guard !state.isShutDown else { return nil }
            let others = state.connections[upstream] ?? []
            // Somebody else may have opened one in the meantime.
            if let latest = others.last, latest.number > (known.last?.number ?? 0), latest.number > number {
                return (latest, false)
            }
            guard others.count < limits.mostConnections else { return nil }
            state.opened += 1
            let connection = StreamConnection(
                upstream, number: state.opened, loop: group.next(), limits: limits, tally: tally
            ) { [weak self] in self?.forget($0) }
            state.connections[upstream, default: []].append(connection)
            return (connection, true)
        }
        if let made {
            if made.isNew { open(made.connection) } else { tally.count(\.connectionsReused) }
            return made.connection
        }
        guard let (connection, load) = usable.min(by: { $0.1 < $1.1 }), load < limits.mostPerConnection else {
            return nil
        }
        tally.count(\.connectionsReused)
        return connection
    }

    private func open(_ connection: StreamConnection) {
        do throws(UpstreamFailure) {
            let address = try connection.upstream.socketAddress()
            let context = connection.upstream.scheme == .tls ? try security.context() : nil
            ClientBootstrap(group: connection.loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        connection.attach(channel)
                        let pipeline = channel.pipeline.syncOperations
                        if let context {
                            let name = connection.upstream.name
                            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                        }
                        try pipeline.addHandler(StreamHandler(connection))
                    }
                }
                .connect(to: address).whenComplete { result in
                    switch result {
                    case .success(let channel): connection.connected(channel)
                    case .failure(let error): connection.close(UpstreamFailure(opening: error))
                    }
                }
        } catch {
            connection.close(error)
        }
    }

    /// No more queries on connections to this upstream that owe an answer and were silent since that time.
    func suspect(_ upstream: DNSUpstream, since start: NIODeadline) {
        for connection in state.withLock({ $0.connections[upstream] ?? [] }) {
            connection.retire(ifSilentSince: start)
        }
    }

    private func forget(_ connection: StreamConnection) {
        state.withLock { state in
            state.connections[connection.upstream]?.removeAll { $0 === connection }
            if state.connections[connection.upstream]?.isEmpty == true { state.connections[connection.upstream] = nil }
        }
    }

    /// Closes all connections and opens no more.
    func shutdown() async {
        let connections = state.withLock { state in
            state.isShutDown = true
            return state.connections.values.flatMap { $0 }
        }
        for connection in connections { connection.close(.cancelled) }
        for connection in connections { await connection.waitUntilClosed() }
    }
}
