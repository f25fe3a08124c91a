import Model

/// Consecutive rows of the query log in one hour, by columns.
struct QuerySegment: Sendable {
    /// The columns, in the order they are stored in.
    enum Column: Int, CaseIterable {
        case name, asker, outcome, second, type, responseCode, cause, upstream, microseconds
    }

    /// A segment of this many rows is full: what was written in small pieces until then is put together.
    static let fullRows = 8192
    /// No segment has more rows.
    static let mostRows = 65_536

    /// The hour of all rows, in hours since 1970-01-01T00:00:00Z.
    let hour: Int64
    private(set) var blocked = 0
    private(set) var names = Lexicon<HashedText>()
    private(set) var askers = Lexicon<LoggedQuery.Asker?>()
    private(set) var causes = Lexicon<LoggedQuery.Cause?>()
    private(set) var upstreams = Lexicon<HashedText?>()
    /// Numbers by ``Column``, each as long as there are rows.
    private(set) var columns = [[UInt32]](repeating: [], count: Column.allCases.count)

    var count: Int { columns[0].count }

    init(hour: Int64) {
        self.hour = hour
    }

    /// The segment whose bytes these were.
    init(
        hour: Int64, names: [HashedText], askers: [LoggedQuery.Asker?], causes: [LoggedQuery.Cause?],
        upstreams: [HashedText?], columns: [[UInt32]]
    ) throws(DamagedHistory) {
        self.hour = hour
        for entry in names { _ = self.names.code(of: entry) }
        for entry in askers { _ = self.askers.code(of: entry) }
        for entry in causes { _ = self.causes.code(of: entry) }
        for entry in upstreams { _ = self.upstreams.code(of: entry) }
        let entries: [(Column, Int)] = [
            (.name, self.names.entries.count), (.asker, self.askers.entries.count),
            (.cause, self.causes.entries.count), (.upstream, self.upstreams.entries.count),
        ]
        for (column, count) in entries where columns[column.rawValue].contains(where: { $0 >= count }) {
            throw DamagedHistory()
        }
        for outcome in columns[Column.outcome.rawValue] {
            guard let outcome = Outcome(code: outcome) else { throw DamagedHistory() }
            if outcome.status == .blocked { blocked += 1 }
        }
        self.columns = columns
    }

    static func hour(of time: Timestamp) -> Int64 {
        time.seconds >= 0 ? time.seconds / 3600 : (time.seconds - 3599) / 3600
    }

    mutating func append(_ query: LoggedQuery) {
        let facts = query.facts
        if facts.status == .blocked { blocked += 1 }
        put(.name, names.code(of: facts.domain))
        put(.asker, askers.code(of: query.isAnonymous ? nil : facts.asker))
        put(.outcome, Outcome(facts).code)
        put(.second, UInt32(clamping: query.time.seconds - hour * 3600))
        put(.type, UInt32(facts.type))
        put(.responseCode, UInt32(facts.responseCode))
        put(.cause, causes.code(of: facts.cause))
        put(.upstream, upstreams.code(of: facts.upstream))
        put(.microseconds, query.microseconds)
    }

    /// Appends the rows of a segment of the same hour.
    mutating func append(_ other: QuerySegment) {
        let codes: [Column: [UInt32]] = [
            .name: other.names.entries.map { names.code(of: $0) },
            .asker: other.askers.entries.map { askers.code(of: $0) },
            .cause: other.causes.entries.map { causes.code(of: $0) },
            .upstream: other.upstreams.entries.map { upstreams.code(of: $0) },
        ]
        for column in Column.allCases {
            let values = other.columns[column.rawValue]
            if let codes = codes[column] {
                columns[column.rawValue].append(contentsOf: values.lazy.map { codes[Int($0)] })
            } else {
                columns[column.rawValue].append(contentsOf: values)
            }
        }
        blocked += other.blocked
    }

    /// The row at `index`.
    func row(_ index: Int) throws(DamagedHistory) -> QueryLogRow {
        let value = { (column: Column) in columns[column.rawValue][index] }
        guard let outcome = Outcome(code: value(.outcome)) else { throw DamagedHistory() }
        let asker = askers.entries[Int(value(.asker))]
        var row = QueryLogRow(
            time: Timestamp(seconds: hour * 3600 + Int64(value(.second))), client: asker?.client.text ?? "",
            address: asker?.address ?? IPAddress(v4: 0), domain: names.entries[Int(value(.name))].text,
            type: UInt16(truncatingIfNeeded: value(.type)), status: outcome.status, reason: outcome.reason,
            origin: outcome.origin, responseCode: UInt16(truncatingIfNeeded: value(.responseCode)),
            microseconds: value(.microseconds))
        let cause = causes.entries[Int(value(.cause))]
        row.rule = cause?.rule?.text
        row.source = cause?.source?.text
        row.list = cause?.list?.text
        row.upstream = upstreams.entries[Int(value(.upstream))]?.text
        return row
    }

    private mutating func put(_ column: Column, _ value: UInt32) { columns[column.rawValue].append(value) }
}
