public import Logging
public import Model
public import Netlink

/// Watches what forwarded flows move, in the network namespace of the thread that makes it. Needs `CAP_NET_ADMIN`.
///
/// The kernel tells of flows that end as they do; of the others a list is read at intervals. Nothing is asked for until the
/// peers are known: what flows then is what flowed before.
public final class FlowWatch: Sendable {
    private let loop: FlowLoop

    /// Opens the sockets. Throws `NetlinkError.system`.
    ///
    /// - Parameters:
    ///   - interval: the time between two lists, at least a second.
    ///   - places: where an address is; called on a thread of the watch, for each flow that moved.
    public init(
        interval: Duration, clock: any WallClock, logger: Logger,
        places: @escaping @Sendable (IPAddress) -> Place
    ) throws(NetlinkError) {
        loop = try FlowLoop(interval: interval, clock: clock, logger: logger, ledger: FlowLedger(place: places))
        loop.start()
    }

    deinit { loop.stop() }

    /// Tells whose the addresses are from now on.
    public func update(peers: FlowPeers) { loop.change { $0.peers = peers } }

    /// Changes the time between two lists, at least a second.
    public func update(interval: Duration) { loop.change { $0.interval = max(interval, .seconds(1)) } }

    /// Hands over samples, oldest first, until the task is cancelled; then the last one, with what moved until then.
    ///
    /// Call it once. While `deliver` takes its time, what moves is added up.
    public func run(_ deliver: (FlowSample) async -> Void) async {
        for await _ in loop.wakes {
            while let sample = loop.next() { await deliver(sample) }
        }
        loop.stop()
        await loop.end()
        while let sample = loop.next() { await deliver(sample) }
    }

    /// How it goes.
    public var status: TelemetryStatus.Flows { loop.status }
}
