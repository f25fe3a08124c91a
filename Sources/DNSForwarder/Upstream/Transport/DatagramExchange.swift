internal import Model
internal import NIOCore
internal import NIOPosix

/// Asks over UDP: each query from a socket of its own, so that its port is as random as the kernel makes it, and that
/// is connected, so that the kernel drops what comes from any other address or port.
struct DatagramExchange: Sendable {
    /// What came of a query.
    enum Outcome: Sendable {
        case answer(Message)
        /// To be asked again over TCP: cut, or not to be trusted.
        case streamNeeded
    }

    let group: any EventLoopGroup
    let mostMismatches: Int
    let tally: UpstreamTally

    func ask(
        _ request: UpstreamRequest, _ upstream: DNSUpstream, deadline: NIODeadline
    ) async -> Result<Outcome, UpstreamFailure> {
        let loop = group.next()
        let promise = loop.makePromise(of: Outcome.self)
        do {
            let address = try upstream.socketAddress()
            var generator = SystemRandomNumberGenerator()
            let query = OutgoingQuery(datagram: request, using: &generator)
            let channel = try await DatagramBootstrap(group: loop)
                // An upstream that minds our payload size stays far below this.
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .channelInitializer { [mostMismatches, tally] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            DatagramHandler(query, address, promise, mostMismatches: mostMismatches, tally: tally))
                    }
                }
                .connect(to: address).get()
            let outcome = try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
            return .success(outcome)
        } catch {
            promise.fail(error)
            if Task.isCancelled { return .failure(NIODeadline.now() < deadline ? .cancelled : .timedOut) }
            return .failure(error as? UpstreamFailure ?? .unreachable("\(error)"))
        }
    }
}

/// Sends one query when its socket is connected, and closes it when the answer is there. Bound to the event loop.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let query: OutgoingQuery
    private let address: NIOCore.SocketAddress
    private let promise: EventLoopPromise<DatagramExchange.Outcome>
    private let mostMismatches: Int
    private let tally: UpstreamTally
    private var mismatches = 0

    init(
        _ query: OutgoingQuery, _ address: NIOCore.SocketAddress, _ promise: EventLoopPromise<DatagramExchange.Outcome>,
        mostMismatches: Int, tally: UpstreamTally
    ) {
        self.query = query
        self.address = address
        self.promise = promise
        self.mostMismatches = mostMismatches
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) {
        tally.count(\.sent)
        let envelope = AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: query.bytes))
        context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch query.verdict(on: Array(unwrapInboundIn(data).data.readableBytesView)) {
        case .answer(let message): end(context, .success(.answer(message)))
        case .truncated: end(context, .success(.streamNeeded))
        case .otherSpelling:
            tally.count(\.mismatched)
            end(context, .success(.streamNeeded))
        case .mismatch:
            tally.count(\.mismatched)
            mismatches += 1
            if mismatches >= mostMismatches { end(context, .success(.streamNeeded)) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .failure(UpstreamFailure.unreachable("\(error)")))
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(UpstreamFailure.cancelled) }

    func handlerRemoved(context: ChannelHandlerContext) { promise.fail(UpstreamFailure.cancelled) }

    private func end(_ context: ChannelHandlerContext, _ result: Result<DatagramExchange.Outcome, any Error>) {
        promise.completeWith(result)
        context.close(promise: nil)
    }
}
