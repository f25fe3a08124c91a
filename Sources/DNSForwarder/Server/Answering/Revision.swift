internal import DNSPolicy
internal import Model

/// A configuration in force, with what is made of it once.
final class Revision: Sendable {
    let pipeline: QueryPipeline
    let settings: DNSSettings
    let cache: AnswerCache
    private let unlogged: Set<String>

    init(_ configuration: ForwarderConfiguration, cache: AnswerCache) {
        pipeline = QueryPipeline(
            policy: configuration.policy, pause: configuration.pause, settings: configuration.settings,
            local: configuration.local, cache: cache)
        settings = configuration.settings
        self.cache = cache
        unlogged = configuration.unlogged
    }

    /// Whether the queries of a peer are logged.
    func logs(_ peer: String) -> Bool { settings.queryLog.level != .off && !unlogged.contains(peer) }
}

extension AnswerCache {
    /// What an answer takes on average, with its key.
    private static let bytesPerEntry = 400

    /// An empty cache by these settings.
    convenience init(_ settings: DNSSettings.Cache) {
        let least = UInt32(clamping: settings.minTTL.components.seconds)
        let most = UInt32(clamping: settings.maxTTL.components.seconds)
        self.init(
            maxEntries: settings.maxEntries, maxBytes: settings.maxEntries * Self.bytesPerEntry,
            ttl: least...max(least, most), stale: settings.serveStale, isRenewing: settings.prefetch)
    }
}
