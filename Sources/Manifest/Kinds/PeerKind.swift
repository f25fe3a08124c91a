import Model

/// The table of `kind: Peer`.
enum PeerKind {
    static let kind = Kind<Peer>(
        "Peer", "A device or site that connects to an interface.", schemaName: "peer", table: table,
        conditions: conditions, initial: initial, check: check)

    static let name = table.number("name")
    static let dnsName = table.number("dns_name")
    static let interface = table.number("interface")
    static let id = table.number("id")
    static let ip = table.number("ip")
    static let publicKey = table.number("public_key")
    static let privateKey = table.number("private_key")
    static let presharedKey = table.number("preshared_key")
    static let routingMode = table.number("routing_mode")
    static let allowedIPs = table.number("allowed_ips")
    static let routes = table.number("routes")
    static let endpoint = table.number("endpoint")
    static let expiresAt = table.number("expires_at")
    static let owner = table.number("owner")
    static let dns = table.number("dns")

    static let table = FieldTable<Peer> {
        Field(
            "name", .peerName, "The display name, unique per interface.", required: true, \.name)
        Field(
            "dns_name", .dnsLabel,
            "The DNS label, unique per interface; default: derived from the name, such as johns-iphone.", \.dnsName)
        Field(
            "interface", .interfaceName, "The interface the peer belongs to.", required: true, impact: .reimport,
            \.interface)
        Field(
            "id", .uuid, "A stable identifier; default: derived from interface and public key.",
            presentation: .fixed, \.id)
        Field(
            "ip", .list("address", of: .address, "addresses"),
            "The tunnel addresses; default: the lowest that are free, written back. [] for a peer with routes only.",
            impact: .reimport, presentation: .first(all: "ips"), \.ip)
        Field(
            "public_key", .publicKey,
            "The public key: the identity of the peer; default: a key pair is made and written back.",
            impact: .reimport, get: { $0.publicKey.isZero ? nil : $0.publicKey }, set: { $0.publicKey = $1 })
        Field(
            "private_key", .sealedSecret, "The private key, where the key pair was made here.", secret: true,
            impact: .reimport, \.privateKey)
        Field(
            "preshared_key", .presharedKey,
            "Where the preshared key is found; `generate` has one made and written back.",
            secret: true, impact: .reimport, \.presharedKey)
        Field(
            "routing_mode", .word(["isolated": .vpnOnly, "custom": .splitTunnel]),
            "What the device sends into the tunnel; no access control.", default: .string("full_tunnel"),
            impact: .reimport, \.routingMode)
        Field(
            "allowed_ips", .list("prefix", of: .prefix, "prefixes"),
            "What the device sends into the tunnel with routing_mode: split_tunnel.", impact: .reimport, \.allowedIPs)
        Field(
            "routes", .list("prefix", of: .prefix, "prefixes"),
            "Networks behind the peer: allowed IPs and routes on the gateway.", default: .array([]),
            impact: .lockoutRisk, \.routes)
        Field(
            "endpoint", .endpoint, "A pinned endpoint; default: learned.", impact: .newHandshake, \.endpoint)
        Field(
            "persistent_keepalive", .keepalive,
            "Seconds between keepalives of the device, 0 for off; the gateway sends them only to a pinned endpoint.",
            impact: .reimport, \.persistentKeepalive)
        Field(
            "enabled", .boolean, "Whether the peer may connect.", default: .boolean(true), impact: .sessionLoss,
            \.enabled)
        Field(
            "expires_at", .timestamp, "When the peer stops being allowed; it is not deleted.", impact: .sessionLoss,
            \.expiresAt)
        Field(
            "isolated", .boolean, "No traffic to other peers; default: the interface's isolate_peers.", \.isolated)
        Field(
            "owner", .username,
            "The user who may see this peer and fetch its configuration; default: only admins.", \.owner)
        Field("dns", .object(dnsFields, Peer.DNS()), "How its queries are treated.", \.dns)
        Field("description", .text, "Free text.", default: .string(""), \.description)
        Field("labels", .labels, "Free labels.", default: .object([]), \.labels)
    }

    /// Element `item` of `dns.blocklists`, from 1.
    static func blocklist(_ item: Int) -> Int { FieldPositions.item(item, of: dnsFields.number("blocklists")) }

    private static let dnsFields = FieldTable<Peer.DNS> {
        Field(
            "filtering", .boolean, "Whether its device asks the forwarder; false: it gets public resolvers.",
            default: .boolean(true), impact: .reimport, \.filtering)
        Field(
            "blocklists", .blocklistChoice,
            "The lists that count for it: null for all that are enabled, [] for none.", default: .null, \.blocklists)
        Field("log", .boolean, "Whether its queries are written down.", default: .boolean(true), \.log)
        Field(
            "enforce", .boolean,
            "Whether its queries to other resolvers are redirected to the forwarder, also without dns_enforce.",
            default: .boolean(false), \.enforce)
    }

