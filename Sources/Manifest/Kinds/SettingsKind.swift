import Model

/// The table of `kind: Settings`.
enum SettingsKind {
    static let kind = Kind<Settings>(
        "Settings", "The settings of the gateway; at most one document.", schemaName: "settings", table: table,
        initial: { location in
            var settings = Settings()
            settings.location = location
            return settings
        })

    static let peers = table.number("peers")
    static let notifications = table.number("notifications")

    static let table = FieldTable<Settings> {
        Field(
            "repository_id", .uuid, "The identity of the repository; init writes it.", presentation: .fixed,
            \.repositoryID)
        Field(
            "public_endpoint", .host, "What devices dial when their interface names no endpoint; without a port.",
            impact: .reimport, \.publicEndpoint)
        Field(
            "dns_fallback", .list("address", of: .address, "addresses"),
            "The resolvers of devices whose queries are not filtered (dns.filtering: false).", default: .array([]),
            impact: .reimport, \.dnsFallback)
        Field("reconcile", .object(reconcile, Settings.Reconcile()), "How the loop works.", \.reconcile)
        Field(
            "windows", .objects(WindowFields.table, "windows", minimum: 0) { _ in WindowFields.initial },
            "When the loop takes new revisions into force, and when not; none: at any time.", default: .array([]),
            \.windows)
        Field(
            "peers", .object(peerDefaults, Settings.PeerDefaults()), "Defaults of peers.", impact: .reimport, \.peers)
        Field(
            "rate_limits", .object(rateLimits, Settings.RateLimits()), "How many requests of the API are answered.",
            \.rateLimits)
        Field("api", .object(api, Settings.API()), "What the API offers.", \.api)
        Field(
            "telemetry", .object(TelemetryFields.table, Settings.Telemetry()), "What is observed and kept.", \.telemetry
        )
        Field(
            "notifications", .notifications, "Who is told of what, by messages to a web address.",
            default: .array([]), presentation: .masked, \.notifications)
        Field(
            "probes", .probes, "What has to answer once a change on trial was made: each names tcp, http or ping.",
            default: .array([]), \.probes)
    }

    private static let reconcile = FieldTable<Settings.Reconcile> {
        Field(
            "interval", .duration(1...86400, "of 1 second to 1 day"), "Time between passes without a trigger.",
            default: .string("30s"), \.interval)
        Field(
            "drift", .word, "What the loop does about drift where an interface does not say.", default: .string("heal"),
            \.drift)
        Field(
            "max_deletes_percent", .integer(0...100, "a percentage"),
            "The share of a kind's objects that one pass may delete without approval.", default: .integer(20),
            \.maxDeletesPercent)
        Field(
            "max_deletes", .integer(0...1_000_000),
            "The number of a kind's objects that one pass may delete without approval.", default: .integer(10),
            \.maxDeletes)
        Field(
            "max_live_sessions", .integer(0...1_000_000),
            "The number of live sessions that one pass may end without approval.", default: .integer(20),
            \.maxLiveSessions)
        Field(
            "confirm", .confirm,
            "When a change has to be confirmed or else is undone: auto = within 120 s when somebody may be locked out.",
            default: .string("auto"), \.confirm)
    }

    private static let peerDefaults = FieldTable<Settings.PeerDefaults> {
        Field(
            "persistent_keepalive", .keepalive, "Seconds between keepalives of devices; 0 for off.",
            default: .integer(25), \.persistentKeepalive)
        Field("mtu", .integer(576...65535), "The MTU of devices.", \.mtu)
        Field(
            "preshared_keys", .boolean, "Whether peers whose key pair is made here get a preshared key too.",
            default: .boolean(true), \.presharedKeys)
    }

    private static let rateLimits = FieldTable<Settings.RateLimits> {
        Field(
            "authenticated", .object(rate(Settings.RateLimits().authenticated), Settings.RateLimits().authenticated),
            "Requests of one user, all his tokens together, per minute.", \.authenticated)
        Field(
            "anonymous", .object(rate(Settings.RateLimits().anonymous), Settings.RateLimits().anonymous),
            "Requests of one address without a token, per minute.", \.anonymous)
        Field(
            "exempt", .list("prefix", of: .prefix, "prefixes"), "Where requests are not counted.", default: .array([]),
            \.exempt)
    }

    private static func rate(_ builtIn: Settings.RateLimits.Rate) -> FieldTable<Settings.RateLimits.Rate> {
        FieldTable<Settings.RateLimits.Rate> {
            Field(
                "read", .integer(1...1_000_000), "Of those that change nothing.", default: .number(builtIn.read), \.read
            )
            Field("write", .integer(1...1_000_000), "Of the others.", default: .number(builtIn.write), \.write)
        }
    }

    private static let api = FieldTable<Settings.API> {
        Field("docs", .boolean, "Whether /docs is served.", default: .boolean(true), \.docs)
        Field(
            "query_tokens", .boolean, "Whether ?token= is accepted; discouraged, since addresses end up in logs.",
            default: .boolean(false), \.queryTokens)
        Field(
            "user_scope", .word, "Whether users who are no admins see their own peers only, or all.",
            default: .string("own"), \.userScope)
        Field(
            "session_ttl", .duration(60...43200, "of 1 minute to 12 hours"),
            "How long a session lives without a request.", default: .string("30m"), \.sessionTTL)
    }
}
