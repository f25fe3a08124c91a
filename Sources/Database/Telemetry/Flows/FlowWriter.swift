import GRDB
import Model

/// What the writer knows of the flows, as of its last commit. After an error it is made anew.
///
/// Sums are stored by the hour every few minutes; a day gets those of an hour when the next one has begun, so that its row,
/// the largest, is written once an hour.
struct FlowWriter: Sendable {
    private var places: PlaceTable
    private(set) var state: FlowState

    init(_ db: Database) throws {
        places = try PlaceTable(db)
        state = try FlowState(db)
    }

    /// Stores what is pending. Called in a transaction.
    mutating func store(_ pending: PendingFlows, number: (TrafficSubject) throws -> Int64, _ db: Database) throws {
        try places.store(pending.names, db)
        for (hour, rows) in pending.hours.sorted(by: { $0.key < $1.key }) {
            var sums = FlowSums()
            for (key, bytes) in rows {
                let peer = try number(.peer(key.peer))
                sums.add(bytes, FlowSums.Key(peer: peer, place: try places.number(of: key.place, db)))
            }
            try add(sums, to: hour, isNewest: hour == pending.newest, db)
        }
        for hour in try FlowTable.openHours(db) where hour != pending.newest { try close(hour, db) }
        state.stored += 1
        try state.store(db)
    }

    /// Deletes the hours before one, some of them. Called in a transaction.
    ///
    /// - Returns: Whether there are more.
    mutating func deleteHours(before hour: Int64, _ db: Database) throws -> Bool {
        let expired = try FlowTable.hour.first(8, before: hour, db)
        guard let last = expired.last else { return false }
        for open in try FlowTable.openHours(db) where open <= last { try close(open, db) }
        state.deletedHour = max(state.deletedHour ?? hour, last + 1)
        // Answers that are made of memory as well must not mix it with these.
        state.stored += 1
        try state.store(db)
        try FlowTable.hour.delete(through: last, db)
        return true
    }

    private func add(_ sums: FlowSums, to hour: Int64, isNewest: Bool, _ db: Database) throws {
        guard let (stored, isOpen) = try FlowTable.sums(ofHour: hour, db) else {
            try FlowTable.store(sums, hour: hour, isOpen: isNewest, db)
            if !isNewest { try addToDay(sums, hour, db) }
            return
        }
        var all = stored
        all += sums
        try FlowTable.store(all, hour: hour, isOpen: isOpen, db)
        if !isOpen { try addToDay(sums, hour, db) }
    }

    private func close(_ hour: Int64, _ db: Database) throws {
        guard let (sums, _) = try FlowTable.sums(ofHour: hour, db) else { return }
        try addToDay(sums, hour, db)
        try FlowTable.close(hour, db)
    }

    private func addToDay(_ sums: FlowSums, _ hour: Int64, _ db: Database) throws {
        let day = Bucket.day(ofHour: hour)
        var all = try FlowTable.sums(ofDay: day, db)
        all += sums
        try FlowTable.store(all, day: day, db)
    }
}
