import Model

/// The table of `kind: DNSSettings`.
enum DNSSettingsKind {
    static let kind = Kind<DNSSettings>(
        "DNSSettings", "The DNS forwarder of the gateway; at most one document.", schemaName: "dnssettings",
        table: table, conditions: conditions, initial: { DNSSettings(location: $0) }, check: check)

    static let enabled = table.number("enabled")
    static let listen = table.number("listen")
    static let upstreams = table.number("upstreams")
    static let cache = table.number("cache")
    static let conditional = table.number("conditional")

    static let table = FieldTable<DNSSettings> {
        Field("enabled", .boolean, "Whether the forwarder runs.", default: .boolean(true), \.enabled)
        Field(
            "listen", .dnsListen,
            "Where it answers; interfaces is port 53 of the addresses of every enabled interface.",
            default: .string("interfaces"), \.listen)
        Field(
            "upstreams", .list("dns-upstream", of: .dnsUpstream, "resolvers"),
            "Whom it asks; at least one while it is enabled.", default: .array([]), \.upstreams)
        Field(
            "strategy", .word, "fallback asks them in their order, fastest the one that answered fastest of late.",
            default: .string("fallback"), \.strategy)
        Field(
            "timeout", .duration(1...30, "of 1 to 30 seconds"), "The time for one query, all attempts included.",
            default: .string("2s"), \.timeout)
        Field("blocking", .object(blocking, DNSSettings.Blocking()), "How blocked names are answered.", \.blocking)
        Field("cache", .object(cacheFields, DNSSettings.Cache()), "What is kept of answers.", \.cache)
        Field(
            "local_zone", .searchDomain, "The zone of the peers: their names are <peer>.<interface>.<zone>.",
            default: .string("vpn.internal"), \.localZone)
        Field(
            "conditional", .conditionalZones, "Zones that are asked elsewhere, with the resolvers that know them.",
            default: .object([]), \.conditional)
        Field(
            "rebind_protection", .boolean, "Whether answers with private addresses for public names are refused.",
            default: .boolean(true), \.rebindProtection)
        Field(
            "rate_limit", .object(rateLimit, DNSSettings.RateLimit()), "How many queries of one peer are answered.",
            \.rateLimit)
        Field("query_log", .object(queryLog, DNSSettings.QueryLog()), "What is kept of queries.", \.queryLog)
        Field(
            "enforcement", .object(enforcement, DNSSettings.Enforcement()),
            "What happens to the ways around it besides port 53, for peers whose DNS is enforced.", \.enforcement)
    }

    private static let blocking = FieldTable<DNSSettings.Blocking> {
        Field("enabled", .boolean, "Whether anything is blocked.", default: .boolean(true), \.enabled)
        Field(
            "mode", .blockingMode,
            "The answer; null_ip is 0.0.0.0 and ::, nodata a name without records, refused the response code.",
            default: .string("null_ip"), \.mode)
        Field(
            "ttl", .duration(0...86_400, "of 0 seconds to 1 day"), "How long devices keep it.",
            default: .string("10s"), \.ttl)
    }

    private static let cacheFields = FieldTable<DNSSettings.Cache> {
        Field(
            "max_entries", .integer(0...10_000_000), "The most entries; 0 for no cache.", default: .integer(100_000),
            \.maxEntries)
        Field(
            "min_ttl", .duration(0...86_400, "of 0 seconds to 1 day"), "The least time an answer is kept.",
            default: .string("0s"), \.minTTL)
        Field(
            "max_ttl", .duration(1...604_800, "of 1 second to 7 days"), "The most time an answer is kept.",
            default: .string("1d"), \.maxTTL)
        Field(
            "serve_stale", .duration(0...604_800, "of 0 seconds to 7 days"),
            "How long an answer that is too old is still given while no upstream answers; 0s for never.",
            default: .string("0s"), \.serveStale)
        Field(
            "prefetch", .boolean, "Whether answers that are often asked for are renewed before they are too old.",
            default: .boolean(true), \.prefetch)
    }

    private static let rateLimit = FieldTable<DNSSettings.RateLimit> {
        Field(
            "per_second", .integer(1...1_000_000), "In the long run, each second.", default: .integer(300),
            \.perSecond)
        Field("burst", .integer(1...1_000_000), "At once.", default: .integer(600), \.burst)
    }

    private static let queryLog = FieldTable<DNSSettings.QueryLog> {
        Field(
            "level", .word, "full: everything, anonymous: not who asked, off: nothing.", default: .string("full"),
            \.level)
        Field(
            "retention", .duration(3600...315_360_000, "of 1 hour to 3650 days"), "How long it is kept.",
            default: .string("30d"), \.retention)
        Field(
            "max_size", .size(1_000_000...100_000_000_000, "of 1MB to 100GB"), "The most it takes on disk.",
            default: .string("500MB"), \.maxSize)
    }

    private static let enforcement = FieldTable<DNSSettings.Enforcement> {
        Field(
            "reject_dot", .boolean, "Whether DNS over TLS and over QUIC, port 853, are refused.",
            default: .boolean(true), \.rejectDoT)
        Field(
            "reject_doh", .boolean,
            "Whether the names of well-known resolvers over HTTPS are blocked; a rule can allow one.",
            default: .boolean(false), \.rejectDoH)
    }

    /// Who runs needs somebody to ask.
    private static let conditions: [JSONValue] = [
        .object([
            (
                "if",
                .object([
                    ("properties", .object([("enabled", .object([("const", .boolean(false))]))])),
                    ("required", .array([.string("enabled")])),
                ])
            ),
            ("then", .object([])),
            (
                "else",
                .object([
                    (
                        "properties",
                        .object([
                            (
                                "upstreams",
                                .object([("not", .object([("type", .string("array")), ("maxItems", .integer(0))]))])
                            )
                        ])
                    ),
                    ("required", .array([.string("upstreams")])),
                ])
            ),
        ])
    ]

    private static func check(_ declared: inout Declared<DNSSettings>, _ context: inout DecodeContext) {
        checkUpstreams(declared, &context)
        let cache = declared.object.cache
        guard declared.valid.contains(Self.cache), cache.minTTL > cache.maxTTL else { return }
        context.report(
            declared.position(of: Self.cache), .invalidValue,
            "cache.min_ttl of DNSSettings must be at most cache.max_ttl, \(SettingText.of(cache.minTTL)) is more than"
                + " \(SettingText.of(cache.maxTTL))")
    }

    private static func checkUpstreams(_ declared: Declared<DNSSettings>, _ context: inout DecodeContext) {
        let isReadable = !declared.present.contains(enabled) || declared.valid.contains(enabled)
        guard isReadable, declared.object.enabled, declared.object.upstreams.isEmpty else { return }
        let suggestion = "upstreams: [\"9.9.9.9@853#dns.quad9.net\"], or enabled: false"
        if !declared.present.contains(upstreams) {
            context.report(
                declared.start, .missingField, "DNSSettings has no upstreams, and nobody else is asked",
                suggestion: suggestion)
        } else if declared.valid.contains(upstreams) {
            context.report(
                declared.position(of: upstreams), .conflictingFields,
                "upstreams of DNSSettings must have at least 1 element while it is enabled", suggestion: suggestion)
        }
    }
}
