/// The effective settings of the DNS forwarder as rows of the database: a field's path, and its value as text.
public enum ProjectedDNSSettings {
    /// The rows of a document without any field. Unlike those of the API's settings they are no stand-in for missing
    /// rows: without a row there is no forwarder.
    public static let defaults = rows(DNSSettings(location: SourceLocation(path: "", line: 1, column: 1)))

    /// The rows of settings, by field.
    public static func rows(_ settings: DNSSettings) -> [String: String] {
        let (blocking, cache, log) = (settings.blocking, settings.cache, settings.queryLog)
        return [
            "enabled": String(settings.enabled),
            "listen": text(settings.listen),
            "upstreams": text(settings.upstreams),
            "strategy": settings.strategy.rawValue,
            "timeout": SettingText.of(settings.timeout),
            "blocking.enabled": String(blocking.enabled),
            "blocking.mode": text(blocking.mode),
            "blocking.ttl": SettingText.of(blocking.ttl),
            "cache.max_entries": String(cache.maxEntries),
            "cache.min_ttl": SettingText.of(cache.minTTL),
            "cache.max_ttl": SettingText.of(cache.maxTTL),
            "cache.serve_stale": SettingText.of(cache.serveStale),
            "cache.prefetch": String(cache.prefetch),
            "local_zone": settings.localZone,
            "conditional": settings.conditional.map { "\($0.name) = \(text($0.upstreams, " "))" }
                .joined(separator: ", "),
            "rebind_protection": String(settings.rebindProtection),
            "rate_limit.per_second": String(settings.rateLimit.perSecond),
            "rate_limit.burst": String(settings.rateLimit.burst),
            "query_log.level": log.level.rawValue,
            "query_log.retention": SettingText.of(log.retention),
            "query_log.max_size": SettingText.of(bytes: log.maxSize),
            "enforcement.reject_dot": String(settings.enforcement.rejectDoT),
            "enforcement.reject_doh": String(settings.enforcement.rejectDoH),
        ]
    }

    private static func text(_ values: [some CustomStringConvertible], _ separator: String = ", ") -> String {
        values.map(\.description).joined(separator: separator)
    }

    private static func text(_ listen: DNSSettings.Listen) -> String {
        switch listen {
        case .interfaces: "interfaces"
        case .addresses(let list): text(list)
        }
    }

    private static func text(_ mode: DNSSettings.Blocking.Mode) -> String {
        switch mode {
        case .nullIP: "null_ip"
        case .nxdomain: "nxdomain"
        case .nodata: "nodata"
        case .refused: "refused"
        case .addresses(let list): text(list)
        }
    }
}
