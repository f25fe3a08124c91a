import Gateway
import Model

/// What the queries of a span of time add up to, as the contract shows it.
struct QueryStatisticsDocument {
    private let statistics: QueryStatistics
    private let blocklistDomains: Int
    private let showsNames: Bool

    /// - Parameter showsNames: whether names and clients are shown: what other people ask for is not everybody's to see.
    init(_ statistics: QueryStatistics, blocklists: [BlocklistStatus], showsNames: Bool) {
        self.statistics = statistics
        blocklistDomains = blocklists.filter { $0.state != .disabled }.reduce(0) { $0 + $1.rules }
        self.showsNames = showsNames
    }

    /// The fields in their order.
    var entries: [(String, JSONValue)] {
        [
            ("queries_total", .number(statistics.total)),
            ("queries_blocked", .number(statistics.blocked)),
            ("blocked_percent", Self.percent(statistics.blocked, of: statistics.total)),
            ("unique_domains", .number(statistics.uniqueDomains)),
            ("unique_clients", .number(statistics.uniqueClients)),
            ("blocklist_domains", .number(blocklistDomains)),
            ("cache_hit_percent", Self.percent(statistics.cached, of: statistics.total)),
        ] + (showsNames ? names : []) + [("trend", .array(statistics.trend.map(Self.hour)))]
    }

    private var names: [(String, JSONValue)] {
        [
            ("top_domains", .array(statistics.topDomains.map { Self.count($0, "domain") })),
            ("top_blocked", .array(statistics.topBlocked.map { Self.count($0, "domain") })),
            ("top_clients", .array(statistics.topClients.map { Self.count($0, "client") })),
        ]
    }

    private static func count(_ count: QueryStatistics.Count, _ word: String) -> JSONValue {
        .object([(word, .string(count.name)), ("queries", .number(count.queries))])
    }

    private static func hour(_ hour: QueryStatistics.Hour) -> JSONValue {
        .object([
            ("time", .string(hour.time.description)), ("total", .number(hour.total)),
            ("blocked", .number(hour.blocked)),
        ])
    }

    /// With one decimal, rounded; 0.0 of nothing.
    private static func percent(_ part: Int, of whole: Int) -> JSONValue {
        guard whole > 0 else { return .decimal(units: 0, places: 1) }
        return .decimal(units: Int64((Double(part) * 1000 / Double(whole)).rounded()), places: 1)
    }
}
