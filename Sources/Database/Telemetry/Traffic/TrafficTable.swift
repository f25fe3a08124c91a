import GRDB
import Model

/// The tables of hourly and daily sums.
enum TrafficTable: Sendable {
    case hour, day

    /// The numbers of buckets: whatever a clock may show.
    static let buckets: ClosedRange<Int64> = -(1 << 40)...1 << 40

    private var name: String { self == .hour ? "traffic_hour" : "traffic_day" }

    func time(of bucket: Int64) -> Timestamp {
        self == .hour ? Bucket.time(ofHour: bucket) : Bucket.time(ofDay: bucket)
    }

    func bucket(of time: Timestamp) -> Int64 { self == .hour ? Bucket.hour(of: time) : Bucket.day(of: time) }

    /// Adds sums to what is there. Counts stay at the largest number.
    func add(_ all: [Int64: [Int64: TrafficSums]], _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO \(name) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                received = min(received, 9223372036854775807 - excluded.received) + excluded.received,
                sent = min(sent, 9223372036854775807 - excluded.sent) + excluded.sent,
                peak_received = max(peak_received, excluded.peak_received),
                peak_sent = max(peak_sent, excluded.peak_sent),
                connected = connected + excluded.connected
                """)
        for (bucket, subjects) in all {
            // In the order of the table, so that a page is written once.
            for (subject, sums) in subjects.sorted(by: { $0.key < $1.key }) {
                try statement.execute(arguments: [
                    subject, bucket, Int64(clamping: sums.bytes.received), Int64(clamping: sums.bytes.sent),
                    Int64(clamping: sums.peak.received), Int64(clamping: sums.peak.sent), sums.connected,
                ])
            }
        }
    }

    /// The sums of one subject in these buckets.
    func sums(of subject: Int64, in buckets: Range<Int64>, _ db: Database) throws -> [Int64: TrafficSums] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT bucket, received, sent, peak_received, peak_sent, connected FROM \(name)
                    WHERE subject = ? AND bucket >= ? AND bucket < ?
                    """),
            arguments: [subject, buckets.lowerBound, buckets.upperBound])
        var found: [Int64: TrafficSums] = [:]
        while let row = try rows.next() {
            found[try row.value(0, in: Self.buckets)] = TrafficSums(
                bytes: TrafficBytes(received: try row.number(1), sent: try row.number(2)),
                peak: TrafficBytes(received: try row.number(3), sent: try row.number(4)), connected: try row.value(5))
        }
        return found
    }

    /// The first bucket that is kept of a subject.
    func first(of subject: Int64, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT bucket FROM \(name) WHERE subject = ? ORDER BY bucket LIMIT 1")
        return try Row.fetchOne(statement, arguments: [subject])?.value(0, in: Self.buckets)
    }

    /// Deletes the buckets of a subject before one.
    func delete(_ subject: Int64, before bucket: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(name) WHERE subject = ? AND bucket < ?")
            .execute(arguments: [subject, bucket])
    }
}

extension Row {
    fileprivate func number(_ index: Int) throws(DamagedHistory) -> UInt64 { UInt64(try value(index, in: 0 ... .max)) }

    fileprivate func value(_ index: Int) throws(DamagedHistory) -> Int64 { try value(index, in: 0...1 << 60) }
}
