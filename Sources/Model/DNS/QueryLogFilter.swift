/// Which rows of the query log are wanted. Every field that is set must fit.
public struct QueryLogFilter: Sendable, Hashable {
    /// The peer: `interface/name`, a name without interface, or an address it asked from.
    public var client: String?
    /// The clients that the reader may see, as `interface/name`; nil: all.
    public var visibleClients: Set<String>?
    /// A name, with all names below it.
    public var domain: String?
    /// What became of the query.
    public var status: QueryLogRow.Status?
    /// Not before this time.
    public var from: Timestamp?
    /// Before this time.
    public var to: Timestamp?
    /// Only rows older than the one with this ``QueryLogPage/Entry/id``.
    public var before: Int64?

    /// Every row.
    public init() {}
}

/// A page of the query log, newest first.
public struct QueryLogPage: Sendable, Hashable {
    /// A row with its place in the log.
    public struct Entry: Sendable, Hashable {
        /// Grows with every row: the cursor of a page.
        public var id: Int64
        /// The row.
        public var row: QueryLogRow

        /// An entry.
        public init(id: Int64, row: QueryLogRow) {
            self.id = id
            self.row = row
        }
    }

    /// The entries.
    public var entries: [Entry]
    /// How many rows fit the filter, counted up to ``countLimit``.
    public var total: Int
    /// Whether more rows fit than were counted.
    public var totalIsMinimum: Bool

    /// Rows are counted up to this.
    public static let countLimit = 10_000

    /// A page.
    public init(entries: [Entry], total: Int, totalIsMinimum: Bool) {
        self.entries = entries
        self.total = total
        self.totalIsMinimum = totalIsMinimum
    }
}
