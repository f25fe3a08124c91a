/// What to change of a WireGuard device (`WG_CMD_SET_DEVICE`, `<linux/wireguard.h>`); nil leaves it alone.
///
/// Peers are always deltas: `WGDEVICE_F_REPLACE_PEERS`, which cuts every session, is not offered.
public struct WireGuardConfiguration: Sendable {
    /// The zero key removes it.
    public var privateKey: WireGuardKey?
    /// 0 lets the kernel choose.
    public var listenPort: UInt16?
    /// 0 removes it.
    public var fwmark: UInt32?
    /// Carried out in this order.
    public var peers: [WireGuardPeerConfiguration]

    /// Changes with the given values.
    public init(
        privateKey: WireGuardKey? = nil, listenPort: UInt16? = nil, fwmark: UInt32? = nil,
        peers: [WireGuardPeerConfiguration] = []
    ) {
        self.privateKey = privateKey
        self.listenPort = listenPort
        self.fwmark = fwmark
        self.peers = peers
    }
}

/// What to do with one peer; nil leaves a value alone.
public struct WireGuardPeerConfiguration: Sendable {
    /// Which peer. One that is not there is created unless a flag says otherwise.
    public var publicKey: WireGuardKey
    /// `WGPEER_F_*`.
    public var flags: Flags
    /// The zero key removes it.
    public var presharedKey: WireGuardKey?
    /// Where to send to until the peer is heard from elsewhere.
    public var endpoint: NetlinkEndpoint?
    /// Seconds; 0 switches it off. A non-zero value sends a keepalive at once.
    public var persistentKeepalive: UInt16?
    /// Added to those it has, or in their place with `replaceAllowedIPs`; one that another peer has moves over.
    public var allowedIPs: [AllowedIP]

    /// The flags of one peer operation.
    public struct Flags: OptionSet, Sendable {
        /// The bits as the kernel defines them.
        public let rawValue: UInt32
        /// Flags of these bits.
        @inlinable
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `WGPEER_F_REMOVE_ME`: remove the peer; the other values are not sent.
        public static let removeMe = Flags(rawValue: 1 << 0)
        /// `WGPEER_F_REPLACE_ALLOWEDIPS`: forget its allowed IPs first.
        public static let replaceAllowedIPs = Flags(rawValue: 1 << 1)
        /// `WGPEER_F_UPDATE_ONLY`: do nothing if the peer isn't there.
        public static let updateOnly = Flags(rawValue: 1 << 2)
    }

    /// One allowed IP of a peer operation.
    public struct AllowedIP: Hashable, Sendable {
        /// The prefix; the kernel clears host bits.
        public var prefix: NetlinkPrefix
        /// `WGALLOWEDIP_F_REMOVE_ME`: take it from the peer. Kernels before 6.16 answer `EINVAL`.
        public var isRemoved: Bool

        /// A prefix to add or to take away.
        @inlinable
        public init(_ prefix: NetlinkPrefix, isRemoved: Bool = false) {
            self.prefix = prefix
            self.isRemoved = isRemoved
        }
    }

    /// An operation with the given values.
    public init(
        publicKey: WireGuardKey, flags: Flags = [], presharedKey: WireGuardKey? = nil,
        endpoint: NetlinkEndpoint? = nil, persistentKeepalive: UInt16? = nil, allowedIPs: [AllowedIP] = []
    ) {
        self.publicKey = publicKey
        self.flags = flags
        self.presharedKey = presharedKey
        self.endpoint = endpoint
        self.persistentKeepalive = persistentKeepalive
        self.allowedIPs = allowedIPs
    }
}
