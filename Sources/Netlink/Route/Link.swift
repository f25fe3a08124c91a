/// A network interface as the kernel reports it (`RTM_NEWLINK`, man 7 rtnetlink, `<linux/if_link.h>`).
public struct Link: Hashable, Sendable {
    /// The interface index, unique within its namespace.
    public var index: Int32
    /// The interface name, at most 15 bytes (`IFLA_IFNAME`).
    public var name: String
    /// The driver's kind: "wireguard", "veth", "tun"; nil for a physical or loopback device (`IFLA_INFO_KIND`).
    public var kind: String?
    /// `ARPHRD_*` of `<linux/if_arp.h>`: 65534 (`ARPHRD_NONE`) for wireguard and tun.
    public var hardwareType: UInt16
    /// `IFF_*` of `<linux/if.h>`.
    public var flags: UInt32
    /// Bytes; 0 when the kernel did not say (`IFLA_MTU`).
    public var mtu: UInt32
    /// The free text an administrator or we put on it (`IFLA_IFALIAS`).
    public var alias: String?
    /// The link below or the other end of a veth pair (`IFLA_LINK`).
    public var lowerIndex: Int32?
    /// The id of the namespace `lowerIndex` belongs to, if not this one (`IFLA_LINK_NETNSID`).
    public var lowerNamespaceID: Int32?
    /// The bridge or bond this link is a port of (`IFLA_MASTER`).
    public var masterIndex: Int32?
    /// What moved; nil unless it was asked for (`IFLA_STATS64`).
    public var statistics: Statistics?

    /// `IFF_UP`: an administrator switched it on.
    public var isUp: Bool { flags & 0x1 != 0 }
    /// `IFF_RUNNING`: it can carry packets.
    public var isRunning: Bool { flags & 0x40 != 0 }
    /// `IFF_LOOPBACK`.
    public var isLoopback: Bool { flags & 0x8 != 0 }

    /// A link with the given values.
    public init(
        index: Int32, name: String, kind: String? = nil, hardwareType: UInt16 = 0, flags: UInt32 = 0,
        mtu: UInt32 = 0, alias: String? = nil, lowerIndex: Int32? = nil, lowerNamespaceID: Int32? = nil,
        masterIndex: Int32? = nil
    ) {
        self.index = index
        self.name = name
        self.kind = kind
        self.hardwareType = hardwareType
        self.flags = flags
        self.mtu = mtu
        self.alias = alias
        self.lowerIndex = lowerIndex
        self.lowerNamespaceID = lowerNamespaceID
        self.masterIndex = masterIndex
    }

    /// What a link received and sent since it was made (`struct rtnl_link_stats64`). Each driver says what a byte is: some
    /// count their headers.
    public struct Statistics: Hashable, Sendable {
        /// Packets that came in.
        public var receivedPackets: UInt64
        /// Packets that went out.
        public var sentPackets: UInt64
        /// Bytes that came in.
        public var receivedBytes: UInt64
        /// Bytes that went out.
        public var sentBytes: UInt64

        /// Statistics with the given values.
        public init(receivedPackets: UInt64, sentPackets: UInt64, receivedBytes: UInt64, sentBytes: UInt64) {
            self.receivedPackets = receivedPackets
            self.sentPackets = sentPackets
            self.receivedBytes = receivedBytes
            self.sentBytes = sentBytes
        }
    }
}
