import Model

/// The addresses of one interface whose DNS is enforced. An address belongs to the peer with the longest prefix over it,
/// as WireGuard and the forwarder have it: a network loses what lies in it and is of a peer that is not enforced.
struct EnforcedSources {
    private var enforced: [Prefix] = []
    private var others: [Prefix] = []

    /// Adds what a peer may send from.
    mutating func add(_ allowedIPs: [Prefix], isEnforced: Bool) {
        if isEnforced { enforced += allowedIPs } else { others += allowedIPs }
    }

    /// The hosts and networks, without an order.
    var prefixes: [Prefix] {
        if others.isEmpty { return enforced }
        return enforced.flatMap { prefix in prefix.isHost ? [prefix] : prefix.without(others) }
    }
}
