import GRDB

/// What tells one file of history from another.
struct HistoryKind: Sendable {
    /// The name of the file.
    var name: String
    /// What its connections and queues are called.
    var label: String
    /// The schema.
    var migrator: DatabaseMigrator
    /// A question that is asked at opening, so that a damaged file is noticed then.
    var probe: String
}
