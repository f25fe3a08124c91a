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

    static let table = FieldTable<Settings>(unsupported: [
        "dns_fallback", "windows", "rate_limits", "telemetry", "notifications", "probes", "api",
    ]) {
        Field("repository_id", .uuid, "The identity of the repository; init writes it.") { $0.repositoryID = $1 }
        Field(
            "public_endpoint", .host, "What devices dial when their interface names no endpoint; without a port.",
            impact: .reimport
        ) { $0.publicEndpoint = $1 }
        Field("reconcile", .object(reconcile, Settings.Reconcile()), "How the loop works.") { $0.reconcile = $1 }
        Field(
            "peers", .object(peerDefaults, Settings.PeerDefaults()), "Defaults of peers.", impact: .reimport
        ) { $0.peers = $1 }
    }

    private static let reconcile = FieldTable<Settings.Reconcile>(unsupported: ["max_live_sessions", "confirm"]) {
        Field(
            "interval", .duration(1...86400, "of 1 second to 1 day"), "Time between passes without a trigger.",
            default: .string("30s")
        ) { $0.interval = $1 }
        Field(
            "drift", .word, "What the loop does about drift where an interface does not say.", default: .string("heal")
        ) { $0.drift = $1 }
        Field(
            "max_deletes_percent", .integer(0...100, "a percentage"),
            "The share of a kind's objects that one pass may delete without approval.", default: .integer(20)
        ) { $0.maxDeletesPercent = $1 }
        Field(
            "max_deletes", .integer(0...1_000_000),
            "The number of a kind's objects that one pass may delete without approval.", default: .integer(10)
        ) { $0.maxDeletes = $1 }
    }

    private static let peerDefaults = FieldTable<Settings.PeerDefaults> {
        Field(
            "persistent_keepalive", .keepalive, "Seconds between keepalives of devices; 0 for off."
        ) { $0.persistentKeepalive = $1 }
        Field("mtu", .integer(576...65535), "The MTU of devices.") { $0.mtu = $1 }
        Field(
            "preshared_keys", .boolean, "Whether peers whose key pair is made here get a preshared key too.",
            default: .boolean(true)
        ) { $0.presharedKeys = $1 }
    }
}
