import Manifest
import Model

extension Intent {
    /// Changes fields of a peer. A rename changes the name and nothing else: file, id, keys and secrets stay. DNS rules,
    /// access documents and forwards that name the peer follow.
    ///
    /// - Parameters:
    ///   - secrets: keys that are sealed into the document; a private key of another public key replaces both.
    ///   - host: who is named as the recipient of sealed values in a repository without any.
    public static func updatePeer(
        _ selector: PeerSelector, _ edits: [FieldEdit], secrets: BodySecrets = BodySecrets(),
        host: @escaping HostRecipient = { nil }
    ) -> Intent {
        let presharedKey = secrets.presharedKey ?? PeerKeys.made(for: nil).presharedKey
        let keys = secrets.privateKey.map {
            PeerKeys.made(for: nil, privateKey: $0, presharedKey: presharedKey)
        }
        return Intent { tree throws(GatewayFailure) in
            var update = try PeerUpdate(selector, in: tree, host: host)
            var edits = edits
            if let keys {
                let given = edits.firstIndex { $0.path == ["public_key"] }
                if let given, case .set(.string(let text)) = edits[given].action {
                    try keys.check(against: PublicKey(text), name: update.peer.name)
                    edits.remove(at: given)
                }
                update.replaceKeys(keys)
            }
            if secrets.presharedKey != nil {
                update.seal(presharedKey, FieldEdit(["preshared_key"], .set(.string("generate"))))
            }
            for edit in edits {
                if edit.action == .set(.string("generate")), edit.path == ["preshared_key"] {
                    update.seal(presharedKey, edit)
                } else {
                    try update.add(edit)
                }
            }
            return try update.outcome(verb: "Change")
        }
    }

    /// Lets a peer connect again.
    public static func enablePeer(_ selector: PeerSelector) -> Intent {
        Intent { tree throws(GatewayFailure) in
            var update = try PeerUpdate(selector, in: tree)
            guard !update.peer.enabled else { return IntentOutcome(change: nil, object: update.identity) }
            try update.add(FieldEdit(["enabled"], .set(.boolean(true))))
            return try update.outcome(verb: "Enable")
        }
    }

    /// Cuts a peer off and keeps its document.
    public static func disablePeer(_ selector: PeerSelector) -> Intent {
        Intent(isRevocation: true) { tree throws(GatewayFailure) in
            var update = try PeerUpdate(selector, in: tree)
            let key = PeerKey(interface: update.peer.interface, publicKey: update.peer.publicKey)
            var outcome = IntentOutcome(change: nil, object: update.identity)
            if update.peer.enabled {
                try update.add(FieldEdit(["enabled"], .set(.boolean(false))))
                outcome = try update.outcome(verb: "Disable")
            }
            if !key.publicKey.isZero { outcome.revoked = [key] }
            return outcome
        }
    }
}

/// Changes of one peer's document.
struct PeerUpdate {
    /// The peer as it was.
    let peer: Peer
    /// Its identity as it was.
    let identity: ObjectIdentity
    private let tree: ManifestTree
    private let host: HostRecipient
    private var edits: [FieldEdit] = []
    private var sealed: [(secret: SecretKey, field: String)] = []

    init(
        _ selector: PeerSelector, in tree: ManifestTree, host: @escaping HostRecipient = { nil }
    ) throws(GatewayFailure) {
        self.host = host
        self.tree = tree
        peer = try selector.peer(in: tree)
        identity = .peer(peer.name, of: peer.interface)
    }

    /// Adds a change of a field, checked as far as it can be without the others.
    mutating func add(_ edit: FieldEdit) throws(GatewayFailure) {
        try SecretField.check(edit, kind: identity.kind)
        if edit.path == ["id"], let id = peer.id, edit.action != .set(.string(id)) {
            let why = "id of \(identity.interface ?? "")/\(peer.name) is \(id) and stays: its history hangs on it"
            throw .invalidFields(kind: identity.kind, name: peer.name, [InvalidField("id", why)])
        }
        if edit.path == ["public_key"], peer.privateKey != nil || isSealed(peer.presharedKey) {
            throw .conflict(
                "the secrets of \(identity.interface ?? "")/\(peer.name) are sealed for its public key:"
                    + " use `wirebuddy peer rotate-keys`")
        }
        edits.append(edit)
    }

    /// Adds a secret that is sealed for the public key that the peer has then.
    mutating func seal(_ secret: SecretKey, _ edit: FieldEdit) {
        sealed.append((secret, edit.name))
    }

