import GRDB

/// The row that says what was stored of flows.
struct FlowState: Sendable, Equatable {
    /// How often the sums of hours changed.
    var stored: Int64
    /// Hours before it were deleted; nil: none were.
    var deletedHour: Int64?

    init(_ db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT stored, deleted_hour FROM flow_state")
        guard let row = try Row.fetchOne(statement) else { throw DamagedHistory() }
        stored = try row.value(0, in: 0...1 << 60)
        deletedHour = try row.optionalValue(1, in: TrafficTable.buckets)
    }

    func store(_ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE flow_state SET stored = ?, deleted_hour = ?")
            .execute(arguments: [stored, deletedHour])
    }
}
