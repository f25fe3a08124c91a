/// A WireGuard peer of one interface, as `kind: Peer` declares it. Every field has its default resolved.
public struct Peer: Sendable, Equatable {
    /// The display name, unique per interface, 1-128 Unicode scalars in NFC.
    public var name: String
    /// The DNS label; derived from the name unless given.
    public var dnsName: String
    /// The interface's name.
    public var interface: String
    /// The stable id when the manifest gives one, a lower-case UUID.
    public var id: String?
    /// The tunnel addresses.
    public var ip: [IPAddress]
    /// The identity.
    public var publicKey: PublicKey
    /// The private key of a device whose key pair was made here, sealed; nil: only the device knows it.
    public var privateKey: SecretReference?
    /// The preshared key.
    public var presharedKey: SecretReference?
    /// What the device sends into the tunnel; written into its configuration, enforces nothing here.
    public var routingMode: RoutingMode = .fullTunnel
    /// The device's allowed IPs for `split_tunnel`.
    public var allowedIPs: [Prefix] = []
    /// Networks behind the peer: allowed IPs and routes on the gateway.
    public var routes: [Prefix] = []
    /// A pinned endpoint; nil: learned.
    public var endpoint: Endpoint?
    /// Seconds between keepalives, 0 = off. The gateway's side gets it only with a pinned endpoint.
    public var persistentKeepalive: UInt16?
    /// Whether the peer may connect; a disabled peer is revoked.
    public var enabled = true
    /// When the peer expires; an expired peer is revoked, not deleted.
    public var expiresAt: Timestamp?
    /// No traffic to other peers; nil: the interface's `isolate_peers`.
    public var isolated: Bool?
    /// The user who may fetch this peer's configuration, by name; nil: only admins.
    public var owner: String?
    /// How its queries are treated.
    public var dns = DNS()
    /// Free text.
    public var description = ""
    /// Free labels.
    public var labels: [String: String] = [:]
    /// Where the document begins.
    public var location: SourceLocation

    /// A peer with the required fields; everything else has its default.
    public init(
        name: String, dnsName: String, interface: String, ip: [IPAddress], publicKey: PublicKey,
        location: SourceLocation
    ) {
        self.name = name
        self.dnsName = dnsName
        self.interface = interface
        self.ip = ip
        self.publicKey = publicKey
        self.location = location
    }

    /// What WireGuard lets this peer send from: its addresses as hosts and the networks behind it, sorted.
    public var serverAllowedIPs: [Prefix] { (ip.map(Prefix.init(host:)) + routes).sorted() }
}

/// What a device sends into the tunnel.
public enum RoutingMode: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case fullTunnel = "full_tunnel"
    /// Everything but its own LAN.
    case fullTunnelKeepLAN = "full_tunnel_keep_lan"
    /// Only the interface's prefixes.
    case vpnOnly = "vpn_only"
    /// What `allowed_ips` names.
    case splitTunnel = "split_tunnel"
}
