import Credentials
public import Manifest
public import Model

/// Objects as the API shows what is declared of them.
public enum ObjectView {
    /// The declared fields of a peer, with the id it has in any case (`null` only while it has no key).
    public static func peer(_ peer: Peer, in tree: ManifestTree) -> [(String, JSONValue)] {
        withID(PeerIdentity.of(peer, in: tree), Manifest.json(of: peer))
    }

    /// The declared fields of an interface.
    public static func interface(_ interface: Interface) -> [(String, JSONValue)] { Manifest.json(of: interface) }

    /// The declared fields of a user, with the id he has in any case.
    public static func user(_ user: User, in tree: ManifestTree) -> [(String, JSONValue)] {
        withID(UserQuery.id(of: user, in: tree), Manifest.json(of: user))
    }

    /// The settings, declared or by default.
    public static func settings(_ settings: Settings) -> [(String, JSONValue)] { Manifest.json(of: settings) }

    /// The settings of the DNS forwarder.
    public static func dnsSettings(_ settings: DNSSettings) -> [(String, JSONValue)] { Manifest.json(of: settings) }

    /// The declared fields of a blocklist.
    public static func blocklist(_ blocklist: Blocklist) -> [(String, JSONValue)] { Manifest.json(of: blocklist) }

    /// The declared fields of a DNS rule, with the id it has in any case.
    public static func dnsRule(_ rule: DNSRule) -> [(String, JSONValue)] {
        withID(rule.identifier(digest: BLAKE2b256()), Manifest.json(of: rule))
    }

    /// The declared fields of an access document.
    public static func access(_ rule: AccessRule) -> [(String, JSONValue)] { Manifest.json(of: rule) }

    /// The declared fields of a forward.
    public static func forward(_ forward: Forward) -> [(String, JSONValue)] { Manifest.json(of: forward) }

    /// The declared fields of an approval.
    public static func approval(_ approval: Approval) -> [(String, JSONValue)] { Manifest.json(of: approval) }

    private static func withID(_ id: String?, _ fields: [(String, JSONValue)]) -> [(String, JSONValue)] {
        fields.map { $0.0 == "id" ? ("id", .optional(id)) : $0 }
    }
}

/// The strong entity tags of declared objects: equal in reads, lists and answers of writes.
public enum ObjectTag {
    /// The tag of a peer, with quotes.
    public static func of(_ peer: Peer) -> String { tag(Manifest.canonicalForm(of: peer)) }

    /// The tag of an interface, with quotes.
    public static func of(_ interface: Interface) -> String { tag(Manifest.canonicalForm(of: interface)) }

    /// The tag of a user, with quotes.
    public static func of(_ user: User) -> String { tag(Manifest.canonicalForm(of: user)) }

    /// The tag of the settings, with quotes.
    public static func of(_ settings: Settings) -> String { tag(Manifest.canonicalForm(of: settings)) }

    /// The tag of the settings of the DNS forwarder, with quotes.
    public static func of(_ settings: DNSSettings) -> String { tag(Manifest.canonicalForm(of: settings)) }

    /// The tag of a blocklist, with quotes.
    public static func of(_ blocklist: Blocklist) -> String { tag(Manifest.canonicalForm(of: blocklist)) }

    /// The tag of a DNS rule, with quotes.
    public static func of(_ rule: DNSRule) -> String { tag(Manifest.canonicalForm(of: rule)) }

    /// The tag of a DNS rule in either form, with quotes.
    public static func of(_ rule: DeclaredDNSRule) -> String {
        switch rule.form {
        case .fields(let placed): of(placed.rule)
        case .line(let placed): tag(Array(placed.line.text.utf8))
        }
    }

    /// The tag of a document of access, with quotes.
    public static func of(_ rule: AccessRule) -> String { tag(Manifest.canonicalForm(of: rule)) }

    /// The tag of a forward, with quotes.
    public static func of(_ forward: Forward) -> String { tag(Manifest.canonicalForm(of: forward)) }

    /// The tag of an approval, with quotes.
    public static func of(_ approval: Approval) -> String { tag(Manifest.canonicalForm(of: approval)) }

    /// The tag of an object of a tree; nil if it is not there or of another kind.
    public static func of(_ identity: ObjectIdentity, in tree: ManifestTree) -> String? {
        switch ResourceKind(rawValue: identity.kind) {
        case .peer: tree.peer(identity.name, of: identity.interface ?? "").map { of($0) }
        case .interface: tree.interface(identity.name).map { of($0) }
        case .user: tree.user(identity.name).map { of($0) }
        case .settings: of(tree.settings)
        case .dnsSettings: of(SettingsQuery.dnsSettings(in: tree))
        case .blocklist: tree.blocklist(identity.name).map { of($0) }
        case .dnsRule: (try? DNSRuleSelector(id: identity.name).rule(in: tree)).map { of($0) }
        case .access: tree.accessRule(identity.name).map { of($0) }
        case .forward: tree.forward(identity.name).map { of($0) }
        case nil: nil
        }
    }

    private static func tag(_ form: [UInt8]) -> String {
        "\"\(BLAKE2b256().digest(form).description.prefix(32))\""
    }
}
