public import Model

extension Manifest {
    /// The declared fields of a peer as the API shows them: in the order of the table, defaults resolved (`null` where
    /// they follow from other objects), `ip` the first address and `ips` all, `has_private_key` and `has_preshared_key`
    /// in the place of secrets.
    public static func json(of peer: Peer) -> [(String, JSONValue)] { PeerKind.table.json(of: peer) }

    /// The declared fields of an interface; `address` is the first one and `addresses` all, `has_private_key` in the
    /// place of the secret.
    public static func json(of interface: Interface) -> [(String, JSONValue)] {
        InterfaceKind.table.json(of: interface)
    }

    /// The declared fields of a user; `has_password` in the place of the hash.
    public static func json(of user: User) -> [(String, JSONValue)] { UserKind.table.json(of: user) }

    /// The settings, declared or by default.
    public static func json(of settings: Settings) -> [(String, JSONValue)] { SettingsKind.table.json(of: settings) }

    /// The DNS forwarder's settings.
    public static func json(of settings: DNSSettings) -> [(String, JSONValue)] {
        DNSSettingsKind.table.json(of: settings)
    }

    /// The declared fields of a blocklist; `null` for `url` or `file`.
    public static func json(of blocklist: Blocklist) -> [(String, JSONValue)] {
        BlocklistKind.table.json(of: blocklist)
    }

    /// The declared fields of a DNS rule.
    public static func json(of rule: DNSRule) -> [(String, JSONValue)] { DNSRuleKind.table.json(of: rule) }

    /// The declared fields of a document of access.
    public static func json(of rule: AccessRule) -> [(String, JSONValue)] { AccessKind.table.json(of: rule) }

    /// The declared fields of a forward.
    public static func json(of forward: Forward) -> [(String, JSONValue)] { ForwardKind.table.json(of: forward) }

    /// The declared fields of an approval.
    public static func json(of approval: Approval) -> [(String, JSONValue)] { ApprovalKind.table.json(of: approval) }

    /// The declared fields of an acknowledgement.
    public static func json(of acknowledgement: Acknowledgement) -> [(String, JSONValue)] {
        AcknowledgementKind.table.json(of: acknowledgement)
    }

    /// What is equal for peers that say the same, for digests; holds sealed texts.
    public static func canonicalForm(of peer: Peer) -> [UInt8] {
        PeerKind.table.canonicalForm(of: peer, kind: PeerKind.kind.name)
    }

    /// What is equal for interfaces that say the same, for digests; holds sealed texts.
    public static func canonicalForm(of interface: Interface) -> [UInt8] {
        InterfaceKind.table.canonicalForm(of: interface, kind: InterfaceKind.kind.name)
    }

    /// What is equal for users that say the same, for digests; holds the password's hash.
    public static func canonicalForm(of user: User) -> [UInt8] {
        UserKind.table.canonicalForm(of: user, kind: UserKind.kind.name)
    }

    /// What is equal for settings that say the same, for digests.
    public static func canonicalForm(of settings: Settings) -> [UInt8] {
        SettingsKind.table.canonicalForm(of: settings, kind: SettingsKind.kind.name)
    }

    /// What is equal for settings of the DNS forwarder that say the same, for digests.
    public static func canonicalForm(of settings: DNSSettings) -> [UInt8] {
        DNSSettingsKind.table.canonicalForm(of: settings, kind: DNSSettingsKind.kind.name)
    }

    /// What is equal for blocklists that say the same, for digests.
    public static func canonicalForm(of blocklist: Blocklist) -> [UInt8] {
        BlocklistKind.table.canonicalForm(of: blocklist, kind: BlocklistKind.kind.name)
    }

    /// What is equal for DNS rules that say the same, for digests.
    public static func canonicalForm(of rule: DNSRule) -> [UInt8] {
        DNSRuleKind.table.canonicalForm(of: rule, kind: DNSRuleKind.kind.name)
    }

    /// What is equal for documents of access that say the same, for digests.
    public static func canonicalForm(of rule: AccessRule) -> [UInt8] {
        AccessKind.table.canonicalForm(of: rule, kind: AccessKind.kind.name)
    }

    /// What is equal for forwards that say the same, for digests.
    public static func canonicalForm(of forward: Forward) -> [UInt8] {
        ForwardKind.table.canonicalForm(of: forward, kind: ForwardKind.kind.name)
    }

    /// What is equal for approvals that say the same, for digests.
    public static func canonicalForm(of approval: Approval) -> [UInt8] {
        ApprovalKind.table.canonicalForm(of: approval, kind: ApprovalKind.kind.name)
    }
}

extension ManifestTree {
    /// The declared fields of an object as the API shows them; nil if it is not there or no kind that is shown.
    public func json(of identity: ObjectIdentity) -> [(String, JSONValue)]? {
        switch identity.kind {
        case PeerKind.kind.name: peer(identity.name, of: identity.interface ?? "").map(Manifest.json)
        case InterfaceKind.kind.name: interface(identity.name).map(Manifest.json)
        case UserKind.kind.name: user(identity.name).map(Manifest.json)
        case SettingsKind.kind.name: Manifest.json(of: settings)
        case DNSSettingsKind.kind.name: dnsSettings.map(Manifest.json)
        case BlocklistKind.kind.name: blocklist(identity.name).map(Manifest.json)
        case DNSRuleKind.kind.name: dnsRule(identity).map(Manifest.json)
        case AccessKind.kind.name: accessRule(identity.name).map(Manifest.json)
        case ForwardKind.kind.name: forward(identity.name).map(Manifest.json)
        default: nil
        }
    }
}
