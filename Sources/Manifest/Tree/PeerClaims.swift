import Model

/// What the peers of a tree have to themselves: names, DNS labels, public keys, identifiers and addresses, brought along
/// file by file, so that a tree of which one file changed need not compare all its peers with each other again.
///
/// Kept as hashes. Equal claims have equal ones: where each stands once, no two peers share anything. Two claims that
/// differ may have the same one by chance, which costs no more than comparing.
public struct PeerClaims: Sendable {
    /// In pieces, so that a change copies one of them where somebody holds the claims of before.
    private var hashes = [Set<Int>](repeating: [], count: 256)
    /// How many more times than once a hash is there.
    private var further: [Int: Int] = [:]

    /// The claims of no file.
    public init() {}

    /// Whether no two peers share anything.
    var areDistinct: Bool { further.isEmpty }

    /// Adds the claims of a file.
    public mutating func insert(_ file: ParsedFile) {
        Self.forEach(in: file) { hash in
            if !hashes[hash & 255].insert(hash).inserted { further[hash, default: 0] += 1 }
        }
    }

    /// Removes the claims of a file that was inserted.
    public mutating func remove(_ file: ParsedFile) {
        Self.forEach(in: file) { hash in
            switch further[hash] {
            case nil: hashes[hash & 255].remove(hash)
            case 1: further[hash] = nil
            case let count?: further[hash] = count - 1
            }
        }
    }

    /// The claims of a file: all that ``Assembly/checkIdentities()`` and ``Assembly/checkAddresses()`` compare.
    private static func forEach(in file: ParsedFile, _ body: (Int) -> Void) {
        for object in file.objects {
            guard case .peer(let declared) = object else { continue }
            let (peer, valid) = (declared.object, declared.valid)
            if valid.contains(PeerKind.interface), valid.contains(PeerKind.name) {
                body(hash(.name, peer.interface, peer.name))
                if !peer.dnsName.isEmpty { body(hash(.label, peer.interface, peer.dnsName)) }
            }
            if valid.contains(PeerKind.publicKey) { body(hash(.key, peer.publicKey)) }
            if let identifier = peer.id { body(hash(.identifier, identifier)) }
            guard valid.contains(PeerKind.interface), valid.contains(PeerKind.ip) else { continue }
            for address in peer.ip { body(hash(.address, peer.interface, address)) }
        }
    }

    private enum Kind { case name, label, key, identifier, address }

    private static func hash<each Part: Hashable>(_ kind: Kind, _ parts: repeat each Part) -> Int {
        var hasher = Hasher()
        hasher.combine(kind)
        repeat hasher.combine(each parts)
        return hasher.finalize()
    }
}
