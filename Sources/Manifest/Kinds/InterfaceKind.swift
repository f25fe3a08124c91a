import Model

/// The table of `kind: Interface`.
enum InterfaceKind {
    static let kind = Kind<Interface>(
        "Interface", "A WireGuard interface of the gateway.", schemaName: "interface", table: table,
        initial: { Interface(name: "", address: [], listenPort: 0, location: $0) }, check: check)

    static let name = table.number("name")
    static let address = table.number("address")
    static let listenPort = table.number("listen_port")
    static let privateKey = table.number("private_key")
    static let mtu = table.number("mtu")
    static let dnsEnforce = table.number("dns_enforce")
    static let table = FieldTable<Interface> {
        Field("name", .interfaceName, "The name of the link.", required: true, impact: .sessionLoss, \.name)
        Field(
            "address", .list("interface-address", of: .interfaceAddress, "addresses with a prefix length", minimum: 1),
            "The gateway's own addresses in the tunnel; the first of a family is primary.", required: true,
            impact: .sessionLoss, presentation: .first(all: "addresses"), \.address)
        Field(
            "listen_port", .port, "The UDP port, unique per gateway.", required: true, impact: .reimport, \.listenPort)
        Field(
            "endpoint", .endpoint,
            "What devices dial; default: Settings.public_endpoint with the listen port.", impact: .reimport, \.endpoint)
        Field(
            "dns", .list("address", of: .address, "addresses"), "DNS servers written into device configurations.",
            default: .array([]), impact: .reimport, \.dns)
        Field(
            "dns_search", .list("search-domain", of: .searchDomain, "domains"),
            "Search domains written into device configurations, behind the servers of dns.", default: .array([]),
            impact: .reimport, \.dnsSearch)
        Field(
            "dns_enforce", .boolean,
            "Whether queries of its peers that are filtered to other resolvers are redirected to the forwarder.",
            default: .boolean(false), \.dnsEnforce)
        Field(
            "mtu", .mtu, "The MTU; auto is the MTU of the route to the endpoint minus 80.", default: .string("auto"),
            \.mtu)
        Field(
            "mss_clamp", .boolean, "Whether the TCP MSS is clamped to the route MTU in both directions.",
            default: .boolean(true), \.mssClamp)
        Field(
            "enabled", .boolean, "Whether the interface runs; a stopped one keeps its configuration.",
            default: .boolean(true), impact: .sessionLoss, \.enabled)
        Field(
            "private_key", .secret, "Where the private key is found; default: generated on the host.", secret: true,
            impact: .reimport, \.privateKey)
        Field(
            "backend", .word, "Which implementation of WireGuard carries the interface.", default: .string("auto"),
            impact: .sessionLoss, \.backend)
        Field(
            "table", .table, "Where routes to prefixes outside the interface's own go.", default: .string("auto"),
            impact: .lockoutRisk, \.table)
        Field(
            "fwmark", .fwmark, "The mark of outgoing encrypted packets; 0 for none.", default: .integer(0), \.fwmark)
        Field(
            "masquerade", .masquerade,
            "Whether traffic from the interface's prefixes is masqueraded, or by which output interfaces.",
            default: .boolean(true), impact: .sessionLoss, \.masquerade)
        Field(
            "ipv6", .word,
            "How IPv6 sources are treated; default: nat66 for unique local prefixes, routed for global ones.",
            impact: .sessionLoss, \.ipv6)
        Field("input", .input, "What peers reach on the gateway itself.", default: .string("allow"), \.input)
        Field(
            "route_from", .list("prefix", of: .prefix, "prefixes"), "Limits a /0 behind a peer to these sources.",
            default: .array([]), impact: .lockoutRisk, \.routeFrom)
        Field(
            "isolate_peers", .boolean, "The default of isolated for peers.", default: .boolean(false), \.isolatePeers)
        Field(
            "unmanaged_peers", .word,
            "What happens to peers that no document declares; default: remove, or report on an adopted interface.",
            \.unmanagedPeers)
        Field(
            "adopt", .boolean, "Consent to take over a link of this name that WireBuddy did not make.",
            default: .boolean(false), \.adopt)
        Field(
            "drift", .word, "What the loop does about drift; default: Settings.reconcile.drift.", \.drift)
        Field("description", .text, "Free text.", default: .string(""), \.description)
        Field("labels", .labels, "Free labels.", default: .object([]), \.labels)
    }

    private static func check(_ declared: inout Declared<Interface>, _ context: inout DecodeContext) {
        guard case .fixed(let mtu) = declared.object.mtu, mtu < 1280,
            let address = declared.object.address.first(where: { $0.family == .ipv6 })
        else { return }
        context.report(
            declared.position(of: Self.mtu), .mtuTooSmall,
            "mtu of \(context.objectLabel) must be at least 1280 with the IPv6 address \(address), found \(mtu)",
            suggestion: "mtu: 1280")
    }
}
