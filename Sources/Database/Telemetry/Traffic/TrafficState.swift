import FoundationEssentials
import GRDB
import Model

/// The row that says how far the sums are.
struct TrafficState: Sendable, Equatable {
    /// The first sample that the sums don't have yet.
    var through: Int64
    /// The first hour that is kept; nil: none is.
    var firstHour: Int64?
    /// The first day that is kept.
    var firstDay: Int64?

    init(_ db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT through, first_hour, first_day FROM traffic_state")
        guard let row = try Row.fetchOne(statement) else { throw DamagedHistory() }
        through = try row.value(0, in: 1...1 << 60)
        firstHour = try row.optionalValue(1, in: TrafficTable.buckets)
        firstDay = try row.optionalValue(2, in: TrafficTable.buckets)
    }

    /// Writes what changed, and the baselines as of ``through``.
    func store(_ baselines: [Int64: CounterBaseline], _ db: Database) throws {
        try store(db)
        try db.cachedStatement(sql: "UPDATE traffic_state SET baselines = ?")
            .execute(arguments: [BaselineBytes.pack(baselines)])
    }

    func store(_ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE traffic_state SET through = ?, first_hour = ?, first_day = ?")
            .execute(arguments: [through, firstHour, firstDay])
    }

    static func baselines(_ db: Database) throws -> [Int64: CounterBaseline] {
        guard let row = try Row.fetchOne(db, sql: "SELECT baselines FROM traffic_state") else { throw DamagedHistory() }
        return try BaselineBytes.unpack(try row.bytes(0))
    }

    /// The first bucket that is kept.
    subscript(_ table: TrafficTable) -> Int64? {
        get { table == .hour ? firstHour : firstDay }
        set { if table == .hour { firstHour = newValue } else { firstDay = newValue } }
    }
}
