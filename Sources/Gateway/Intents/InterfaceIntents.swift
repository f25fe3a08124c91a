import Manifest
public import Model

extension Intent {
    /// Creates an interface.
    ///
    /// - Parameters:
    ///   - fields: at least `address`; without `listen_port` the first free one from 51820 on.
    ///   - privateKey: is sealed into the document.
    ///   - host: who is named as the recipient of sealed values in a repository without any.
    public static func createInterface(
        _ name: String, fields: [FieldEdit], privateKey: SecretKey? = nil, host: @escaping HostRecipient = { nil }
    ) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let identity = ObjectIdentity.interface(name)
            if let place = tree.place(of: identity) {
                throw .alreadyExists(kind: "Interface", name: name, place: "\(place.path):\(place.position.line)")
            }
            var draft = Draft(tree)
            var values = try FieldEdit.values(fields, kind: identity.kind)
            values["name"] = .string(name)
            if values["listen_port"] == nil {
                let used = Set(tree.interfaces.map(\.listenPort))
                guard let port = (51820...UInt16.max).first(where: { !used.contains($0) }) else {
                    throw .conflict("no port from 51820 on is free: choose one with --listen-port")
                }
                values["listen_port"] = .integer(Int64(port))
            }
            var newFile: FileChange?
            if let privateKey {
                let sealing = try Sealing(in: tree, host: host)
                values["private_key"] = try sealing.seal(privateKey, ofInterface: name)
                newFile = sealing.newFile
            }
            let order = Manifest.fields(of: identity.kind).map(\.name)
            let path = NewFile.interface(name, in: tree)
            let sibling =
                tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) } ?? tree.place(of: .settings)
            try draft.create(
                identity, at: path,
                modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree),
                order.compactMap { name in values[name].map { EditField(name, $0) } })
            if let newFile { draft.add(newFile) }
            let difference = ObjectDifference(kind: identity.kind, old: nil, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Add interface \(name)"), body: difference.lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
        }
    }

    /// Changes fields of an interface. Its name is its identity and stays.
    ///
    /// - Parameters:
    ///   - privateKey: is sealed into the document.
    ///   - host: who is named as the recipient of sealed values in a repository without any.
    public static func updateInterface(
        _ name: String, _ edits: [FieldEdit], privateKey: SecretKey? = nil, host: @escaping HostRecipient = { nil }
    ) -> Intent {
        Intent { tree throws(GatewayFailure) in
            guard let privateKey else { return try changeInterface(name, edits, verb: "Change", in: tree) }
            let sealing = try Sealing(in: tree, host: host)
            let key = FieldEdit(["private_key"], .set(try sealing.seal(privateKey, ofInterface: name)))
            return try changeInterface(name, edits + [key], verb: "Change", newFile: sealing.newFile, in: tree)
        }
    }

    /// Lets an interface run.
    public static func startInterface(_ name: String) -> Intent { setEnabled(name, true) }

    /// Stops an interface; its configuration is kept.
    public static func stopInterface(_ name: String) -> Intent { setEnabled(name, false) }

    /// Removes an interface.
    ///
    /// - Parameter withPeers: also its peers; otherwise it is refused while there are any.
    public static func removeInterface(_ name: String, withPeers: Bool = false) -> Intent {
        Intent(isRevocation: true) { tree throws(GatewayFailure) in
            guard tree.interface(name) != nil else { throw .noInterface(name, in: tree) }
            let peers = tree.peers(of: name)
            guard withPeers || peers.isEmpty else {
                let count = peers.count == 1 ? "a peer" : "\(peers.count) peers"
                throw .conflict(
                    "interface \(name) has \(count): remove them first, or all at once with"
                        + " --with-peers (over HTTP: cascade=true)")
            }
            let identity = ObjectIdentity.interface(name)
            var draft = Draft(tree)
            let identities = peers.map { ObjectIdentity.peer($0.name, of: name) }
            let rules = try draft.removeDNSRules(of: identities, for: identity)
            let references = try draft.removeReferences(to: identities, interface: name, for: identity)
            try draft.remove(identities + [identity])
            let and = peers.isEmpty ? "" : peers.count == 1 ? " and its peer" : " and its \(peers.count) peers"
            var outcome = IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Remove interface \(name)\(and)"),
                    body: (peers.map { "peer \($0.name)" } + rules.map { "DNS rule \($0)" } + references)
                        .joined(separator: "\n"), files: try draft.files()),
                object: identity)
            outcome.consent.interfaces = [name]
            outcome.consent.keys = Set(peers.map(\.publicKey))
            outcome.revoked = peers.map { PeerKey(interface: name, publicKey: $0.publicKey) }
            return outcome
        }
    }

    private static func setEnabled(_ name: String, _ isEnabled: Bool) -> Intent {
        Intent(isRevocation: !isEnabled) { tree throws(GatewayFailure) in
            guard let interface = tree.interface(name) else { throw .noInterface(name, in: tree) }
            guard interface.enabled != isEnabled else { return IntentOutcome(change: nil, object: .interface(name)) }
            return try changeInterface(
                name, [FieldEdit(["enabled"], .set(.boolean(isEnabled)))], verb: isEnabled ? "Start" : "Stop", in: tree)
        }
    }

    private static func changeInterface(
        _ name: String, _ edits: [FieldEdit], verb: String, newFile: FileChange? = nil, in tree: ManifestTree
    ) throws(GatewayFailure) -> IntentOutcome {
        guard tree.interface(name) != nil else { throw .noInterface(name, in: tree) }
        let identity = ObjectIdentity.interface(name)
        var draft = Draft(tree)
        let old = try draft.root(identity)
        for edit in edits {
            try SecretField.check(edit, kind: identity.kind)
            if edit.path == ["name"], edit.action != .set(.string(name)) {
                throw .conflict(
                    "the name of an interface is its identity: add another interface and move the peers with"
                        + " `wirebuddy peer set NAME interface=…`")
            }
            try draft.apply(edit, to: identity)
        }
        if let newFile { draft.add(newFile) }
        let files = try draft.files()
        guard !files.isEmpty else { return IntentOutcome(change: nil, object: identity) }
        let difference = ObjectDifference(kind: identity.kind, old: old, new: try draft.root(identity))
        return IntentOutcome(
            change: TreeChange(
                subject: verb == "Change"
                    ? Subject.of("Change interface \(name)", fields: difference.names)
                    : Subject.of("\(verb) interface \(name)"),
                body: difference.lines.joined(separator: "\n"), files: files),
            object: identity)
    }
}
