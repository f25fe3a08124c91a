internal import CLibMnl

/// Listens to what changes in one network namespace.
///
/// It never blocks: wait until `fileDescriptor` is readable, then call `receive`. It stays in the namespace that the
/// creating thread was in. Use it from one thread at a time.
public final class EventSocket {
    /// The most datagrams read in one call, so that a storm of events can't hold the caller.
    private static let batch = 256

    private let transport: any Transport
    private var buffer = [UInt8](repeating: 0, count: Conversation.bufferSize)
    /// Readable when events wait; valid as long as the socket lives, and only for waiting.
    public let fileDescriptor: Int32

    /// Listens to links, addresses, routes, rules and forwarding settings of IPv4 and IPv6.
    ///
    /// Throws `NetlinkError.system`.
    public static func route() throws(NetlinkError) -> EventSocket {
        let socket = try NetlinkSocket(bus: NETLINK_ROUTE, nonblocking: true, receiveBuffer: 4 << 20)
        for group in [
            RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
            RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF,
        ] {
            try socket.join(group: group.rawValue)
        }
        return EventSocket(socket, fileDescriptor: socket.fileDescriptor)
    }

    /// Listens to nftables transactions. Throws `NetlinkError.system`; needs `CAP_NET_ADMIN`.
    public static func ruleset() throws(NetlinkError) -> EventSocket {
        let socket = try NetlinkSocket(bus: NETLINK_NETFILTER, nonblocking: true, receiveBuffer: 4 << 20)
        try socket.join(group: UInt32(NFNLGRP_NFTABLES.rawValue))
        return EventSocket(socket, fileDescriptor: socket.fileDescriptor)
    }

    /// Listens to the ends of tracked connections, which carry their last counters. Throws `NetlinkError.system`; needs
    /// `CAP_NET_ADMIN`.
    ///
    /// A kernel with `net.netfilter.nf_conntrack_events` 2 (the default since Linux 5.19) tells only of connections that
    /// began while somebody listened, one with 0 of none.
    public static func connections() throws(NetlinkError) -> EventSocket {
        // Many connections end at once when a link goes down or the table is flushed.
        let socket = try NetlinkSocket(bus: NETLINK_NETFILTER, nonblocking: true, receiveBuffer: 16 << 20)
        try socket.join(group: UInt32(NFNLGRP_CONNTRACK_DESTROY.rawValue))
        return EventSocket(socket, fileDescriptor: socket.fileDescriptor)
    }

    init(_ transport: any Transport, fileDescriptor: Int32 = -1) {
        self.transport = transport
        self.fileDescriptor = fileDescriptor
    }

    /// The events that wait, oldest first; empty when there are none. After many the descriptor stays readable.
    ///
    /// Lost events appear as `.overrun`, not as an error. Throws `NetlinkError.system` when the socket is broken.
    public func receive() throws(NetlinkError) -> [NetlinkEvent] {
        var events: [NetlinkEvent] = []
        // A span of a stored property can't outlive one access, one of a local can: borrow the buffer.
        var buffer: [UInt8] = []
        swap(&buffer, &self.buffer)
        defer { swap(&buffer, &self.buffer) }
        for _ in 0..<Self.batch {
            do throws(NetlinkError) {
                guard let count = try transport.receive(into: &buffer) else { break }
                guard count <= buffer.count else { throw .malformed("a datagram of \(count) bytes") }
                try Self.decode(unsafe buffer.span.bytes.extracting(0..<count), into: &events)
            } catch .overrun {
                events.append(NetlinkEvent(.overrun))
            } catch .malformed {
                events.append(NetlinkEvent(.unreadable))
            }
        }
        return events
    }

    private static func decode(_ bytes: RawSpan, into events: inout [NetlinkEvent]) throws(NetlinkError) {
        var messages = MessageCursor()
        while let message = try messages.next(in: bytes) {
            guard let (object, isDeletion) = try object(of: message, in: bytes) else { continue }
            events.append(NetlinkEvent(object, isDeletion: isDeletion, originator: message.portID))
        }
    }

    /// What a message tells; nil for one that concerns nothing we know.
    private static func object(
        of message: Message, in bytes: RawSpan
    ) throws(NetlinkError) -> (NetlinkEvent.Object, isDeletion: Bool)? {
        switch message.type {
        case RTM_NEWLINK, RTM_DELLINK:
            // With the family AF_BRIDGE (7) a message says that a port joined or left a bridge; the link itself stays.
            let link = try Link(decoding: message, in: bytes)
            return (.link(link), message.type == RTM_DELLINK && bytes.load(UInt8.self, at: message.start) != 7)
        case RTM_NEWADDR, RTM_DELADDR:
            return try Address(decoding: message, in: bytes).map { (.address($0), message.type == RTM_DELADDR) }
        case RTM_NEWROUTE, RTM_DELROUTE:
            return try Route(decoding: message, in: bytes).map { (.route($0), message.type == RTM_DELROUTE) }
        case RTM_NEWRULE, RTM_DELRULE:
            return try Rule(decoding: message, in: bytes).map { (.rule($0), message.type == RTM_DELRULE) }
        case RTM_NEWNETCONF, RTM_DELNETCONF:
            return try Netconf(decoding: message, in: bytes).map { (.netconf($0), message.type == RTM_DELNETCONF) }
        // Each nftables transaction ends with its generation; the messages before it are its single objects.
        case RulesetGeneration.newType:
            return (.ruleset(try RulesetGeneration(decoding: message, in: bytes)), false)
        case Connection.deleteType:
            return try Connection(decoding: message, in: bytes).map { (.connection($0), true) }
        default: return nil
        }
    }
}
