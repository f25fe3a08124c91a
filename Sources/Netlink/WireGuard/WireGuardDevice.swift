/// A WireGuard device as the kernel reports it (`WG_CMD_GET_DEVICE`, `<linux/wireguard.h>`).
public struct WireGuardDevice: Hashable, Sendable {
    /// The interface index.
    public var index: Int32
    /// The interface name.
    public var name: String
    /// The private key; nil when none is set.
    public var privateKey: WireGuardKey?
    /// The public key; nil when no private key is set.
    public var publicKey: WireGuardKey?
    /// The UDP port; 0 when the device is down and none was chosen.
    public var listenPort: UInt16
    /// The mark of encrypted packets; 0 is none.
    public var fwmark: UInt32
    /// The peers in the kernel's order.
    public var peers: [WireGuardPeer]

    /// A device with the given values.
    public init(
        index: Int32, name: String, privateKey: WireGuardKey? = nil, publicKey: WireGuardKey? = nil,
        listenPort: UInt16 = 0, fwmark: UInt32 = 0, peers: [WireGuardPeer] = []
    ) {
        self.index = index
        self.name = name
        self.privateKey = privateKey
        self.publicKey = publicKey
        self.listenPort = listenPort
        self.fwmark = fwmark
        self.peers = peers
    }
}

/// One peer of a device as the kernel reports it (`WGPEER_A_*`).
public struct WireGuardPeer: Hashable, Sendable {
    /// The peer's identity.
    public var publicKey: WireGuardKey
    /// The preshared key; nil when none is set.
    public var presharedKey: WireGuardKey?
    /// Where its packets last came from or what was configured; nil when not known.
    public var endpoint: NetlinkEndpoint?
    /// Seconds; 0 is off.
    public var persistentKeepalive: UInt16
    /// Seconds since the epoch; 0 when there was no handshake.
    public var lastHandshakeSeconds: Int64
    /// The nanoseconds that belong to `lastHandshakeSeconds`.
    public var lastHandshakeNanoseconds: Int64
    /// Bytes received.
    public var receivedBytes: UInt64
    /// Bytes sent.
    public var sentBytes: UInt64
    /// The version of the protocol, 1.
    public var protocolVersion: UInt32
    /// The prefixes routed to it and accepted from it, in the kernel's order.
    public var allowedIPs: [NetlinkPrefix]

    /// A peer with the given values.
    public init(
        publicKey: WireGuardKey, presharedKey: WireGuardKey? = nil, endpoint: NetlinkEndpoint? = nil,
        persistentKeepalive: UInt16 = 0, lastHandshakeSeconds: Int64 = 0, lastHandshakeNanoseconds: Int64 = 0,
        receivedBytes: UInt64 = 0, sentBytes: UInt64 = 0, protocolVersion: UInt32 = 0,
        allowedIPs: [NetlinkPrefix] = []
    ) {
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.endpoint = endpoint
        self.persistentKeepalive = persistentKeepalive
        self.lastHandshakeSeconds = lastHandshakeSeconds
        self.lastHandshakeNanoseconds = lastHandshakeNanoseconds
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
        self.protocolVersion = protocolVersion
        self.allowedIPs = allowedIPs
    }
}
