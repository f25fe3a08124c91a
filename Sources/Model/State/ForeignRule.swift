/// A rule of ours in a chain of another firewall program: it accepts what an interface needs. It is known by its comment,
/// `wirebuddy:<interface>`.
public struct ForeignRule: Sendable, Hashable, Comparable {
    /// What is accepted.
    public enum Match: Sendable, Hashable {
        /// What comes from peers.
        case fromInterface
        /// What goes to peers.
        case toInterface
        /// WireGuard itself, at this port.
        case listenPort(UInt16)
        /// Queries of peers to the DNS forwarder, at this port.
        case queries(UInt16, overTCP: Bool)
        /// Something that we don't write, with a comment of ours; as nft prints it.
        case other(String)
    }

    /// Where it stands.
    public let chain: ForeignChain
    /// The interface it is for.
    public let interface: String
    /// What is accepted.
    public let match: Match

    /// A rule.
    public init(chain: ForeignChain, interface: String, match: Match) {
        self.chain = chain
        self.interface = interface
        self.match = match
    }

    /// The match as nft writes it.
    public var text: String {
        switch match {
        case .fromInterface: "iifname \(interface)"
        case .toInterface: "oifname \(interface)"
        case .listenPort(let port): "udp dport \(port)"
        case .queries(let port, let overTCP): "iifname \(interface) \(overTCP ? "tcp" : "udp") dport \(port)"
        case .other(let text): text
        }
    }

    /// Orders by chain, interface and match.
    public static func < (a: Self, b: Self) -> Bool {
        if a.chain != b.chain { return a.chain < b.chain }
        let (x, y) = ("\(a.interface) \(a.text)", "\(b.interface) \(b.text)")
        return x.utf8.lexicographicallyPrecedes(y.utf8)
    }
}
