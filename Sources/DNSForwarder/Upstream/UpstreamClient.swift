public import Logging
public import NIOCore
public import NIOPosix
public import NIOSSL

/// Asks upstreams: over UDP, TCP and TLS, with connections and knowledge of them that outlive a revision.
///
/// Whatever upstreams do, a caller gets an answer or nothing when the time of its request is over. An answer is one of
/// the upstream to exactly this question; what its sections hold is still to be sifted.
public final class UpstreamClient: Sendable {
    private let group: any EventLoopGroup
    private let pending: PendingQuestions
    private let streams: StreamPool
    private let transport: UpstreamTransport
    private let health: UpstreamHealth
    private let tally = UpstreamTally()

    /// A client; nothing is opened before something is asked.
    ///
    /// - Parameters:
    ///   - trustRoots: who may sign the certificates of upstreams; those of the system, read when first needed.
    ///   - group: where sockets live.
    ///   - logger: gets a line when an upstream fails and when it answers again, never a name that was asked for.
    public init(
        limits: UpstreamLimits = UpstreamLimits(), trustRoots: NIOSSLTrustRoots = .default,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        self.group = group
        pending = PendingQuestions(mostWaiting: limits.mostWaiting)
        health = UpstreamHealth(limits: limits, logger: logger)
        streams = StreamPool(
            group: group, security: StreamSecurity(trustRoots: trustRoots), limits: limits, tally: tally)
        let datagrams = DatagramExchange(
            group: group, mostMismatches: limits.mostMismatchesPerDatagram, tally: tally)
        transport = UpstreamTransport(datagrams: datagrams, streams: streams, tally: tally)
    }

    /// What happened since the start.
    public var counters: UpstreamCounters { tally.counters }

    /// Asks the upstreams of a request.
    ///
    /// - Returns: nil if none answered in time, at the latest when the time of the request is over; at once if too many
    ///   wait already, after ``shutdown()``, and when the caller's task is cancelled.
    public func ask(_ request: UpstreamRequest) async -> UpstreamReply? {
        tally.count(\.asked)
        let caller = pending.callerNumber()
        let reply: UpstreamReply? = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                switch pending.join(request, caller: caller, waiter, start: { start(request, $0) }) {
                case .first: break
                case .joined: tally.count(\.merged)
                case .refused:
                    tally.count(\.overflowed)
                    waiter.resume(returning: nil)
                }
                if Task.isCancelled { pending.leave(request, caller: caller) }
            }
        } onCancel: {
            pending.leave(request, caller: caller)
        }
        tally.count(reply == nil ? \.unanswered : \.answered)
        return reply
    }

    /// A task of its own, so that a caller who is cancelled doesn't take the answer from others.
    private func start(_ request: UpstreamRequest, _ number: Int) -> PendingQuestions.Asking {
        let deadline = NIODeadline.now() + TimeAmount(request.timeout)
        let round = UpstreamRound(request: request, deadline: deadline, transport: transport, health: health)
        let task = Task { [pending] in
            await round.run { pending.finish(request, number, with: $0) }
            pending.ended(request, number)
        }
        // Holds whatever the attempts do.
        let timer = group.next().scheduleTask(deadline: deadline) { [pending] in
            pending.finish(request, number, with: nil)
        }
        return PendingQuestions.Asking(task: task, timer: timer)
    }

    /// Gives up what is being asked, and closes all connections.
    public func shutdown() async {
        await pending.shutdown()
        await streams.shutdown()
    }
}
