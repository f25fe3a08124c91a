public import Model

/// What names an object in the repository: kind and name, for a peer its interface too. A DNS rule goes by its id, or by
/// what it does; a group of them by the path of its file.
public struct ObjectIdentity: Hashable, Sendable {
    /// The word behind `kind:`.
    public let kind: String
    /// The interface of a peer; nil for every other kind.
    public let interface: String?
    /// The name; empty for a kind of which there is at most one.
    public let name: String

    /// An identity.
    public init(kind: String, interface: String? = nil, name: String) {
        self.kind = kind
        self.interface = interface
        self.name = name
    }

    /// The identity of a peer.
    public static func peer(_ name: String, of interface: String) -> ObjectIdentity {
        ObjectIdentity(kind: PeerKind.kind.name, interface: interface, name: name)
    }

    /// The identity of an interface.
    public static func interface(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: InterfaceKind.kind.name, name: name)
    }

    /// The identity of a user.
    public static func user(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: UserKind.kind.name, name: name)
    }

    /// The identity of a blocklist.
    public static func blocklist(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: BlocklistKind.kind.name, name: name)
    }

    /// The identity of a rule with a document of its own.
    public static func dnsRule(_ rule: DNSRule) -> ObjectIdentity {
        ObjectIdentity(kind: DNSRuleKind.kind.name, name: rule.id ?? rule.description)
    }

    /// The identity of a group of rules; of the first one, where a file holds several.
    public static func dnsRules(in path: String) -> ObjectIdentity {
        ObjectIdentity(kind: DNSRulesKind.kind.name, name: path)
    }

    /// The identity of a document of access.
    public static func access(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: AccessKind.kind.name, name: name)
    }

    /// The identity of a forward.
    public static func forward(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: ForwardKind.kind.name, name: name)
    }

    /// The identity of an approval.
    public static func approval(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: ApprovalKind.kind.name, name: name)
    }

    /// The identity of an acknowledgement.
    public static func acknowledgement(_ name: String) -> ObjectIdentity {
        ObjectIdentity(kind: AcknowledgementKind.kind.name, name: name)
    }

    /// The identity of the DNS forwarder.
    public static let dnsSettings = ObjectIdentity(kind: DNSSettingsKind.kind.name, name: "")

    /// The identity of the settings.
    public static let settings = ObjectIdentity(kind: SettingsKind.kind.name, name: "")

    /// The identity of the recipients of sealed values.
    public static let recipients = ObjectIdentity(kind: RecipientsKind.kind.name, name: "")
}

extension ObjectIdentity: CustomStringConvertible {
    /// `Peer wg0/phone`, `Interface wg0`, `Settings`.
    public var description: String {
        name.isEmpty ? kind : "\(kind) \(interface.map { "\($0)/" } ?? "")\(Printable.shortened(name))"
    }
}

/// Where an object stands.
public struct ObjectPlace: Sendable, Hashable {
    /// The file, relative to the repository's root.
    public let path: String
    /// The document's index among ``SyntaxTree/documents`` of that file.
    public let document: Int
    /// Where the document begins.
    public let position: SourcePosition

    /// A place.
    public init(path: String, document: Int, position: SourcePosition) {
        self.path = path
        self.document = document
        self.position = position
    }
}
