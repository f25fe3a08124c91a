public import Model

/// The connection a request came over, as the kernel knows it: no header says anything about it.
public struct ConnectionPath: Sendable, Hashable {
    /// The address at the other end; of a proxy where one is between.
    public var peer: IPAddress
    /// Our address.
    public var own: IPAddress?
    /// When it was accepted, in milliseconds since the host started, suspended time included.
    public var acceptedAt: Int64

    /// A connection.
    public init(peer: IPAddress, own: IPAddress?, acceptedAt: Int64) {
        self.peer = peer
        self.own = own
        self.acceptedAt = acceptedAt
    }

    /// Whether it never left this host.
    public var isWithinHost: Bool { peer.isLoopback || peer == own }
}
