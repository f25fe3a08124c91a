/// Why a connection passes or not: the first step that says something.
public enum AccessCause: Sendable, Hashable {
    /// It ends at the gateway: what peers of this interface reach there decides.
    case input(interface: String, InputPolicy)
    /// A query of a peer whose DNS is enforced: it ends at the forwarder, wherever it was sent; or it was sent there.
    case forwarder(SocketAddress)
    /// A peer whose DNS is enforced would go around the forwarder.
    case enforcement
    /// These peers, as `interface/name`, are isolated.
    case isolation([String])
    /// A document decides.
    case document(AccessStatement)
    /// Documents are about the peer; none names the connection, and none denies what it does not name.
    case unnamed
    /// No document is about the peer.
    case ungoverned
    /// No peer opens it.
    case notOpenedByPeer
    /// It comes from outside by this forward.
    case forward(String)
    /// This forward is not for the address it comes from.
    case sourceLimit(forward: String)

    /// The word of JSON results.
    public var word: String {
        switch self {
        case .input: "input"
        case .forwarder: "forwarder"
        case .enforcement: "dns_enforcement"
        case .isolation: "isolation"
        case .document(let statement): statement.isDefault ? "default" : "document"
        case .unnamed: "unnamed"
        case .ungoverned: "ungoverned"
        case .notOpenedByPeer: "not_opened_by_peer"
        case .forward: "forward"
        case .sourceLimit: "source_limit"
        }
    }
}

extension AccessCause: CustomStringConvertible {
    /// For people: lower case but for kinds of documents, no full stop.
    public var description: String {
        switch self {
        case .input(let interface, let policy): "input of \(interface) \(policy.verdict)"
        case .forwarder(let address): "DNS of the peer goes to the forwarder, \(address)"
        case .enforcement: "DNS of the peer goes to the forwarder or nowhere"
        case .isolation(let peers):
            "\(peers.joined(separator: " and ")) \(peers.count == 1 ? "is" : "are") isolated"
        case .document(let statement): statement.description
        case .unnamed: "no Access document of the peer denies it"
        case .ungoverned: "no Access document is about the peer"
        case .notOpenedByPeer: "Access is about connections that peers open"
        case .forward(let name): "Forward \(name) leads there"
        case .sourceLimit(let name): "Forward \(name) is not for this source"
        }
    }
}
