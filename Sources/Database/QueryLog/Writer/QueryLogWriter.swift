import GRDB
import Model

/// What the writer knows of the database, as of its last commit.
struct QueryLogWriter: Sendable {
    /// So many small segments are put together at the latest.
    private static let mostPieces = 256
    /// Sums are stored after this many rows at the latest: so many are read again at most after a crash.
    private static let mostUnsummedRows: Int64 = 262_144

    /// The id of the next row.
    private(set) var next: Int64 = 1
    /// The id of the first row that the stored sums don't have.
    private(set) var through: Int64 = 1
    /// The sums of hours that rows came for of late.
    private var hours: [Int64: HourSums] = [:]
    /// The hours that changed since the sums were stored.
    private var changed: Set<Int64> = []
    /// The small segments at the end, of one hour, put together.
    private var tail: (segment: QuerySegment, first: Int64, pieces: Int)?

    /// Reads where the last writer ended. Rows whose sums it could not store any more are added up.
    init(_ db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT through FROM query_summed") else { throw DamagedHistory() }
        through = try row.value(0, in: 1...1 << 60)
        // Ids go on also after everything was deleted, so that a cursor never means another row.
        next = through
        guard let newest = try SegmentTable.head(before: .max, db) else { return }
        next = max(next, newest.first + Int64(newest.rows))
        var before = next
        var pieces: [SegmentTable.Head] = []
        while let head = try SegmentTable.head(before: before, db) {
            let isPiece =
                head.hour == newest.hour && head.rows < QuerySegment.fullRows
                && head.first + Int64(head.rows) == before && pieces.count < Self.mostPieces
            guard isPiece else { break }
            pieces.append(head)
            before = head.first
        }
        for piece in pieces.reversed() { extendTail(try SegmentTable.segment(piece, db), first: piece.first) }
        try sumUp(db)
    }

    /// Whether there are rows that the stored sums don't have.
    var hasUnsummedRows: Bool { through < next }

    /// Writes rows. Called in a transaction.
    mutating func write(_ rows: ArraySlice<LoggedQuery>, _ db: Database) throws {
        var start = rows.startIndex
        while start < rows.endIndex {
            var segment = QuerySegment(hour: QuerySegment.hour(of: rows[start].time))
            while start < rows.endIndex, segment.count < QuerySegment.fullRows,
                QuerySegment.hour(of: rows[start].time) == segment.hour
            {
                segment.append(rows[start])
                start += 1
            }
            try add(segment, db)
        }
        if next - through >= Self.mostUnsummedRows { try storeSums(db) }
    }

    /// Stores the sums, and forgets those that nothing was added to since. Called in a transaction.
    mutating func storeSums(_ db: Database) throws {
        guard through < next else { return }
        for hour in changed.sorted() {
            if let sums = hours[hour] { try HourTable.store(sums, db) }
        }
        hours = hours.filter { changed.contains($0.key) }
        changed = []
        try db.execute(sql: "UPDATE query_summed SET through = ?", arguments: [next])
        through = next
    }

    /// Forgets everything but the number of the next row. Called in the transaction that deletes it all.
    mutating func clear(_ db: Database) throws {
        hours = [:]
        changed = []
        tail = nil
        through = next
        try db.execute(sql: "UPDATE query_summed SET through = ?", arguments: [next])
    }

    /// The first row that is not to be deleted to make room: the sums of those after it are still to be stored, or they
    /// are still to be put together.
    var firstInUse: Int64 { min(tail?.first ?? next, through) }

    /// Lets go of what is to be put together of old hours, so that it can be deleted.
    mutating func forgetTail(before hour: Int64) {
        if let tail, tail.segment.hour < hour { self.tail = nil }
    }

    private mutating func add(_ segment: QuerySegment, _ db: Database) throws {
        // A full segment needs no other, and what stands before it is never appended to again.
        let isFull = segment.count >= QuerySegment.fullRows
        if let tail, isFull || tail.segment.hour != segment.hour {
            try putTogether(db)
            self.tail = nil
        }
        try SegmentTable.insert(segment, first: next, db)
        try sums(of: segment.hour, db)
        hours[segment.hour]?.add(segment)
        changed.insert(segment.hour)
        if isFull {
            next += Int64(segment.count)
            return
        }
        extendTail(segment, first: next)
        next += Int64(segment.count)
        guard let tail else { return }
        if tail.segment.count >= QuerySegment.fullRows || tail.pieces >= Self.mostPieces { try putTogether(db) }
    }

    private mutating func extendTail(_ segment: QuerySegment, first: Int64) {
        guard var tail = tail.take() else {
            self.tail = (segment, first, 1)
            return
        }
        tail.segment.append(segment)
        tail.pieces += 1
        self.tail = tail
    }

    /// Replaces the small segments at the end by one; it stays the tail while it is not full.
    private mutating func putTogether(_ db: Database) throws {
        guard let tail = tail.take() else { return }
        if tail.pieces > 1 {
            try db.cachedStatement(sql: "DELETE FROM query_segment WHERE first >= ? AND first < ?")
                .execute(arguments: [tail.first, tail.first + Int64(tail.segment.count)])
            try SegmentTable.insert(tail.segment, first: tail.first, db)
        }
        if tail.segment.count < QuerySegment.fullRows { self.tail = (tail.segment, tail.first, 1) }
    }

    /// Has the sums of an hour in memory.
    private mutating func sums(of hour: Int64, _ db: Database) throws {
        if hours[hour] == nil { hours[hour] = try HourTable.load(hour, db) }
    }

    private mutating func sumUp(_ db: Database) throws {
        var heads: [SegmentTable.Head] = []
        var before = next
        while before > through, let head = try SegmentTable.head(before: before, db) {
            guard head.first + Int64(head.rows) > through else { break }
            heads.append(head)
            before = head.first
        }
        for head in heads.reversed() {
            try sums(of: head.hour, db)
            let segment = try SegmentTable.segment(head, db)
            hours[head.hour]?.add(segment, from: Int(max(0, through - head.first)))
            changed.insert(head.hour)
        }
    }
}
