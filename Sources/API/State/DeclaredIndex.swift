import Gateway
import Manifest
import Model

/// What is declared at one revision, ordered and indexed for reads. Made once per revision.
final class DeclaredIndex: Sendable {
    /// A declared peer and its stable id.
    struct Entry: Sendable {
        let id: String
        let peer: Peer
    }

    /// The files.
    let tree: ManifestTree
    /// The interfaces, sorted by name.
    let interfaces: [Interface]
    /// The DNS rules.
    let dnsRules: DNSRuleIndex
    /// The access documents, sorted by name.
    let access: [AccessRule]
    /// The forwards, sorted by name.
    let forwards: [Forward]
    /// The approvals, sorted by name.
    let approvals: [Approval]
    /// The peers that have an id, sorted by interface and name.
    let peers: [Entry]
    private let positions: [String: Int]
    private let owned: [String: [Int]]
    private let counts: [String: Int]
    private let ranges: [String: Range<Int>]

    init(_ tree: ManifestTree) {
        self.tree = tree
        dnsRules = DNSRuleIndex(tree)
        let catalog = Catalog(
            interfaces: tree.interfaces, peers: tree.peers(), access: tree.accessRules, forwards: tree.forwards,
            approvals: tree.approvals)
        interfaces = catalog.interfaces
        access = catalog.access
        forwards = catalog.forwards
        approvals = catalog.approvals
        var peers: [Entry] = []
        var positions: [String: Int] = [:]
        var owned: [String: [Int]] = [:]
        var counts: [String: Int] = [:]
        var ranges: [String: Range<Int>] = [:]
        peers.reserveCapacity(catalog.peers.count)
        positions.reserveCapacity(catalog.peers.count)
        // A peer without a key has no id yet: it gets both within moments.
        for peer in catalog.peers {
            counts[peer.interface, default: 0] += 1
            guard let id = PeerQuery.id(of: peer, in: tree) else { continue }
            positions[id] = peers.count
            ranges[peer.interface] = (ranges[peer.interface]?.lowerBound ?? peers.count)..<peers.count + 1
            if let owner = peer.owner { owned[owner.lowercased(), default: []].append(peers.count) }
            peers.append(Entry(id: id, peer: peer))
        }
        self.peers = peers
        self.positions = positions
        self.owned = owned
        self.counts = counts
        self.ranges = ranges
    }

    /// The index of a peer in `peers`.
    func position(of id: String) -> Int? { positions[id] ?? positions[id.lowercased()] }

    /// The index of a peer in `peers`, by what it is called.
    func position(of identity: ObjectIdentity) -> Int? {
        guard let interface = identity.interface, let peer = tree.peer(identity.name, of: interface),
            let id = PeerQuery.id(of: peer, in: tree)
        else { return nil }
        return position(of: id)
    }

    /// What the peer of an id is called.
    func identity(of id: String) -> ObjectIdentity? {
        position(of: id).map { .peer(peers[$0].peer.name, of: peers[$0].peer.interface) }
    }

    /// The indices of the peers of an interface.
    func positions(of interface: String) -> Range<Int> { ranges[interface] ?? 0..<0 }

    /// The indices of the peers of a user, ascending.
    func positions(ownedBy user: String) -> [Int] { owned[user.lowercased()] ?? [] }

    /// How many peers an interface has.
    func peerCount(of interface: String) -> Int { counts[interface] ?? 0 }
}
