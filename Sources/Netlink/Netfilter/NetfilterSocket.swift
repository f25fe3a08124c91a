internal import CLibMnl

/// The nfnetlink socket of one network namespace (`<linux/netfilter/nfnetlink.h>`).
///
/// Use one socket from one thread at a time. It stays in the namespace that the creating thread was in.
public final class NetfilterSocket {
    private let conversation: Conversation

    /// Opens a socket in the thread's network namespace. Throws `NetlinkError.system`, with `isNotSupported` when the
    /// kernel has no netfilter.
    public convenience init() throws(NetlinkError) {
        try self.init(NetlinkSocket(bus: NETLINK_NETFILTER, receiveBuffer: 1 << 18))
    }

    init(_ transport: any Transport) { conversation = Conversation(transport) }

    /// The generation of the nftables ruleset. Throws a refusal when nf_tables can't be loaded; needs `CAP_NET_ADMIN`.
    public func generation() throws(NetlinkError) -> RulesetGeneration {
        try conversation.get(RulesetGeneration.getRequest(), "read the nftables generation") {
            (message, bytes) throws(NetlinkError) in
            message.type == RulesetGeneration.newType ? try RulesetGeneration(decoding: message, in: bytes) : nil
        }
    }

    /// Hands every tracked IPv4 and IPv6 connection to `body`, one after another as the kernel tells them; needs
    /// `CAP_NET_ADMIN`. The counters go on: nothing is reset.
    ///
    /// The table changes meanwhile: a connection may come twice, and one that moves in the table may not come at all. When
    /// replies were lost all come again. Throws a refusal with `isNotSupported` when the kernel has no `nf_conntrack_netlink`.
    public func connections(_ body: (Connection) -> Void) throws(NetlinkError) {
        try conversation.dump(Connection.dumpRequest(), (), "list tracked connections") {
            (_, message, bytes) throws(NetlinkError) in
            guard message.type == Connection.newType, let connection = try Connection(decoding: message, in: bytes)
            else {
                return
            }
            body(connection)
        }
    }
}
