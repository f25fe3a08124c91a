import Model

/// The peers as they were compiled before: one whose document is the same is not compiled again, unless it follows from
/// more than that (a secret, the address of a name).
struct EarlierPeers: Sendable {
    private let documents: [Peer]
    private let settings: Settings
    private let compiled: [String: [DesiredPeer]]
    /// Where the documents that were not asked for begin.
    private var next = 0

    /// What a catalog was compiled into.
    init(_ catalog: Catalog, _ state: DesiredState) {
        documents = catalog.peers
        settings = catalog.settings
        compiled = Dictionary(
            state.interfaces.lazy.map { ($0.name, $0.peers) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether anything stays what it was under these settings.
    func hold(under settings: Settings) -> Bool { settings == self.settings }

    /// The peer of a document; nil: it has to be compiled. To be asked in the order of a catalog.
    mutating func take(_ document: Peer) -> DesiredPeer? {
        while next < documents.count, documents[next] != document {
            guard Self.isBefore(documents[next], document) else { return nil }
            next += 1
        }
        guard next < documents.count else { return nil }
        next += 1
        if document.presharedKey != nil { return nil }
        if case .name = document.endpoint?.host { return nil }
        return find(document.publicKey, in: compiled[document.interface] ?? [])
    }

    private func find(_ key: PublicKey, in peers: [DesiredPeer]) -> DesiredPeer? {
        var (low, high) = (0, peers.count)
        while low < high {
            let middle = (low + high) / 2
            if peers[middle].publicKey < key { low = middle + 1 } else { high = middle }
        }
        return low < peers.count && peers[low].publicKey == key ? peers[low] : nil
    }

    /// The order of ``Catalog/peers``.
    private static func isBefore(_ left: Peer, _ right: Peer) -> Bool {
        left.interface == right.interface
            ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            : left.interface.utf8.lexicographicallyPrecedes(right.interface.utf8)
    }
}
