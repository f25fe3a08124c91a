public import Model

/// What the inventory keeps about an object that was applied and read back, as one line of text. It tells drift from
/// change: a desired object whose digest is the recorded one did not change, so a difference is the host's.
public struct AppliedRecord: Sendable, Hashable {
    /// The digest of the desired object.
    public var digest: String
    /// The pinned endpoint of a peer as declared; of an interface what its devices know it by. Empty when none.
    public var endpoint: String
    /// The name people gave the object.
    public var name: String
    /// What the forwarder does for a peer.
    var dns: PeerDNSFields

    /// A record.
    public init(digest: String, endpoint: String = "", name: String = "") {
        self.digest = digest
        self.endpoint = endpoint
        self.name = name
        dns = .defaults
    }

    /// The record of a peer.
    init(_ peer: DesiredPeer) {
        self.init(digest: peer.digest, endpoint: peer.declaredEndpoint ?? "", name: peer.name)
        dns = peer.dns
    }

    /// Reads the line; anything else counts as a digest that matches nothing.
    public init(_ text: String) {
        // No name of a peer and no endpoint has a "|".
        let parts = text.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
        digest = String(parts.first ?? "")
        endpoint = parts.count > 1 ? String(parts[1]) : ""
        name = parts.count > 2 ? String(parts[2]) : ""
        dns = parts.count > 3 ? PeerDNSFields(String(parts[3])) : .defaults
    }

    /// The line: `digest|endpoint|name`, and `|` with what the forwarder does for a peer where that is not the default.
    public var text: String {
        let dns = dns.text
        return "\(digest)|\(endpoint)|\(name)" + (dns.isEmpty ? "" : "|\(dns)")
    }

    /// Whether a line says what the forwarder does for a peer: it is asked of every peer in every pass.
    static func hasDNS(_ text: String) -> Bool {
        let bytes = text.utf8.span
        var bars = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "|") { bars += 1 }
        return bars > 2
    }

    /// The records of everything a desired state consists of on a host, but those of the peers that another state has
    /// just so. The controller stores those that were read back.
    public static func all(
        of desired: DesiredState, on host: HostIdentity, without other: DesiredState? = nil
    ) -> [ObjectID: String] {
        var records: [ObjectID: String] = [:]
        for interface in desired.interfaces {
            records[ObjectID(.interface, interface.name)] =
                AppliedRecord(digest: interface.digest, endpoint: interface.identity).text
            let others = other?.interfaces.first { $0.name == interface.name }?.peers ?? []
            for peer in interface.peers(without: others) {
                let id = ObjectID(peer: PeerID(interface: interface.name, publicKey: peer.publicKey))
                records[id] = AppliedRecord(peer).text
            }
        }
        for route in desired.routes { records[ObjectID(route)] = AppliedRecord(digest: "route").text }
        for rule in desired.rules { records[ObjectID(rule)] = AppliedRecord(digest: "rule").text }
        if let firewall = desired.firewall {
            records[.firewallTable] = AppliedRecord(digest: firewall.policyDigest).text
            if firewall.policy.forwards != nil {
                records[.forwardedConnections] = AppliedRecord(digest: host.bootID).text
            }
            for (set, members) in firewall.elements {
                for member in members { records[ObjectID(set, member)] = AppliedRecord(digest: "member").text }
            }
        }
        records.merge(desired.policies.records) { $1 }
        for rule in desired.foreignRules { records[ObjectID(rule)] = AppliedRecord(digest: "rule").text }
        for (sysctl, value) in desired.sysctls {
            records[ObjectID(sysctl)] = AppliedRecord(digest: value).text
        }
        if let projections = desired.projections {
            for user in projections.users {
                records[ObjectID(.user, user.row.username)] = AppliedRecord(digest: user.digest).text
            }
            records[.apiSettings] = AppliedRecord(digest: projections.settingsDigest).text
            add(projections.dns, to: &records)
        }
        return records
    }

    private static func add(_ dns: DesiredDNS, to records: inout [ObjectID: String]) {
        if !dns.rows.settings.isEmpty { records[.dnsForwarder] = AppliedRecord(digest: dns.settingsDigest).text }
        for (row, digest) in zip(dns.rows.blocklists, dns.blocklistDigests) {
            records[ObjectID(.blocklist, row.name)] = AppliedRecord(digest: digest).text
        }
        for (row, digest) in zip(dns.rows.rules, dns.ruleDigests) {
            records[ObjectID(row)] = AppliedRecord(digest: digest).text
        }
    }
}

