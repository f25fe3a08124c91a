import FoundationEssentials
import GRDB
import Model

/// Adds the hours of a span up.
struct StatisticsReader {
    /// A span is no longer than this many hours; the newest count.
    static let mostHours: Int64 = 24 * 400

    private var result = QueryStatistics()
    private var names: [Int64: Tally.Count] = [:]
    private var clients: [Int64: Tally.Count] = [:]
    private var nameSketch = UniqueSketch()
    private var clientSketch = UniqueSketch()
    private var areNamesComplete = true
    private var areClientsComplete = true

    static func read(from: Timestamp, to: Timestamp, top: Int, _ db: Database) throws -> QueryStatistics {
        let end = QuerySegment.hour(of: to.advanced(bySeconds: 3599))
        let start = max(QuerySegment.hour(of: from), end - mostHours)
        guard start < end else { return QueryStatistics() }
        var reader = StatisticsReader()
        try reader.add(start..<end, db)
        return try reader.finished(top: top, db)
    }

    private mutating func add(_ span: Range<Int64>, _ db: Database) throws {
        result.trend = span.map { QueryStatistics.Hour(time: Timestamp(seconds: $0 * 3600), total: 0, blocked: 0) }
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT hour, total, blocked, cached, names, clients FROM query_hour WHERE hour >= ? AND hour < ?",
            arguments: [span.lowerBound, span.upperBound])
        while let row = try rows.next() {
            let hour = try row.value(0, in: span.lowerBound...span.upperBound - 1)
            let (total, blocked) = (try row.count(1), try row.count(2))
            result.total += total
            result.blocked += blocked
            result.cached += try row.count(3)
            result.trend[Int(hour - span.lowerBound)].total = total
            result.trend[Int(hour - span.lowerBound)].blocked = blocked
            areNamesComplete = try Self.add(try row.bytes(4), to: &names, &nameSketch) && areNamesComplete
            areClientsComplete = try Self.add(try row.bytes(5), to: &clients, &clientSketch) && areClientsComplete
        }
    }

    private static func add(_ bytes: Data, to counts: inout [Int64: Tally.Count], _ sketch: inout UniqueSketch) throws
        -> Bool
    {
        var stored = StoredTally(bytes)
        let isComplete = try stored.begin(&sketch)
        while let (id, count) = try stored.next() {
            counts[id, default: Tally.Count()].add(count)
        }
        return isComplete
    }

    private func finished(top: Int, _ db: Database) throws -> QueryStatistics {
        var result = result
        result.uniqueDomains = areNamesComplete ? names.count : max(nameSketch.estimate, names.count)
        result.uniqueClients = areClientsComplete ? clients.count : max(clientSketch.estimate, clients.count)
        result.topDomains = try Self.top(top, names, by: \.queries, db)
        result.topBlocked = try Self.top(top, names, by: \.blocked, db)
        result.topClients = try Self.top(top, clients, by: \.queries, db)
        return result
    }

    /// The greatest ones, the first; of equal ones those that were met earlier.
    private static func top(
        _ limit: Int, _ counts: [Int64: Tally.Count], by count: KeyPath<Tally.Count, Int>, _ db: Database
    ) throws -> [QueryStatistics.Count] {
        guard limit > 0 else { return [] }
        var greatest: [(id: Int64, queries: Int)] = []
        for (id, value) in counts {
            let queries = value[keyPath: count]
            guard queries > 0 else { continue }
            let isBehind = { (other: (id: Int64, queries: Int)) in
                other.queries != queries ? other.queries < queries : other.id > id
            }
            if greatest.count == limit {
                guard let last = greatest.last, isBehind(last) else { continue }
                greatest.removeLast()
            }
            greatest.insert((id, queries), at: greatest.firstIndex(where: isBehind) ?? greatest.endIndex)
        }
        return try greatest.map { entry in
            QueryStatistics.Count(name: try HourTable.text(entry.id, db), queries: entry.queries)
        }
    }
}
