/// Where traffic goes to.
public enum AccessDestination: Sendable, Hashable {
    /// Every address of a prefix.
    case prefix(Prefix)
    /// The addresses of a peer and the networks behind it.
    case peer(PeerReference)
}

extension AccessDestination: CustomStringConvertible {
    /// `10.8.0.0/24`, or `peer build-server`.
    public var description: String {
        switch self {
        case .prefix(let prefix): prefix.description
        case .peer(let peer): "peer \(peer)"
        }
    }
}
