import Model

/// The documents that the firewall enforces, as plans speak of them: the kernel shows what they became, not which they
/// were, so the inventory keeps what was applied last.
struct DesiredPolicies {
    /// The records by object, as the inventory keeps them.
    private(set) var records: [ObjectID: String] = [:]
    /// The `Access` documents.
    let rules: [AccessRule]
    /// The `Forward` documents.
    let forwards: [Forward]
    /// Every declared peer.
    let peers: [Peer]

    /// Without documents.
    init() {
        rules = []
        forwards = []
        peers = []
    }

    init(_ catalog: Catalog, digest: any Digest) {
        rules = catalog.access
        forwards = catalog.forwards
        peers = catalog.peers
        for rule in catalog.access {
            records[ObjectID(.access, rule.name)] = PolicyRecord(rule).text(digest)
        }
        for forward in catalog.forwards {
            records[ObjectID(.forward, forward.name)] = PolicyRecord(forward).text(digest)
        }
    }
}
