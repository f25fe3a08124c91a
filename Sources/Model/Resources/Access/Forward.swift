/// A port of the gateway that leads to a peer, as `kind: Forward` declares it.
public struct Forward: Sendable, Equatable {
    /// A protocol with ports.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP.
        case tcp
        /// UDP.
        case udp
    }

    /// Where it leads.
    public struct Target: Sendable, Hashable {
        /// The peer.
        public var peer: PeerReference
        /// The port there; nil: the same as on the gateway.
        public var port: UInt16?

        /// A target.
        public init(peer: PeerReference, port: UInt16? = nil) {
            self.peer = peer
            self.port = port
        }
    }

    /// The name, unique.
    public var name: String
    /// The link that packets come in by; nil: every one that is not a managed interface. Peers reach the port too, at the
    /// gateway's addresses outside the tunnels.
    public var interface: String?
    /// The protocol.
    public var transport: Transport = .tcp
    /// The port of the gateway.
    public var port: UInt16
    /// Where it leads.
    public var to: Target
    /// Who may use it, by source address; empty: everybody.
    public var from: [Prefix] = []
    /// Free text.
    public var description = ""
    /// Where the document begins.
    public var location: SourceLocation

    /// A forward with the required fields; everything else has its default.
    public init(name: String, port: UInt16, to: Target, location: SourceLocation) {
        self.name = name
        self.port = port
        self.to = to
        self.location = location
    }

    /// The port of the peer that packets arrive at.
    public var targetPort: UInt16 { to.port ?? port }
}
