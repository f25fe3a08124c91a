/// The ports of the gateway that lead to peers, as the table has them.
public struct FirewallForwards: Sendable, Hashable {
    /// One entry for each family of each forward, sorted. It may be empty: what was forwarded before must be stopped.
    public var entries: [FirewallForward]
    /// The gateway's own addresses in the tunnels, sorted: peers reach its services there, not what is forwarded.
    public var tunnelAddresses: [IPAddress]

    /// Forwards.
    public init(entries: [FirewallForward], tunnelAddresses: [IPAddress]) {
        self.entries = entries
        self.tunnelAddresses = tunnelAddresses
    }
}

/// A port of the gateway that leads to a peer, in one family.
public struct FirewallForward: Sendable, Hashable {
    /// The link that packets come in by; nil: every one that is not a managed interface.
    public var link: String?
    /// The protocol.
    public var transport: Forward.Transport
    /// The port of the gateway.
    public var port: UInt16
    /// Who may use it; empty: everybody.
    public var sources: [Prefix]
    /// Where it leads.
    public var target: SocketAddress
    /// The managed interface of the peer.
    public var interface: String
    /// What the peer's device takes packets from; everybody else becomes the gateway. Nil: it takes them from everybody.
    public var acceptedSources: [Prefix]?

    /// A forward.
    public init(
        link: String?, transport: Forward.Transport, port: UInt16, sources: [Prefix], target: SocketAddress,
        interface: String, acceptedSources: [Prefix]?
    ) {
        self.link = link
        self.transport = transport
        self.port = port
        self.sources = sources
        self.target = target
        self.interface = interface
        self.acceptedSources = acceptedSources
    }
}
