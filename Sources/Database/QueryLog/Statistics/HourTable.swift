import FoundationEssentials
import GRDB
import Model

/// The statements of the table of hourly sums.
enum HourTable {
    /// How many of an hour's names are stored: its most frequent ones, and the most often blocked ones besides.
    static let keptNames = 512
    static let keptBlocked = 128
    /// How many of an hour's clients are stored.
    static let keptClients = 1024

    /// Writes the sums of an hour in place of what is there.
    static func store(_ sums: HourSums, _ db: Database) throws {
        let names = try bytes(sums.names, frequent: keptNames, blocked: keptBlocked, db)
        let clients = try bytes(sums.clients, frequent: keptClients, blocked: 0, db)
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO query_hour (hour, total, blocked, cached, names, clients)"
                + " VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [sums.hour, sums.total, sums.blocked, sums.cached, names, clients])
    }

    /// The stored sums of an hour, to go on with; empty ones where there are none.
    static func load(_ hour: Int64, _ db: Database) throws -> HourSums {
        var sums = HourSums(hour: hour)
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT total, blocked, cached, names, clients FROM query_hour WHERE hour = ?",
                arguments: [hour])
        else { return sums }
        (sums.total, sums.blocked, sums.cached) = (try row.count(0), try row.count(1), try row.count(2))
        sums.names = try tally(try row.bytes(3), db)
        sums.clients = try tally(try row.bytes(4), db)
        return sums
    }

    /// Deletes the texts that no sums speak of any more.
    static func deleteUnusedTexts(_ db: Database) throws {
        var used: Set<Int64> = []
        let rows = try Row.fetchCursor(db, sql: "SELECT names, clients FROM query_hour")
        while let row = try rows.next() {
            for column in 0..<2 {
                var reader = StoredTally(try row.bytes(column))
                var sketch = UniqueSketch()
                _ = try reader.begin(&sketch)
                while let (id, _) = try reader.next() { used.insert(id) }
            }
        }
        let unused = try Int64.fetchAll(db, sql: "SELECT id FROM query_text").filter { !used.contains($0) }
        let delete = try db.cachedStatement(sql: "DELETE FROM query_text WHERE id = ?")
        for id in unused { try delete.execute(arguments: [id]) }
    }

    private static func bytes(_ tally: Tally, frequent: Int, blocked: Int, _ db: Database) throws -> Data {
        let (entries, isComplete) = tally.kept(frequent: frequent, blocked: blocked)
        let numbered = try entries.map { (id: try id(of: $0.text, db), count: $0.count) }.sorted { $0.id < $1.id }
        var writer = ByteWriter()
        writer.put(isComplete ? 1 : 0)
        tally.sketch.write(&writer)
        var last: Int64 = 0
        for entry in numbered {
            writer.put(UInt64(entry.id - last))
            writer.put(UInt64(entry.count.queries))
            writer.put(UInt64(entry.count.blocked))
            last = entry.id
        }
        return Data(writer.bytes)
    }

    private static func tally(_ bytes: Data, _ db: Database) throws -> Tally {
        var reader = StoredTally(bytes)
        var sketch = UniqueSketch()
        let isComplete = try reader.begin(&sketch)
        var counts: [HashedText: Tally.Count] = [:]
        while let (id, count) = try reader.next() {
            counts[HashedText(try text(id, db))] = count
        }
        return Tally(counts: counts, sketch: sketch, isComplete: isComplete)
    }

    private static func id(of text: String, _ db: Database) throws -> Int64 {
        let select = try db.cachedStatement(sql: "SELECT id FROM query_text WHERE text = ?")
        if let row = try Row.fetchOne(select, arguments: [text]) { return try row.value(0, in: 1...1 << 40) }
        try db.cachedStatement(sql: "INSERT INTO query_text (text) VALUES (?)").execute(arguments: [text])
        guard (1...1 << 40).contains(db.lastInsertedRowID) else { throw DamagedHistory() }
        return db.lastInsertedRowID
    }

    /// The text that sums know by a number.
    static func text(_ id: Int64, _ db: Database) throws -> String {
        let select = try db.cachedStatement(sql: "SELECT text FROM query_text WHERE id = ?")
        guard let row = try Row.fetchOne(select, arguments: [id]) else { throw DamagedHistory() }
        return try row.text(0)
    }
}

/// The bytes of a tally, entry by entry.
struct StoredTally {
    private var reader: ByteReader
    private var last: Int64 = 0

    init(_ bytes: Data) {
        reader = ByteReader(bytes)
    }

    /// Takes the sketch into `sketch` and tells whether every text is counted.
    mutating func begin(_ sketch: inout UniqueSketch) throws(DamagedHistory) -> Bool {
        let isComplete = try reader.number() == 1
        try sketch.formUnion(&reader)
        return isComplete
    }

    /// The next text's id, in growing order, and its count.
    mutating func next() throws(DamagedHistory) -> (id: Int64, count: Tally.Count)? {
        guard !reader.isAtEnd else { return nil }
        let (step, queries, blocked) = (try reader.number(), try reader.number(), try reader.number())
        guard step < 1 << 40, queries < 1 << 40, blocked < 1 << 40 else { throw DamagedHistory() }
        last += Int64(step)
        return (last, Tally.Count(queries: Int(queries), blocked: Int(blocked)))
    }
}
