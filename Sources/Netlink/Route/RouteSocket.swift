internal import CLibMnl

/// Links, addresses, routes, rules and their forwarding settings of one network namespace (man 7 rtnetlink).
///
/// Verbs are named after `ip`. Every call blocks until the kernel has answered; use one socket from one thread at a
/// time. The socket stays in the namespace that the creating thread was in. Changes need `CAP_NET_ADMIN`.
public final class RouteSocket {
    let conversation: Conversation

    /// Opens a socket in the thread's network namespace. Throws `NetlinkError.system`.
    public convenience init() throws(NetlinkError) {
        try self.init(NetlinkSocket(bus: NETLINK_ROUTE, receiveBuffer: 1 << 20, strict: true))
    }

    init(_ transport: any Transport) { conversation = Conversation(transport) }

    /// The port id of this socket, which events caused by it carry as their `originator`.
    public var portID: UInt32 { conversation.portID }
}
