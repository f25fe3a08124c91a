import GRDB
import Model

/// The numbers that subjects are known by in the tables.
struct SubjectTable: Sendable {
    private(set) var numbers: [TrafficSubject: Int64] = [:]
    private(set) var subjects: [Int64: TrafficSubject] = [:]

    init(_ db: Database) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT id, kind, name FROM telemetry_subject")
        while let row = try rows.next() {
            add(try Self.subject(row), try row.value(0, in: 1...1 << 40))
        }
    }

    /// The number of a subject, which gets one if it has none. Called in a transaction; if that fails, this is stale.
    mutating func number(of subject: TrafficSubject, _ db: Database) throws -> Int64 {
        if let number = numbers[subject] { return number }
        let (kind, name) = Self.columns(subject)
        try db.cachedStatement(sql: "INSERT INTO telemetry_subject (kind, name) VALUES (?, ?)")
            .execute(arguments: [kind, name])
        guard (1...1 << 40).contains(db.lastInsertedRowID) else { throw DamagedHistory() }
        add(subject, db.lastInsertedRowID)
        return db.lastInsertedRowID
    }

    /// The number of a subject as another connection sees it; nil: it has none.
    static func number(of subject: TrafficSubject, _ db: Database) throws -> Int64? {
        let (kind, name) = columns(subject)
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM telemetry_subject WHERE kind = ? AND name = ?"),
            arguments: [kind, name])
        return try row?.value(0, in: 1...1 << 40)
    }

    private mutating func add(_ subject: TrafficSubject, _ number: Int64) {
        numbers[subject] = number
        subjects[number] = subject
    }

    private static func columns(_ subject: TrafficSubject) -> (kind: Int, name: String) {
        switch subject {
        case .peer(let id): (0, id)
        case .interface(let name): (1, name)
        }
    }

    private static func subject(_ row: Row) throws(DamagedHistory) -> TrafficSubject {
        let name = try row.text(2)
        return try row.value(1, in: 0...1) == 0 ? .peer(name) : .interface(name)
    }
}
