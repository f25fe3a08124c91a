import Credentials
import Manifest
public import Model

/// A peer to be created.
public struct PeerCreation: Sendable {
    /// The display name.
    public var name: String
    /// The interface; nil where there is only one.
    public var interface: String?
    /// The device's public key; nil: a key pair is generated and its private part sealed into the document.
    public var publicKey: PublicKey?
    /// The device's private key, which is sealed into the document; nil: see `publicKey`.
    public var privateKey: SecretKey?
    /// The preshared key, which is sealed into the document; nil: the fields and the settings say whether one is made.
    public var presharedKey: SecretKey?
    /// Every other field.
    public var fields: [FieldEdit]

    /// A peer.
    public init(name: String, interface: String? = nil, publicKey: PublicKey? = nil, fields: [FieldEdit] = []) {
        self.name = name
        self.interface = interface
        self.publicKey = publicKey
        self.fields = fields
    }

    /// The peer that a body describes.
    ///
    /// - Throws: ``GatewayFailure/invalidFields(kind:name:_:)``.
    public init(_ body: BodyEdits) throws(GatewayFailure) {
        var body = body
        guard let name = body.takeText("name") else {
            throw .invalidFields(kind: "Peer", name: "", [InvalidField("name", "a peer needs a name")])
        }
        self.init(name: name, interface: body.takeText("interface"))
        publicKey = body.takeText("public_key").flatMap { PublicKey($0) }
        privateKey = body.secrets.privateKey
        presharedKey = body.secrets.presharedKey
        fields = body.edits
    }
}

extension Intent {
    /// Creates a peer: missing addresses are allocated, missing keys generated here and now, once.
    ///
    /// - Parameter host: who is named as the recipient of sealed values in a repository without any.
    public static func createPeer(_ creation: PeerCreation, host: @escaping HostRecipient = { nil }) -> Intent {
        let keys = PeerKeys.made(
            for: creation.publicKey, privateKey: creation.privateKey, presharedKey: creation.presharedKey)
        return Intent { tree throws(GatewayFailure) in
            try keys.check(against: creation.publicKey, name: creation.name)
            return try PeerBuilder(creation: creation, keys: keys, host: host).build(in: tree)
        }
    }
}

/// The keys of a peer: those of the device, or a pair made for it.
struct PeerKeys: Sendable {
    let publicKey: PublicKey
    /// Nil where the device holds it.
    let privateKey: SecretKey?
    /// Used only where the settings want one.
    let presharedKey: SecretKey

    static func made(
        for publicKey: PublicKey?, privateKey: SecretKey? = nil, presharedKey: SecretKey? = nil
    ) -> PeerKeys {
        let pair = privateKey.map { KeyPair(privateKey: $0) } ?? (publicKey == nil ? KeyPair.generate() : nil)
        return PeerKeys(
            publicKey: pair?.publicKey ?? publicKey ?? PublicKey(words: (0, 0, 0, 0)), privateKey: pair?.privateKey,
            presharedKey: presharedKey ?? KeyPair.generate().privateKey)
    }

    /// Refuses a public key that is not the one of the private key.
    func check(against publicKey: PublicKey?, name: String) throws(GatewayFailure) {
        guard let publicKey, publicKey != self.publicKey else { return }
        throw .invalidFields(
            kind: "Peer", name: name,
            [InvalidField("public_key", "public_key is not the one of private_key: leave it out")])
    }
}

/// The document of a new peer.
private struct PeerBuilder {
    let creation: PeerCreation
    let keys: PeerKeys
    let host: HostRecipient

    func build(in tree: ManifestTree) throws(GatewayFailure) -> IntentOutcome {
        let interface = try interface(in: tree)
        let identity = ObjectIdentity.peer(creation.name, of: interface)
        if let place = tree.place(of: identity) {
            throw .alreadyExists(
                kind: "Peer", name: "\(interface)/\(creation.name)", place: "\(place.path):\(place.position.line)")
        }
        var values = try FieldEdit.values(creation.fields, kind: identity.kind)
        values["name"] = .string(creation.name)
        values["interface"] = .string(interface)
        values["public_key"] = .string(keys.publicKey.description)
        if values["ip"] == nil {
            values["ip"] = try AddressRequest(interface: interface, peer: identity).allocate(in: tree)
        }
        let newFile = try addSecrets(&values, tree)
        if values["id"] == nil {
            values["id"] = .string(PeerIdentity.implied(interface: interface, keys.publicKey, in: tree))
        }
        let order = Manifest.fields(of: identity.kind).map(\.name)
        let fields = order.compactMap { name in values[name].map { EditField(name, $0) } }

        var draft = Draft(tree)
        let label = dnsLabel(values)
        let path = NewFile.peer(interface: interface, label: label, in: tree)
        let sibling = tree.place(of: .interface(interface))?.path
        try draft.create(
            identity, at: path, modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling, in: tree),
            fields)
        if let newFile { draft.add(newFile) }
        if let peer = draft.tree.peer(creation.name, of: interface) {
            try AddressRequest(interface: interface, peer: identity).check(peer.ip, in: tree)
        }
        let difference = ObjectDifference(kind: identity.kind, old: nil, new: try draft.root(identity))
        let change = TreeChange(
            subject: Subject.of("Add peer \(creation.name) to \(interface)"),
            body: difference.lines.joined(separator: "\n"), files: try draft.files())
        return IntentOutcome(change: change, object: identity)
    }

    private func interface(in tree: ManifestTree) throws(GatewayFailure) -> String {
        if let name = creation.interface {
            guard tree.interface(name) != nil else { throw .noInterface(name, in: tree) }
            return name
        }
        let names = tree.interfaces.map(\.name)
        guard let only = names.first else {
            throw .conflict("there is no interface yet: add one with `wirebuddy interface add`")
        }
        guard names.count == 1 else {
            throw .ambiguous(kind: "Peer", name: creation.name, choices: names.map { "\($0)/\(creation.name)" })
        }
        return only
    }

    /// Seals the keys that are made here; the file that names the recipients, if it is new.
    private func addSecrets(
        _ values: inout [String: EditValue], _ tree: ManifestTree
    ) throws(GatewayFailure) -> FileChange? {
        var secrets: [(field: String, secret: SecretKey)] = []
        if let privateKey = keys.privateKey, values["private_key"] == nil {
            secrets.append(("private_key", privateKey))
        }
        let isWanted =
            creation.presharedKey.map { _ in true } ?? values["preshared_key"].map { $0 == .string("generate") }
        if isWanted ?? (keys.privateKey != nil && tree.settings.peers.presharedKeys) {
            secrets.append(("preshared_key", keys.presharedKey))
        }
        guard !secrets.isEmpty else { return nil }
        let sealing = try Sealing(in: tree, host: host)
        for (field, secret) in secrets {
            values[field] = try sealing.seal(secret, field: field, publicKey: keys.publicKey)
        }
        return sealing.newFile
    }

    private func dnsLabel(_ values: [String: EditValue]) -> String {
        if case .string(let label)? = values["dns_name"] { return label }
        return Manifest.dnsName(of: creation.name, publicKey: keys.publicKey)
    }
}
