import Gateway
import Manifest
import Model

/// What of DNS somebody may see: queries of his own peers, rules that are about them or about everybody.
struct DNSScope {
    private let peers: [Peer]
    /// Whether he sees everything.
    let seesAll: Bool

    init(_ principal: Principal, _ state: ResourceState) {
        guard let owner = PeerScope(principal, state).owner else {
            (peers, seesAll) = ([], true)
            return
        }
        peers = state.index.positions(ownedBy: owner).map { state.index.peers[$0].peer }
        seesAll = false
    }

    /// The peers whose queries he sees, as `interface/name`; nil: all.
    var clients: Set<String>? { seesAll ? nil : Set(peers.map { "\($0.interface)/\($0.name)" }) }

    /// Whether a rule is his to see.
    func contains(_ rule: DeclaredDNSRule) -> Bool {
        if seesAll { return true }
        switch rule.form {
        // Whom `$client` names stands in the text.
        case .line(let placed): return !placed.line.text.contains("client=")
        case .fields(let placed):
            switch placed.rule.client {
            case nil: return true
            case .peer(let name, let interface)?:
                return peers.contains { $0.name == name && (interface == nil || $0.interface == interface) }
            case .prefix(let prefix)?: return peers.contains { $0.ip.contains(where: prefix.contains) }
            }
        }
    }
}
