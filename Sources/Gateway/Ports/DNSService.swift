public import Model

/// The DNS forwarder of this host as the use cases see it: what it did, what it is doing, and what it would do. Clients
/// are named `interface/name` throughout.
public protocol DNSService: Sendable {
    /// A page of the query log, newest first.
    ///
    /// - Parameters:
    ///   - limit: how many rows at most, 1 to 100.
    ///   - offset: how many of the newest rows that fit are left out.
    /// - Throws: ``GatewayFailure/failed(_:)`` when the log can't be read.
    func queries(_ filter: QueryLogFilter, limit: Int, offset: Int) async throws(GatewayFailure) -> QueryLogPage

    /// Forgets all queries and what they add up to.
    ///
    /// - Throws: ``GatewayFailure/failed(_:)`` when the log can't be written.
    func deleteQueries() async throws(GatewayFailure)

    /// What the queries of a span of time add up to.
    ///
    /// - Throws: ``GatewayFailure/failed(_:)`` when the log can't be read.
    func statistics(from: Timestamp, to: Timestamp) async throws(GatewayFailure) -> QueryStatistics

    /// What became of the blocklists of the revision in force; a list that was only just declared is not among them.
    /// Never waits.
    var blocklistStatuses: [BlocklistStatus] { get }

    /// Looks at the sources of lists again, and returns when the last of them ended, well or badly. It goes on when the
    /// caller waits no longer.
    ///
    /// - Parameters:
    ///   - names: the lists; nil: all that are enabled. A name that is no list in force is passed over.
    ///   - force: reads a source also if its server says that it did not change.
    /// - Returns: the statuses of these lists.
    func updateBlocklists(_ names: Set<String>?, force: Bool) async -> [BlocklistStatus]

    /// The pauses that are not over, the one for everybody first.
    ///
    /// - Throws: ``GatewayFailure/failed(_:)`` when they can't be read.
    func pauses() async throws(GatewayFailure) -> [FilteringPauseEntry]

    /// Begins a pause, in the place of one for the same client. It is in force and on disk when the call returns.
    ///
    /// - Throws: ``GatewayFailure/failed(_:)`` when it can't be stored.
    func pause(_ pause: FilteringPauseEntry) async throws(GatewayFailure)

    /// Ends the pause of a client, or all of them.
    ///
    /// - Parameter client: nil: all, also those of single clients.
    /// - Returns: the pauses that ended.
    /// - Throws: ``GatewayFailure/failed(_:)`` when it can't be stored.
    func resume(client: String?) async throws(GatewayFailure) -> [FilteringPauseEntry]

    /// What is decided about a name, by the policy in force, its lists and its pauses.
    ///
    /// - Throws: ``GatewayFailure/invalidFields(kind:name:_:)`` for a `domain` or `type` that is none,
    ///   ``GatewayFailure/notFound(kind:name:similar:)`` for a client that stands for nobody.
    func explain(_ question: DNSQuestion) async throws(GatewayFailure) -> DNSExplanation

    /// Empties the cache.
    ///
    /// - Returns: how many answers were in it.
    func flush() async -> Int
}
