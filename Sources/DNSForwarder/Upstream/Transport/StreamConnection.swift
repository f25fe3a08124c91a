internal import Model
internal import NIOCore
internal import Synchronization

/// One connection to an upstream with the queries that are under way on it, which may be answered in any order.
///
/// Queries are taken from the start and sent when the connection stands, over TLS when the certificate is verified.
final class StreamConnection: Sendable {
    private struct State {
        var channel: (any Channel)?
        var isConnected = false
        var queries: StreamQueries
        var unsent: [StreamQueries.Ticket] = []
        /// It gets no more queries, and is closed behind the last one.
        var isRetired = false
        var isClosed = false
        var mismatches = 0
        var idleTimer: Scheduled<Void>?
    }

    /// What is done when the lock is free again.
    private enum Action {
        case none
        case send(any Channel, ByteBuffer)
        case close
    }

    let upstream: DNSUpstream
    /// A number that grows with each connection.
    let number: Int
    let loop: any EventLoop
    private let limits: UpstreamLimits
    private let tally: UpstreamTally
    private let onClose: @Sendable (StreamConnection) -> Void
    private let state: Mutex<State>
    private let closed: EventLoopPromise<Void>

    init(
        _ upstream: DNSUpstream, number: Int, loop: any EventLoop, limits: UpstreamLimits, tally: UpstreamTally,
        onClose: @escaping @Sendable (StreamConnection) -> Void
    ) {
        self.upstream = upstream
        self.number = number
        self.loop = loop
        self.limits = limits
        self.tally = tally
        self.onClose = onClose
        state = Mutex(State(queries: StreamQueries()))
        closed = loop.makePromise()
    }

    /// The number of queries under way; nil if it takes no more.
    func load(now: NIODeadline) -> Int? {
        let (load, action): (Int?, Action) = state.withLock { state in
            let silence = state.queries.silentSince.map { now - $0 } ?? .zero
            if silence > TimeAmount(limits.silence) { state.isRetired = true }
            guard state.isRetired || state.isClosed else { return (state.queries.count, .none) }
            return (nil, state.queries.isEmpty ? .close : .none)
        }
        perform(action)
        return load
    }

    /// Sends a query, and waits for the answer until the task is cancelled.
    func ask(_ request: UpstreamRequest, deadline: NIODeadline) async -> Result<Message, UpstreamFailure> {
        let ticket = Mutex<StreamQueries.Ticket?>(nil)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                guard let taken = begin(request, waiter) else {
                    return waiter.resume(returning: .failure(.connectionLost))
                }
                ticket.withLock { $0 = taken }
                if Task.isCancelled { leave(taken, deadline) }
            }
        } onCancel: {
            if let taken = ticket.withLock({ $0 }) { leave(taken, deadline) }
        }
    }

    private func begin(_ request: UpstreamRequest, _ waiter: StreamQueries.Waiter) -> StreamQueries.Ticket? {
        let now = NIODeadline.now()
        let (ticket, action): (StreamQueries.Ticket?, Action) = state.withLock { state in
            guard !state.isRetired, !state.isClosed, state.queries.count < limits.mostPerConnection else {
                return (nil, .none)
            }
            state.idleTimer?.cancel()
            state.idleTimer = nil
            let (ticket, query) = state.queries.add(request, waiter, now: now)
            guard state.isConnected, let channel = state.channel else {
                state.unsent.append(ticket)
                return (ticket, .none)
            }
            return (ticket, .send(channel, StreamFraming.frame(query.bytes)))
        }
        perform(action)
        return ticket
    }

    /// Gives a query up. When its time is over, the connection is not used again: it may be half-open.
    private func leave(_ ticket: StreamQueries.Ticket, _ deadline: NIODeadline) {
        let isOver = NIODeadline.now() >= deadline
        let (waiter, action): (StreamQueries.Waiter?, Action) = state.withLock { state in
            guard let waiter = state.queries.giveUp(ticket) else { return (nil, .none) }
            if isOver { state.isRetired = true }
            return (waiter, settle(&state))
        }
        perform(action)
        waiter?.resume(returning: .failure(isOver ? .timedOut : .cancelled))
    }

    /// What follows when a query is done.
    private func settle(_ state: inout State) -> Action {
        guard state.queries.isEmpty, !state.isClosed else { return .none }
        if state.isRetired { return .close }
        state.idleTimer?.cancel()
        state.idleTimer = loop.scheduleTask(in: TimeAmount(limits.idle)) { [weak self] in self?.closeIfUnused() }
        return .none
    }

    private func closeIfUnused() {
        let action: Action = state.withLock { state in
            guard state.queries.isEmpty else { return .none }
            state.isRetired = true
            return .close
        }
        perform(action)
    }

    /// No more queries, if nothing came since that time though an answer is owed.
    func retire(ifSilentSince start: NIODeadline) {
        let action: Action = state.withLock { state in
            let isSilent = state.queries.lastHeard.map { $0 < start } ?? true
            guard state.queries.silentSince != nil, isSilent else { return .none }
            state.isRetired = true
            return state.queries.isEmpty ? .close : .none
        }
        perform(action)
    }

    /// The channel is there, but not connected yet.
    func attach(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.channel = channel }
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// The connection stands: what was waiting is sent. Over TLS, what is written waits for the handshake.
    func connected(_ channel: any Channel) {
        let frames: [ByteBuffer]? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isConnected = true
            defer { state.unsent = [] }
            return state.unsent.compactMap { state.queries.query($0).map { StreamFraming.frame($0.bytes) } }
        }
        tally.count(\.connectionsOpened)
        guard let frames else { return channel.close(promise: nil) }
        tally.count(\.sent, frames.count)
        for frame in frames { channel.write(frame, promise: nil) }
        channel.flush()
    }

    /// A message came.
    func received(_ bytes: [UInt8]) {
        let (match, action): (StreamQueries.Match, Action) = state.withLock { state in
            let match = state.queries.match(bytes, now: .now())
            switch match {
            case .answer: return (match, settle(&state))
            case .late: return (match, .none)
            case .mismatch:
                state.mismatches += 1
                return (match, state.mismatches > limits.mostMismatchesPerConnection ? .close : .none)
            }
        }
        switch match {
        case .answer(let message, let waiter): waiter.resume(returning: .success(message))
        case .late: break
        case .mismatch: tally.count(\.mismatched)
        }
        perform(action)
    }

    /// Closes the connection; what is under way on it fails.
    func close(_ failure: UpstreamFailure) {
        let taken: (waiters: [StreamQueries.Waiter], channel: (any Channel)?)? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            state.idleTimer?.cancel()
            defer { state.channel = nil }
            return (state.queries.removeAll(), state.channel)
        }
        guard let taken else { return }
        // First it is forgotten, so that who is told here finds another one.
        onClose(self)
        for waiter in taken.waiters { waiter.resume(returning: .failure(failure)) }
        guard let channel = taken.channel else { return closed.succeed() }
        channel.close(promise: nil)
        closed.completeWith(channel.closeFuture)
    }

    /// Waits until the connection is closed.
    func waitUntilClosed() async { try? await closed.futureResult.get() }

    private func perform(_ action: Action) {
        switch action {
        case .none: break
        case .close: close(.connectionLost)
        case .send(let channel, let frame):
            tally.count(\.sent)
            channel.writeAndFlush(frame, promise: nil)
        }
    }
}
