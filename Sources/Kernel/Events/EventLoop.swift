import Glibc
import Netlink
import Reconciler

/// Waits for netlink multicast on a thread of its own until it is stopped.
final class EventLoop: @unchecked Sendable {
    // Written before the thread starts, then used by it alone.
    private let sockets: [EventSocket]
    private let send: @Sendable (HostEvent) -> Void
    /// Its other end is closed to wake and end the thread.
    private let stopReader: Descriptor
    private let stopWriter: Int32

    /// Opens the sockets, so that nothing is missed from here on. A kernel without nftables has no events of it.
    init(send: @escaping @Sendable (HostEvent) -> Void) throws(BackendError) {
        var sockets = [try asking { () throws(NetlinkError) in try EventSocket.route() }]
        if let ruleset = try? EventSocket.ruleset() { sockets.append(ruleset) }
        self.sockets = sockets
        self.send = send
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw SystemError.backend("pipe", Glibc.errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stopReader = Descriptor(ends[0])
        stopWriter = ends[1]
    }

    func start() {
        startThread(named: "netlink-events") { [self] in run() }
    }

    /// Ends the thread; called once.
    func stop() {
        _ = close(stopWriter)
    }

    private func run() {
        var entries = sockets.map { pollfd(fd: $0.fileDescriptor, events: Int16(POLLIN), revents: 0) }
        entries.append(pollfd(fd: stopReader.number, events: Int16(POLLIN), revents: 0))
        while true {
            let count = unsafe poll(&entries, nfds_t(entries.count), -1)
            if count < 0 {
                if Glibc.errno == EINTR { continue }
                return
            }
            if entries[sockets.count].revents != 0 { return }
            for (index, socket) in sockets.enumerated() where entries[index].revents != 0 {
                do throws(NetlinkError) {
                    for event in Self.events(try socket.receive()) { send(event) }
                } catch {
                    // A broken socket would make this a busy loop. Whoever listens looks at intervals anyway.
                    entries[index].fd = -1
                    send(.overrun)
                }
            }
        }
    }

    /// What a batch of netlink events says, each thing once, in order.
    static func events(_ batch: [NetlinkEvent]) -> [HostEvent] {
        var seen: Set<HostEvent> = []
        return batch.compactMap { event in
            let event = self.event(event)
            return seen.insert(event).inserted ? event : nil
        }
    }

    private static func event(_ event: NetlinkEvent) -> HostEvent {
        switch event.object {
        case .link(let link): .network(link: link.name)
        case .ruleset: .firewall
        case .overrun, .unreadable: .overrun
        // Connections have a socket of their own, which is none of these.
        case .address, .route, .rule, .netconf, .connection: .network(link: event.linkIndex.flatMap(name(of:)))
        }
    }

    private static func name(of index: Int32) -> String? {
        guard index > 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard unsafe if_indextoname(UInt32(index), &buffer) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
