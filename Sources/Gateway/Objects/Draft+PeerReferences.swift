import Manifest
import Model

extension PeerReference {
    /// The peer that is meant; nil where there is none, or several.
    func identity(in tree: ManifestTree) -> ObjectIdentity? {
        if let interface { return .peer(name, of: interface) }
        let found = tree.peers(named: name)
        return found.count == 1 ? .peer(name, of: found[0].interface) : nil
    }
}

extension Draft {
    /// Removes what access documents and forwards say of these peers: a forward that leads to one goes, and so does an
    /// access document that is about nobody else.
    ///
    /// - Parameter interface: the interface that goes with all its peers; nil: it stays.
    /// - Returns: what was removed, for the words of the commit.
    /// - Throws: ``GatewayFailure/conflict(_:)``, see ``remove(_:of:for:)``.
    mutating func removeReferences(
        to peers: [ObjectIdentity], interface: String? = nil, for identity: ObjectIdentity
    ) throws(GatewayFailure) -> [String] {
        let before = tree
        let gone = Set(peers)
        let isGone = { (reference: PeerReference) in reference.identity(in: before).map(gone.contains) ?? false }
        var lines: [String] = []
        for forward in before.forwards where isGone(forward.to.peer) {
            try remove([.forward(forward.name)])
            lines.append("forward \(forward.name) goes with it")
        }
        for rule in before.accessRules {
            var references = AccessReferences()
            references.peers = rule.from.peers.indices.filter { isGone(rule.from.peers[$0]) }
            references.interfaces = rule.from.interfaces.indices.filter { rule.from.interfaces[$0] == interface }
            references.destinations = rule.to.indices.filter {
                if case .peer(let peer) = rule.to[$0] { isGone(peer) } else { false }
            }
            if let line = try remove(references, of: rule, for: identity) { lines.append(line) }
        }
        return lines
    }

    /// Lets access documents and forwards say what a peer is called now.
    ///
    /// - Parameters:
    ///   - old: what it was called.
    ///   - before: the tree in which it was.
    mutating func renameReferences(
        from old: ObjectIdentity, to new: ObjectIdentity, in before: ManifestTree
    ) throws(GatewayFailure) {
        let isUnique = tree.peers(named: new.name).count == 1
        let text = { (reference: PeerReference) in
            "\(PeerReference(name: new.name, interface: reference.interface == nil && isUnique ? nil : new.interface))"
        }
        for forward in before.forwards where forward.to.peer.identity(in: before) == old {
            try set(["to", "peer"], to: text(forward.to.peer), in: .forward(forward.name), for: new)
        }
        for rule in before.accessRules {
            let document = ObjectIdentity.access(rule.name)
            for (index, peer) in rule.from.peers.enumerated() where peer.identity(in: before) == old {
                let path = try path(of: index, in: ["from", "peers"], of: document)
                try set(path, to: text(peer), in: document, for: new)
            }
            for (index, destination) in rule.to.enumerated() {
                guard case .peer(let peer) = destination, peer.identity(in: before) == old else { continue }
                let path = try path(of: index, in: ["to"], of: document)
                try set(path + ["peer"], to: text(peer), in: document, for: new)
            }
        }
    }

    /// The path of an element: that of the list itself where the element stands alone.
    private func path(
        of index: Int, in list: [String], of document: ObjectIdentity
    ) throws(GatewayFailure) -> [String] {
        guard case .list = try root(at: try place(document), list).content else { return list }
        return list + ["\(index)"]
    }

    private mutating func set(
        _ path: [String], to text: String, in document: ObjectIdentity, for identity: ObjectIdentity
    ) throws(GatewayFailure) {
        let place = try place(document)
        try edit(place, [.set(document: place.document, path: path, value: .string(text))], for: identity)
    }
}
