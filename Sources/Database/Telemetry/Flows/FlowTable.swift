import FoundationEssentials
import GRDB
import Model

/// The statements of the tables of sums of flows.
enum FlowTable {
    case hour, day

    private var name: String { self == .hour ? "flow_hour" : "flow_day" }

    /// The first bucket that there is.
    func first(_ db: Database) throws -> Int64? {
        try first(1, before: TrafficTable.buckets.upperBound, db).first
    }

    /// The first buckets before one, at most so many.
    func first(_ count: Int, before bucket: Int64, _ db: Database) throws -> [Int64] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT bucket FROM \(name) WHERE bucket < ? ORDER BY bucket LIMIT ?"),
            arguments: [bucket, count]
        ).map { try $0.value(0, in: TrafficTable.buckets) }
    }

    /// Deletes the buckets up to one, with it.
    func delete(through bucket: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(name) WHERE bucket <= ?").execute(arguments: [bucket])
    }

    /// Reads the packed sums of these buckets.
    ///
    /// - Parameter onlyOpen: Only those of hours that their day does not have yet.
    func read(_ buckets: Range<Int64>, onlyOpen: Bool = false, _ db: Database, _ body: (Data) throws -> Void) throws {
        let more = onlyOpen ? " AND is_open" : ""
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT sums FROM \(name) WHERE bucket >= ? AND bucket < ?\(more)"),
            arguments: [buckets.lowerBound, buckets.upperBound])
        while let row = try rows.next() { try body(try row.bytes(0)) }
    }

    static func openHours(_ db: Database) throws -> [Int64] {
        // Nobody left one open long ago but a clock that jumped.
        try Row.fetchAll(db.cachedStatement(sql: "SELECT bucket FROM flow_hour WHERE is_open"))
            .map { try $0.value(0, in: TrafficTable.buckets) }
    }

    static func sums(ofHour hour: Int64, _ db: Database) throws -> (sums: FlowSums, isOpen: Bool)? {
        let statement = try db.cachedStatement(sql: "SELECT sums, is_open FROM flow_hour WHERE bucket = ?")
        guard let row = try Row.fetchOne(statement, arguments: [hour]) else { return nil }
        return (try FlowSums(try row.bytes(0)), try row.value(1, in: 0...1) == 1)
    }

    static func sums(ofDay day: Int64, _ db: Database) throws -> FlowSums {
        let statement = try db.cachedStatement(sql: "SELECT sums FROM flow_day WHERE bucket = ?")
        guard let row = try Row.fetchOne(statement, arguments: [day]) else { return FlowSums() }
        return try FlowSums(try row.bytes(0))
    }

    static func store(_ sums: FlowSums, hour: Int64, isOpen: Bool, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO flow_hour (bucket, is_open, sums) VALUES (?, ?, ?)")
            .execute(arguments: [hour, isOpen, sums.packed])
    }

    static func store(_ sums: FlowSums, day: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO flow_day (bucket, sums) VALUES (?, ?)")
            .execute(arguments: [day, sums.packed])
    }

    static func close(_ hour: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE flow_hour SET is_open = 0 WHERE bucket = ?").execute(arguments: [hour])
    }
}
