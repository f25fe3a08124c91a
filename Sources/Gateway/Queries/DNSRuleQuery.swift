import Credentials
public import Manifest
public import Model

/// A DNS rule of the repository under the id it goes by.
public struct DeclaredDNSRule: Sendable, Equatable {
    /// How it is written.
    public enum Form: Sendable, Equatable {
        /// With the fields of `kind: DNSRule`.
        case fields(PlacedDNSRule)
        /// As a line of an `adblock` block.
        case line(PlacedDNSFilterLine)
    }

    /// The id: of a rule with fields the one its document gives, else the one that follows from what it does.
    public let id: String
    /// How it is written.
    public let form: Form

    /// Where it stands.
    public var location: SourceLocation {
        switch form {
        case .fields(let placed): placed.rule.location
        case .line(let placed): placed.line.location
        }
    }

    /// What plans call it: what it does, however its domain is spelled.
    public var planName: String {
        guard case .fields(let placed) = form else { return text }
        var folded = placed.rule
        folded.domain = folded.foldedDomain
        return folded.description
    }

    /// What it does, in one line.
    public var text: String {
        switch form {
        case .fields(let placed): placed.rule.description
        case .line(let placed): placed.line.text
        }
    }
}

/// Questions about declared DNS rules.
public enum DNSRuleQuery {
    /// All rules and lines, in the order of the files and of their places there. Equal lines share their id.
    public static func rules(in tree: ManifestTree) -> [DeclaredDNSRule] {
        let digest = BLAKE2b256()
        let rules = tree.dnsRules.map { placed in
            DeclaredDNSRule(id: placed.rule.identifier(digest: digest), form: .fields(placed))
        }
        let lines = tree.placedDNSFilterLines.map { placed in
            DeclaredDNSRule(id: placed.line.identifier(digest: digest), form: .line(placed))
        }
        return (rules + lines).sorted { $0.location < $1.location }
    }

    /// The id of a rule.
    public static func id(of rule: DNSRule) -> String { rule.identifier(digest: BLAKE2b256()) }

    /// The rules that are about some peers and nobody else.
    public static func rules(of peers: [ObjectIdentity], in tree: ManifestTree) -> [PlacedDNSRule] {
        let clients = Set(peers.map { DNSClient.peer(name: $0.name, interface: $0.interface) })
        return tree.dnsRules { client(of: $0, in: tree).map(clients.contains) ?? false }
    }

    /// Whose queries a rule is about: the client with its interface, where its name stands on one alone.
    public static func client(of rule: DNSRule, in tree: ManifestTree) -> DNSClient? {
        guard case .peer(let name, nil)? = rule.client else { return rule.client }
        let found = tree.peers(named: name)
        return found.count == 1 ? .peer(name: name, interface: found[0].interface) : rule.client
    }
}

/// How a DNS rule is named: by its id.
public struct DNSRuleSelector: Sendable, Hashable {
    /// The id.
    public let id: String
    /// What the rule said when somebody looked; while it does, nobody works out the ids of all others.
    private let last: String?

    /// The rule of an id.
    public init(id: String) {
        self.id = id.lowercased()
        last = nil
    }

    /// A rule that was found.
    public init(_ rule: DeclaredDNSRule) {
        id = rule.id
        last = rule.text
    }

    /// The first rule of this id.
    ///
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)``.
    public func rule(in tree: ManifestTree) throws(GatewayFailure) -> DeclaredDNSRule {
        let digest = BLAKE2b256()
        if let last {
            let rules = tree.dnsRules { $0.description == last && $0.identifier(digest: digest) == id }
            if let placed = rules.first { return DeclaredDNSRule(id: id, form: .fields(placed)) }
            if let placed = tree.placedDNSFilterLines.first(where: {
                $0.line.text == last && $0.line.identifier(digest: digest) == id
            }) {
                return DeclaredDNSRule(id: id, form: .line(placed))
            }
        }
        guard let rule = DNSRuleQuery.rules(in: tree).first(where: { $0.id == id }) else {
            throw .notFound(kind: ResourceKind.dnsRule.rawValue, name: id, similar: [])
        }
        return rule
    }
}
