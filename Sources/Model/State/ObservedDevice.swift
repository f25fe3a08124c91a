/// A WireGuard device as the kernel module or a userspace program reports it.
public struct ObservedDevice: Sendable {
    /// The implementation behind the link.
    public enum Implementation: String, Sendable, Hashable {
        /// The kernel module.
        case kernel
        /// A userspace program behind its UAPI socket.
        case userspace
    }

    /// The implementation behind the link.
    public var implementation: Implementation
    /// The private key; nil when none is set.
    public var privateKey: SecretKey?
    /// The public key; nil when no private key is set.
    public var publicKey: PublicKey?
    /// The UDP port; 0 when none.
    public var listenPort: UInt16
    /// The mark of outgoing packets; 0 when none.
    public var fwmark: UInt32
    /// The peers, in the order reported.
    public var peers: [ObservedPeer]

    /// A device.
    public init(
        implementation: Implementation, privateKey: SecretKey?, publicKey: PublicKey?, listenPort: UInt16,
        fwmark: UInt32,
        peers: [ObservedPeer]
    ) {
        self.implementation = implementation
        self.privateKey = privateKey
        self.publicKey = publicKey
        self.listenPort = listenPort
        self.fwmark = fwmark
        self.peers = peers
    }
}

/// A peer of a device as reported.
public struct ObservedPeer: Sendable {
    /// The identity.
    public var publicKey: PublicKey
    /// The preshared key; nil when it is all zeros.
    public var presharedKey: SecretKey?
    /// The endpoint, configured or learned.
    public var endpoint: SocketAddress?
    /// Seconds between keepalives; 0 = off.
    public var persistentKeepalive: UInt16
    /// The allowed IPs, sorted.
    public var allowedIPs: [Prefix]
    /// The last handshake; nil when there was none.
    public var lastHandshake: Timestamp?
    /// Bytes received from the peer.
    public var receivedBytes: UInt64
    /// Bytes sent to the peer.
    public var sentBytes: UInt64

    /// A peer; `allowedIPs` must be sorted.
    public init(
        publicKey: PublicKey, presharedKey: SecretKey? = nil, endpoint: SocketAddress? = nil,
        persistentKeepalive: UInt16 = 0, allowedIPs: [Prefix] = [], lastHandshake: Timestamp? = nil,
        receivedBytes: UInt64 = 0, sentBytes: UInt64 = 0
    ) {
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.endpoint = endpoint
        self.persistentKeepalive = persistentKeepalive
        self.allowedIPs = allowedIPs
        self.lastHandshake = lastHandshake
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
    }

    /// Whether a session is alive at `now`: a handshake less than 180 s ago.
    public func isLive(at now: Timestamp) -> Bool {
        guard let lastHandshake else { return false }
        return now.seconds - lastHandshake.seconds < 180
    }
}
