import GRDB
import Model

/// The numbers that places are known by in sums, and the names of countries and systems.
struct PlaceTable: Sendable {
    private(set) var numbers: [FlowPlace: Int64] = [:]
    private var names = PlaceNames()

    init(_ db: Database) throws {
        for (number, place) in try Self.places(db) { numbers[place] = number }
        names = try Self.names(db)
    }

    /// The number of a place, which gets one if it has none. Called in a transaction; if that fails, this is stale.
    mutating func number(of place: FlowPlace, _ db: Database) throws -> Int64 {
        if let number = numbers[place] { return number }
        let (kind, country, asn): (Int, String, Int64) =
            switch place {
            case .known(let country, let asn): (0, country ?? "", asn.map(Int64.init) ?? -1)
            case .private: (1, "", -1)
            case .unknown: (2, "", -1)
            }
        let insert = try db.cachedStatement(sql: "INSERT INTO flow_place (kind, country, asn) VALUES (?, ?, ?)")
        try insert.execute(arguments: [kind, country, asn])
        guard (1...1 << 40).contains(db.lastInsertedRowID) else { throw DamagedHistory() }
        numbers[place] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }

    /// Keeps the newest names.
    mutating func store(_ new: PlaceNames, _ db: Database) throws {
        let country = try db.cachedStatement(sql: "INSERT OR REPLACE INTO flow_country VALUES (?, ?)")
        for (code, name) in new.countries where names.countries[code] != name {
            try country.execute(arguments: [code, name])
            names.countries[code] = name
        }
        let system = try db.cachedStatement(sql: "INSERT OR REPLACE INTO flow_system VALUES (?, ?)")
        for (asn, name) in new.systems where names.systems[asn] != name {
            try system.execute(arguments: [Int64(asn), name])
            names.systems[asn] = name
        }
    }

    /// All places by their numbers.
    static func places(_ db: Database) throws -> [Int64: FlowPlace] {
        var places: [Int64: FlowPlace] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT id, kind, country, asn FROM flow_place")
        while let row = try rows.next() {
            let (country, asn) = (try row.text(2), try row.value(3, in: -1...Int64(UInt32.max)))
            places[try row.value(0, in: 1...1 << 40)] =
                switch try row.value(1, in: 0...2) {
                case 0: .known(country: country.isEmpty ? nil : country, asn: asn < 0 ? nil : UInt32(asn))
                case 1: .private
                default: .unknown
                }
        }
        return places
    }

    static func names(_ db: Database) throws -> PlaceNames {
        var names = PlaceNames()
        let countries = try Row.fetchCursor(db, sql: "SELECT code, name FROM flow_country")
        while let row = try countries.next() { names.countries[try row.text(0)] = try row.text(1) }
        let systems = try Row.fetchCursor(db, sql: "SELECT asn, name FROM flow_system")
        while let row = try systems.next() {
            names.systems[UInt32(try row.value(0, in: 0...Int64(UInt32.max)))] = try row.text(1)
        }
        return names
    }
}