    private static let initial: @Sendable (SourceLocation) -> Peer = { location in
        Peer(
            name: "", dnsName: "", interface: "", ip: [], publicKey: PublicKey(words: (0, 0, 0, 0)),
            location: location)
    }

    /// `allowed_ips` belongs to `split_tunnel` and to nothing else; without addresses there must be routes.
    private static let conditions: [JSONValue] = [
        .object([
            (
                "if",
                .object([
                    (
                        "properties",
                        .object([
                            ("routing_mode", .object([("enum", .array([.string("split_tunnel"), .string("custom")]))]))
                        ])
                    ),
                    ("required", .array([.string("routing_mode")])),
                ])
            ),
            (
                "then",
                .object([
                    ("properties", .object([("allowed_ips", .object([("minItems", .integer(1))]))])),
                    ("required", .array([.string("allowed_ips")])),
                ])
            ),
            ("else", .object([("properties", .object([("allowed_ips", .boolean(false))]))])),
        ]),
        .object([
            (
                "if",
                .object([
                    (
                        "properties",
                        .object([("ip", .object([("type", .string("array")), ("maxItems", .integer(0))]))])
                    ),
                    ("required", .array([.string("ip")])),
                ])
            ),
            (
                "then",
                .object([
                    (
                        "properties",
                        .object([
                            (
                                "routes",
                                .object([
                                    ("not", .object([("type", .string("array")), ("maxItems", .integer(0))]))
                                ])
                            )
                        ])
                    ),
                    ("required", .array([.string("routes")])),
                ])
            ),
        ]),
    ]

    private static func check(_ declared: inout Declared<Peer>, _ context: inout DecodeContext) {
        if declared.object.dnsName.isEmpty, declared.valid.contains(name) {
            declared.object.dnsName = defaultLabel(declared)
        }
        if declared.present.contains(privateKey), !declared.present.contains(publicKey) {
            context.report(
                declared.position(of: privateKey), .missingField,
                "\(context.objectLabel) has a private_key but no public_key",
                suggestion: "add its public_key, or remove private_key to have a new key pair made")
        }
        checkRoutingMode(declared, &context)
        checkReach(declared, &context)
    }

    /// A peer that may send from nowhere can't do anything.
    private static func checkReach(_ declared: Declared<Peer>, _ context: inout DecodeContext) {
        guard declared.valid.contains(ip), declared.object.ip.isEmpty, declared.object.routes.isEmpty else { return }
        if declared.present.contains(routes), !declared.valid.contains(routes) { return }
        context.report(
            declared.position(of: ip), .invalidValue,
            "ip of \(context.objectLabel) must have at least 1 element, or routes must",
            suggestion: "leave ip out, then an address is chosen")
    }

    /// Without a key there is nothing to derive it from where nothing is left of the name.
    private static func defaultLabel(_ peer: Declared<Peer>) -> String {
        guard !peer.present.contains(publicKey) else {
            return Manifest.dnsName(of: peer.object.name, publicKey: peer.object.publicKey)
        }
        return DNSLabel.derived(from: peer.object.name)
    }

    private static func checkRoutingMode(_ declared: Declared<Peer>, _ context: inout DecodeContext) {
        if declared.present.contains(routingMode), !declared.valid.contains(routingMode) { return }
        let isSplit = declared.object.routingMode == .splitTunnel
        if isSplit, !declared.present.contains(allowedIPs) {
            context.report(
                declared.position(of: routingMode), .missingField,
                "\(context.objectLabel) has routing_mode split_tunnel but no allowed_ips",
                suggestion: "allowed_ips: [10.8.0.0/24]")
        } else if isSplit, declared.valid.contains(allowedIPs), declared.object.allowedIPs.isEmpty {
            context.report(
                declared.position(of: allowedIPs), .invalidValue,
                "allowed_ips of \(context.objectLabel) must name at least one prefix with routing_mode split_tunnel")
        } else if !isSplit, declared.present.contains(allowedIPs) {
            context.report(
                declared.position(of: allowedIPs), .conflictingFields,
                "allowed_ips of \(context.objectLabel) needs routing_mode split_tunnel,"
                    + " found \(declared.object.routingMode.rawValue)",
                suggestion: "add routing_mode: split_tunnel, or use routes for networks behind the peer")
        }
    }
}
