/// What became of the rows that the query log was given since this process began.
public struct QueryLogCounters: Sendable, Hashable {
    /// Rows that were taken.
    public var recorded = 0
    /// Rows that are lost: the queue was full, or they could not be written.
    public var dropped = 0
    /// Rows that are in the database, or were.
    public var written = 0
    /// What the database takes on the disk, its write-ahead log included.
    public var bytes: Int64 = 0

    /// Nothing was recorded.
    public init() {}
}
