import Glibc
import Logging
import Model
import Netlink
import Synchronization

/// The thread of a ``FlowWatch``: waits for ends of flows and reads the list of all when it is time.
final class FlowLoop: @unchecked Sendable {
    /// What both sides look at.
    struct Shared {
        var peers: FlowPeers?
        var interval: Duration
        fileprivate var status = TelemetryStatus.Flows()
        fileprivate var samples: [FlowSample] = []
        fileprivate var isStopped = false
        fileprivate var isOver = false
        fileprivate var waiter: CheckedContinuation<Void, Never>?
    }

    /// The most samples that wait; then what moves stays in the ledger.
    private static let backlog = 16

    /// Says that samples wait.
    let wakes: AsyncStream<Void>
    private let waking: AsyncStream<Void>.Continuation
    private let shared: Mutex<Shared>
    private let wake: WakePipe
    // Written before the thread starts, then used by it alone.
    private let socket: NetfilterSocket
    private let events: EventSocket
    private let clock: any WallClock
    private let logger: Logger
    private var ledger: FlowLedger
    private var lostEvents: UInt64 = 0
    private var brokenEvents: String?
    private var lastDump: ContinuousClock.Instant?

    init(interval: Duration, clock: any WallClock, logger: Logger, ledger: FlowLedger) throws(NetlinkError) {
        socket = try NetfilterSocket()
        events = try EventSocket.connections()
        wake = try WakePipe()
        self.clock = clock
        self.logger = logger
        self.ledger = ledger
        var status = TelemetryStatus.Flows()
        status.state = .unaccounted
        status.message = "no flow was looked at yet"
        shared = Mutex(Shared(interval: max(interval, .seconds(1)), status: status))
        (wakes, waking) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var status: TelemetryStatus.Flows { shared.withLock { $0.status } }

    func start() { startThread { [self] in run() } }

    /// Changes something and has the thread look at it.
    func change(_ body: (inout Shared) -> Void) {
        shared.withLock { body(&$0) }
        wake.signal()
    }

    func stop() { change { $0.isStopped = true } }

    /// Waits until the thread, which was told to stop, has ended.
    func end() async {
        await withCheckedContinuation { continuation in
            let isOver = shared.withLock { shared in
                if !shared.isOver { shared.waiter = continuation }
                return shared.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// The oldest sample that waits.
    func next() -> FlowSample? {
        shared.withLock { $0.samples.isEmpty ? nil : $0.samples.removeFirst() }
    }

    private func run() {
        var entries = [events.fileDescriptor, wake.reader].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let (peers, interval, isStopped) = shared.withLock { ($0.peers, $0.interval, $0.isStopped) }
            if let peers { ledger.peers = peers }
            if isStopped { break }
            var wait: Duration?
            if peers != nil {
                let now = ContinuousClock.now
                if let lastDump, now < lastDump + interval { wait = lastDump + interval - now } else { look(now) }
                if wait == nil { continue }
            }
            let count = unsafe poll(&entries, nfds_t(entries.count), wait?.roundedUpToMilliseconds ?? -1)
            if count < 0, Glibc.errno != EINTR { break }
            if entries[1].revents != 0 { wake.drain() }
            if count > 0, entries[0].revents != 0 { hear() }
            // A broken socket would make this a busy loop.
            if brokenEvents != nil { entries[0].fd = -1 }
        }
        if lastDump != nil { look(.now) }
        waking.finish()
        let waiter = shared.withLock { shared in
            shared.isOver = true
            return shared.waiter
        }
        waiter?.resume()
    }

    /// Takes the ends of flows that wait.
    private func hear() {
        guard brokenEvents == nil else { return }
        do throws(NetlinkError) {
            // Bounded, so that a storm of them doesn't keep the list from being read.
            for _ in 0..<256 {
                let heard = try events.receive()
                for event in heard {
                    switch event.object {
                    case .connection(let connection) where event.isDeletion: ledger.destroyed(connection)
                    case .overrun, .unreadable: lostEvents += 1
                    default: break
                    }
                }
                if heard.isEmpty { return }
            }
        } catch {
            brokenEvents = "the ends of flows can't be heard (\(error)): restart the daemon"
        }
    }

    /// Reads the list and makes a sample of what moved.
    private func look(_ now: ContinuousClock.Instant) {
        lastDump = now
        hear()
        var failure: String?
        do throws(NetlinkError) {
            try ledger.dump { (list) throws(NetlinkError) in try socket.connections(list) }
        } catch {
            failure = FlowStatus.text(of: error)
        }
        let status = FlowStatus.now(ledger, lostEvents: lostEvents, failure: failure, warning: brokenEvents)
        let (isNews, hasRoom) = shared.withLock { shared in
            defer { shared.status = status }
            return (shared.status.message != status.message, shared.samples.count < Self.backlog)
        }
        if isNews, let message = status.message {
            logger.warning("flows are not counted as they should be", metadata: ["reason": "\(message)"])
        }
        guard hasRoom else { return }
        let sample = ledger.take(at: clock.now())
        guard !sample.entries.isEmpty else { return }
        shared.withLock { $0.samples.append(sample) }
        waking.yield()
    }
}

extension Duration {
    /// For `poll`, which would spin through the rest of a millisecond.
    fileprivate var roundedUpToMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
