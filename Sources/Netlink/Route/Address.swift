/// An address on a link (`RTM_NEWADDR`, man 7 rtnetlink, `<linux/if_addr.h>`).
public struct Address: Hashable, Sendable {
    /// The index of the link that carries it.
    public var linkIndex: Int32
    /// The address with the length of its subnet (`IFA_LOCAL`, else `IFA_ADDRESS`).
    public var prefix: NetlinkPrefix
    /// The other end of a point-to-point address, when it differs (`IFA_ADDRESS`).
    public var peer: NetlinkAddress?
    /// `RT_SCOPE_*`: 0 universe, 253 link, 254 host.
    public var scope: UInt8
    /// `IFA_F_*`: see the constants below.
    public var flags: UInt32
    /// Who made it, `IFAPROT_*` (`IFA_PROTO`, since Linux 5.18); nil when the kernel doesn't say.
    public var originator: UInt8?

    /// `IFA_F_SECONDARY` (IPv4): the kernel deletes it with its primary unless `promote_secondaries` is set.
    public static let secondary: UInt32 = 0x01
    /// `IFA_F_NODAD` (IPv6): no duplicate address detection.
    public static let noDuplicateDetection: UInt32 = 0x02
    /// `IFA_F_DADFAILED` (IPv6): another host has it.
    public static let duplicateDetected: UInt32 = 0x08
    /// `IFA_F_TENTATIVE` (IPv6): duplicate address detection is running.
    public static let tentative: UInt32 = 0x40
    /// `IFA_F_PERMANENT`: it does not expire.
    public static let permanent: UInt32 = 0x80
    /// `IFA_F_NOPREFIXROUTE`: the kernel makes no route for its subnet.
    public static let noPrefixRoute: UInt32 = 0x200

    /// `IFAPROT_KERNEL_LL`: the link-local address the kernel makes by itself.
    public static let kernelLinkLocal: UInt8 = 3

    /// An address with the given values.
    public init(
        linkIndex: Int32, prefix: NetlinkPrefix, peer: NetlinkAddress? = nil, scope: UInt8 = 0, flags: UInt32 = 0,
        originator: UInt8? = nil
    ) {
        self.linkIndex = linkIndex
        self.prefix = prefix
        self.peer = peer
        self.scope = scope
        self.flags = flags
        self.originator = originator
    }
}
