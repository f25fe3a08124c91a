import FoundationEssentials
import GRDB

/// The statements of the table of segments.
enum SegmentTable {
    /// What a search reads of every segment.
    struct Head: Sendable {
        var first: Int64
        var rows: Int
        var hour: Int64
        var blocked: Int
    }

    static func insert(_ segment: QuerySegment, first: Int64, _ db: Database) throws {
        let bytes = SegmentBytes(segment)
        try db.cachedStatement(
            sql: """
                INSERT INTO query_segment (first, rows, hour, blocked, askers, names, details, columns)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            first, segment.count, segment.hour, segment.blocked, bytes.askers, bytes.names, bytes.details,
            bytes.columns,
        ])
    }

    /// The newest segment before the row `before`.
    static func head(before: Int64, _ db: Database) throws -> Head? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT first, rows, hour, blocked FROM query_segment WHERE first < ? ORDER BY first DESC LIMIT 1"),
            arguments: [before]
        ).map { row in
            // Bounds that no sum of them leaves the range of its type.
            Head(
                first: try row.value(0, in: 1...1 << 60),
                rows: Int(try row.value(1, in: 1...Int64(QuerySegment.mostRows))),
                hour: try row.value(2, in: -(1 << 48)...1 << 48),
                blocked: Int(try row.value(3, in: 0...Int64(QuerySegment.mostRows))))
        }
    }

    /// How many rows there are before the row `end`.
    static func count(before end: Int64, _ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT coalesce(sum(rows), 0) FROM query_segment WHERE first < ?", arguments: [end])
            ?? 0
    }

    static func segment(_ head: Head, _ db: Database) throws -> QuerySegment {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT askers, names, details, columns FROM query_segment WHERE first = ?"),
                arguments: [head.first])
        else { throw DamagedHistory() }
        return try SegmentBytes(
            askers: try row.bytes(0), names: try row.bytes(1), details: try row.bytes(2), columns: try row.bytes(3)
        ).segment(hour: head.hour, rows: head.rows)
    }

    /// One part of a segment.
    static func part(_ name: String, of head: Head, _ db: Database) throws -> Data {
        let statement = try db.cachedStatement(sql: "SELECT \(name) FROM query_segment WHERE first = ?")
        guard let row = try Row.fetchOne(statement, arguments: [head.first]) else { throw DamagedHistory() }
        return try row.bytes(0)
    }
}
