import GRDB

/// Deletes the buckets before one of one subject after another: they lie together by subject, so each is found at once and
/// nothing else is read.
struct TrafficSweep: Sendable {
    /// Subjects that one step looks at.
    private static let subjects = 512
    /// Buckets that one step deletes, about.
    private static let buckets: Int64 = 2048

    let table: TrafficTable
    let end: Int64
    private var rest: ArraySlice<Int64>

    init(_ table: TrafficTable, before end: Int64, of subjects: some Sequence<Int64>) {
        self.table = table
        self.end = end
        rest = subjects.sorted()[...]
    }

    /// Does one step. Called in a transaction.
    ///
    /// - Returns: Whether there is more to do.
    mutating func step(_ db: Database) throws -> Bool {
        var deleted: Int64 = 0
        for _ in 0..<Self.subjects {
            guard deleted < Self.buckets, let subject = rest.first else { break }
            guard let first = try table.first(of: subject, db), first < end else {
                rest.removeFirst()
                continue
            }
            try table.delete(subject, before: min(end, first + Self.buckets), db)
            deleted += Int64(db.changesCount)
        }
        return !rest.isEmpty
    }
}
