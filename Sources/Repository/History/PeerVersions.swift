import Manifest
import Model

/// The peers in the files that one commit changed, before and after it.
struct PeerVersions {
    let before: [Peer]
    let after: [Peer]

    /// Something went, came or changed; moved files and comments are nothing.
    func change(of key: PublicKey, on interface: String) -> Change? {
        let isIt = { (peer: Peer) in peer.publicKey == key && peer.interface == interface }
        let (old, new) = (before.first(where: isIt), after.first(where: isIt))
        switch (old, new) {
        case (nil, nil): return nil
        case (let old?, let new?): return Self.isSame(old, new) ? nil : Change(earlierKey: nil)
        case (nil, let new?):
            // A new key for a peer that was there: the history goes on with the one before.
            let former = before.first { old in
                old.interface == interface && old.publicKey != key
                    && (old.name.utf8.elementsEqual(new.name.utf8) || old.id != nil && old.id == new.id)
            }
            return Change(earlierKey: former?.publicKey)
        case (_?, nil): return Change(earlierKey: nil)
        }
    }

    /// A commit that concerns a peer.
    struct Change {
        /// The key it had before, if this gave it another one.
        let earlierKey: PublicKey?
    }

    /// The keys that went, by interface.
    var removed: Set<PeerKeyID> {
        Set(before.map(PeerKeyID.init)).subtracting(after.map(PeerKeyID.init))
    }

    private static func isSame(_ old: Peer, _ new: Peer) -> Bool {
        var moved = old
        moved.location = new.location
        return moved == new
    }
}

/// The identity of a peer in the kernel.
struct PeerKeyID: Hashable, Sendable {
    let interface: String
    let publicKey: PublicKey

    init(_ peer: Peer) {
        interface = peer.interface
        publicKey = peer.publicKey
    }
}
