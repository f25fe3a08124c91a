import Gateway
import Manifest
import Model

/// How an idempotency key remembers an object: a peer by its id, which a rename keeps, every other by its name.
struct WrittenObject {
    /// `Peer 123e4567-…`, `Interface wg0`.
    let text: String

    init(text: String) {
        self.text = text
    }

    init(_ identity: ObjectIdentity, in state: ResourceState) {
        var name = identity.name
        if let interface = identity.interface, let peer = state.declared.tree.peer(identity.name, of: interface),
            let id = PeerQuery.id(of: peer, in: state.declared.tree)
        {
            name = id
        }
        text = "\(identity.kind) \(name)"
    }

    /// The object as it is called now; nil when it is gone.
    func identity(in state: ResourceState) -> ObjectIdentity? {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        guard parts[0] == ObjectIdentity.peer("", of: "").kind else {
            return ObjectIdentity(kind: parts[0], name: parts[1])
        }
        guard let position = state.index.position(of: parts[1]) else { return nil }
        let peer = state.index.peers[position].peer
        return .peer(peer.name, of: peer.interface)
    }
}