    /// Adds the change of keys: what was sealed for the old key doesn't open for the new one.
    mutating func replaceKeys(_ keys: PeerKeys) {
        if keys.publicKey == peer.publicKey, let privateKey = keys.privateKey {
            sealed.append((privateKey, "private_key"))
            return
        }
        edits.append(FieldEdit(["public_key"], .set(.string(keys.publicKey.description))))
        if let privateKey = keys.privateKey {
            sealed.append((privateKey, "private_key"))
        } else {
            edits.append(FieldEdit(["private_key"], .remove))
        }
        if isSealed(peer.presharedKey)
            || (keys.privateKey != nil && peer.presharedKey == nil && tree.settings.peers.presharedKeys)
        {
            sealed.append((keys.presharedKey, "preshared_key"))
        }
    }

    /// The tree with the changes, and the words of the commit.
    func outcome(verb: String) throws(GatewayFailure) -> IntentOutcome {
        var draft = Draft(tree)
        var present = identity
        let old = try draft.root(identity)
        for edit in try completed() { try apply(edit, to: &present, &draft) }
        let publicKey = draft.tree.peer(present.name, of: present.interface ?? "")?.publicKey ?? peer.publicKey
        if !sealed.isEmpty {
            let sealing = try Sealing(in: tree, host: host)
            for (secret, field) in sealed {
                let value = try sealing.seal(secret, field: field, publicKey: publicKey)
                try apply(FieldEdit([field], .set(value)), to: &present, &draft)
            }
            if let file = sealing.newFile { draft.add(file) }
        }
        guard try !draft.files().isEmpty else { return IntentOutcome(change: nil, object: present) }
        // From now on the id is the peer's own: it no longer follows from interface and key.
        if peer.id == nil, !edits.contains(where: { $0.path == ["id"] }), let id = PeerIdentity.of(peer, in: tree) {
            try apply(FieldEdit(["id"], .set(.string(id))), to: &present, &draft)
        }
        if present != identity {
            try draft.renameClient(from: identity, to: present, in: tree)
            try draft.renameReferences(from: identity, to: present, in: tree)
        }
        if let changed = draft.tree.peer(present.name, of: present.interface ?? "") {
            try AddressRequest(interface: changed.interface, peer: identity).check(changed.ip, in: tree)
        }
        let difference = ObjectDifference(kind: identity.kind, old: old, new: try draft.root(present))
        let what = "\(verb) \(verb == "Change" ? "" : "peer ")\(peer.name) of \(peer.interface)"
        let names = difference.names.filter { name in
            name != "id" || peer.id != nil || edits.contains { $0.path == ["id"] }
        }
        var outcome = IntentOutcome(
            change: TreeChange(
                subject: verb == "Change" ? Subject.of(what, fields: names) : Subject.of(what),
                body: difference.lines.joined(separator: "\n"), files: try draft.files()),
            object: present)
        if !peer.publicKey.isZero, publicKey != peer.publicKey || present.interface != peer.interface {
            outcome.consent.keys = [peer.publicKey]
            outcome.revoked = [PeerKey(interface: peer.interface, publicKey: peer.publicKey)]
        } else if !peer.publicKey.isZero, peer.enabled,
            draft.tree.peer(present.name, of: peer.interface)?.enabled == false
        {
            outcome.revoked = [PeerKey(interface: peer.interface, publicKey: peer.publicKey)]
        }
        return outcome
    }

    /// The changes, with new addresses where the peer moves to another interface.
    private func completed() throws(GatewayFailure) -> [FieldEdit] {
        guard let move = edits.last(where: { $0.path == ["interface"] }),
            case .set(.string(let interface)) = move.action,
            interface != peer.interface
        else { return edits }
        guard tree.interface(interface) != nil else { throw .noInterface(interface, in: tree) }
        guard !edits.contains(where: { $0.path == ["ip"] }) else { return edits }
        let addresses = try AddressRequest(interface: interface, peer: identity).allocate(in: tree)
        return edits + [FieldEdit(["ip"], .set(addresses))]
    }

    private func apply(
        _ edit: FieldEdit, to present: inout ObjectIdentity, _ draft: inout Draft
    ) throws(GatewayFailure) {
        let next = renamed(edit, present)
        if next != present, let place = draft.tree.place(of: next) {
            throw .alreadyExists(
                kind: "Peer", name: "\(next.interface ?? "")/\(next.name)",
                place: "\(place.path):\(place.position.line)")
        }
        try draft.apply(edit, to: present)
        present = next
    }

    private func renamed(_ edit: FieldEdit, _ present: ObjectIdentity) -> ObjectIdentity {
        guard case .set(.string(let text)) = edit.action, let interface = present.interface else { return present }
        switch edit.path {
        case ["name"]: return .peer(text, of: interface)
        case ["interface"]: return .peer(present.name, of: text)
        default: return present
        }
    }

    private func isSealed(_ reference: SecretReference?) -> Bool {
        if case .sealed? = reference { true } else { false }
    }
}