extension DesiredInterface {
    /// The peers whose record is another than with others, which are sorted by public key like these.
    fileprivate func peers(without others: [DesiredPeer]) -> [DesiredPeer] {
        guard !others.isEmpty else { return peers }
        var index = 0
        return peers.filter { peer in
            while index < others.count, others[index].publicKey < peer.publicKey { index += 1 }
            guard index < others.count, others[index].publicKey == peer.publicKey else { return true }
            return !peer.hasRecord(of: others[index])
        }
    }
}

extension DesiredPeer {
    fileprivate func hasRecord(of other: DesiredPeer) -> Bool {
        digest == other.digest && name == other.name && declaredEndpoint == other.declaredEndpoint && dns == other.dns
    }
}

extension ObjectID {
    /// The one nftables table we own.
    public static let firewallTable = ObjectID(.firewall, "inet wirebuddy")

    /// What ports of the gateway led to peers since the host started, as the inventory remembers it.
    static let forwardedConnections = ObjectID(.firewall, "forwarded connections")

    /// The settings of the API.
    public static let apiSettings = ObjectID(.settings, "api")

    /// The DNS forwarder with its settings.
    public static let dnsForwarder = ObjectID(.dnsSettings, "forwarder")

    /// The places where the DNS forwarder answers, as conditions speak of them.
    public static let dnsListeners = ObjectID(.dnsSettings, "listeners")

    /// What is observed beside the host itself, as conditions speak of it.
    public static let telemetry = ObjectID(.settings, "telemetry")

    /// A DNS rule by what it does, or a line of an `adblock` block by its text.
    public init(_ rule: ProjectedDNSRule) {
        self.init(.dnsRule, rule.text)
    }

    /// A peer by its identity in the kernel: `interface/public key`. The inventory uses it; people see names.
    public init(peer: PeerID) {
        self.init(.peer, "\(peer.interface)/\(peer.publicKey)")
    }

    /// A route by everything that identifies it.
    public init(_ route: Route) {
        let table = route.table == Route.mainTable ? "" : " table \(route.table)"
        self.init(.route, "\(route.destination) dev \(route.interface)\(table)")
    }

    /// A rule by everything it consists of, as `ip rule` writes it.
    public init(_ rule: Rule) {
        var text = "\(rule.family == .ipv4 ? "ipv4" : "ipv6") \(rule.priority):"
        if rule.inverted { text += " not" }
        text += " from \(rule.source.map(\.description) ?? "all")"
        if let mark = rule.fwmark { text += " fwmark 0x" + String(mark, radix: 16) }
        text += " lookup \(rule.table == Route.mainTable ? "main" : String(rule.table))"
        if let length = rule.suppressPrefixLength { text += " suppress_prefixlength \(length)" }
        self.init(.rule, text)
    }

    /// A rule of ours in a chain of another firewall program.
    public init(_ rule: ForeignRule) {
        self.init(.firewall, "integration \(rule.chain) \(rule.text)")
    }

    /// A kernel parameter as `sysctl(8)` writes it.
    public init(_ sysctl: Sysctl) {
        self.init(.sysctl, sysctl.description)
    }

    /// A member of a set of the table.
    init(_ set: FirewallSet, _ member: FirewallMember) {
        self.init(.firewall, "inet wirebuddy \(set.rawValue) \(member)")
    }
}

extension PeerID {
    /// The peer that the inventory means; nil for another object.
    init?(_ object: ObjectID) {
        let parts = object.name.split(separator: "/", maxSplits: 1)
        guard object.kind == .peer, parts.count == 2, let key = PublicKey(String(parts[1])) else { return nil }
        self.init(interface: String(parts[0]), publicKey: key)
    }
}
