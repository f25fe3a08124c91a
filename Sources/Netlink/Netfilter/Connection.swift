/// A connection, or what passes for one, that the kernel tracks (`<linux/netfilter/nfnetlink_conntrack.h>`).
public struct Connection: Hashable, Sendable {
    /// Tells it from others with the same tuples, now and before (`CTA_ID`).
    public var id: UInt32
    /// The transport protocol, `IPPROTO_*`.
    public var protocolNumber: UInt8
    /// Packets of who began it, as they came in.
    public var original: Tuple
    /// Packets of the answer, as they come in: translated addresses make it differ from the reversed original.
    public var reply: Tuple
    /// Bytes of IP packets of who began it; nil: the kernel doesn't count this connection
    /// (`net.netfilter.nf_conntrack_acct` was 0 when it began).
    public var originalBytes: UInt64?
    /// Bytes of IP packets of the answer; nil as above.
    public var replyBytes: UInt64?
    /// When it began, in nanoseconds since 1970; nil unless `net.netfilter.nf_conntrack_timestamp` was on then.
    public var start: UInt64?

    /// The family of its addresses.
    public var family: NetlinkFamily { original.source.family }

    /// A connection with the given values.
    public init(
        id: UInt32, protocolNumber: UInt8, original: Tuple, reply: Tuple, originalBytes: UInt64? = nil,
        replyBytes: UInt64? = nil, start: UInt64? = nil
    ) {
        self.id = id
        self.protocolNumber = protocolNumber
        self.original = original
        self.reply = reply
        self.originalBytes = originalBytes
        self.replyBytes = replyBytes
        self.start = start
    }

    /// The packets of one direction. Ports are 0 for protocols without.
    public struct Tuple: Hashable, Sendable {
        /// Who sends them.
        public var source: NetlinkAddress
        /// Whom they are for.
        public var destination: NetlinkAddress
        /// The port they come from, in host byte order.
        public var sourcePort: UInt16
        /// The port they go to, in host byte order.
        public var destinationPort: UInt16

        /// A tuple with the given values.
        public init(
            source: NetlinkAddress, destination: NetlinkAddress, sourcePort: UInt16 = 0, destinationPort: UInt16 = 0
        ) {
            self.source = source
            self.destination = destination
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
        }
    }
}
