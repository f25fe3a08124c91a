internal import Model
internal import NIOCore

/// One TCP connection of a client: takes its queries as they come and answers them in the order answers are had
/// (RFC 7766 6.2.1.1). Bound to the event loop.
final class QueryStream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The most queries of a connection.
    private static let mostQueries = 100
    /// How long a connection is kept without a query.
    private static let idle = TimeAmount.seconds(10)
    /// How long is waited for the client to close when we are done.
    private static let linger = TimeAmount.seconds(2)

    private let desk: QueryDesk
    private let connections: QueryConnections
    private var source: IPAddress?
    private var account: PeerAccount?
    private var framing = StreamFraming()
    private var queries = 0
    private var pending = 0
    /// Whether the first query is still to come.
    private var isFresh = false
    /// The client sends no more.
    private var isInputClosed = false
    /// No more queries are taken: the last one was, or as many as may be.
    private var isEnding = false
    /// Our side is closed.
    private var isDone = false
    private var lastWrite: EventLoopFuture<Void>?
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?

    init(_ service: QueryService, device: String, _ connections: QueryConnections) {
        desk = QueryDesk(service, device: device)
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        desk.open()
        defer { desk.close() }
        guard let source = context.remoteAddress?.ipAddress.flatMap(IPAddress.init),
            connections.add(context.channel)
        else { return refuse(context) }
        guard let account = desk.account(of: source), account.beginConnection() else {
            connections.remove(context.channel)
            return refuse(context)
        }
        desk.note(connection: true)
        self.source = source
        self.account = account
        isFresh = true
        connections.promise()
        deadline = .now() + Self.idle
        startTimer(context)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        desk.note(connection: false)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        guard let account else { return }
        noteFirstQuery()
        self.account = nil
        account.endConnection()
        connections.remove(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        framing.append(unwrapInboundIn(data))
        takeQueries(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, !isEnding else { return }
        takeQueries(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        if isDone { return context.close(promise: nil) }
        isInputClosed = true
        takeQueries(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Takes the queries that are whole. Who doesn't read his answers is not read from either.
    private func takeQueries(_ context: ChannelHandlerContext) {
        guard let source else { return }
        desk.open()
        while queries < Self.mostQueries, context.channel.isWritable, let message = framing.next() {
            queries += 1
            deadline = .now() + Self.idle
            switch desk.take(message.span, from: source, over: .stream) {
            case .none: break
            case .answer(let bytes): write(bytes, context)
            case .later(let answer): wait(for: answer, context)
            }
        }
        desk.close()
        context.flush()
        if queries > 0 { noteFirstQuery() }
        let isAllTaken = isInputClosed && context.channel.isWritable
        if isAllTaken || queries == Self.mostQueries { isEnding = true }
        setReading(isEnding || context.channel.isWritable, context)
        endIfAnswered(context)
    }

    private func noteFirstQuery() {
        guard isFresh else { return }
        isFresh = false
        connections.settle()
    }

    private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
        context.channel.setOption(.autoRead, value: isReading).whenFailure { _ in }
    }

    private func wait(for answer: PendingAnswer, _ context: ChannelHandlerContext) {
        pending += 1
        connections.promise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        Task {
            let bytes = await answer.answer()
            loop.execute {
                let (stream, context) = bound.value
                stream.finish(bytes, context)
            }
        }
    }

    private func finish(_ bytes: [UInt8]?, _ context: ChannelHandlerContext) {
        defer { connections.settle() }
        pending -= 1
        guard account != nil else { return }
        if let bytes {
            write(bytes, context)
            context.flush()
        }
        endIfAnswered(context)
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        lastWrite = promise.futureResult
        context.write(wrapOutboundOut(StreamFraming.frame(bytes)), promise: promise)
    }

    /// Closes our side behind the last answer. What the client still sends is read and thrown away for a while, or its
    /// system would throw the answers away.
    private func endIfAnswered(_ context: ChannelHandlerContext) {
        guard isEnding, pending == 0, !isDone else { return }
        isDone = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let written = lastWrite ?? context.eventLoop.makeSucceededVoidFuture()
        written.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
        deadline = .now() + Self.linger
        timer?.cancel()
        startTimer(context)
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (stream, context) = bound.value
            stream.timeIsOver(context)
        }
    }

    private func timeIsOver(_ context: ChannelHandlerContext) {
        if pending > 0 { deadline = max(deadline, .now() + Self.linger) }
        guard deadline <= .now() else { return startTimer(context) }
        context.close(promise: nil)
    }
}
