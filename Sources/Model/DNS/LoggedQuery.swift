/// An answered query on its way to the query log: what it has in common with equal queries, which is made once and
/// shared, and its times.
public struct LoggedQuery: Sendable {
    /// What happened.
    public let facts: Facts
    /// When it was answered.
    public let time: Timestamp
    /// From the query to the answer, in microseconds.
    public let microseconds: UInt32
    /// Whether who asked is left out.
    public var isAnonymous = false

    /// A query that was answered at `time`.
    public init(_ facts: Facts, time: Timestamp, microseconds: UInt32) {
        self.facts = facts
        self.time = time
        self.microseconds = microseconds
    }

    /// A row as it is.
    public init(_ row: QueryLogRow) { self.init(Facts(row), time: row.time, microseconds: row.microseconds) }

    /// The whole row.
    public var row: QueryLogRow {
        let asker = isAnonymous ? nil : facts.asker
        var row = QueryLogRow(
            time: time, client: asker?.client.text ?? "", address: asker?.address ?? IPAddress(v4: 0),
            domain: facts.domain.text, type: facts.type, status: facts.status, reason: facts.reason,
            origin: facts.origin, responseCode: facts.responseCode, microseconds: microseconds)
        row.rule = facts.cause?.rule?.text
        row.source = facts.cause?.source?.text
        row.list = facts.cause?.list?.text
        row.upstream = facts.upstream?.text
        return row
    }
}
