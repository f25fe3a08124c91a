import FoundationEssentials
import Model
import Testing

@testable import Database

/// Sums by the hour are what adding up all rows gives, whatever happened while they were written.
@Suite struct QueryStatisticsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Adds rows up without any of the code under test.
    private func sums(_ rows: [QueryLogRow], from: Timestamp, hours: Int, top: Int = 10) -> QueryStatistics {
        let start = from.seconds / 3600 * 3600
        let rows = rows.filter { $0.time.seconds >= start && $0.time.seconds < start + Int64(hours) * 3600 }
        var sums = QueryStatistics()
        sums.total = rows.count
        sums.blocked = rows.count { $0.status == .blocked }
        sums.cached = rows.count { $0.origin == .cache }
        sums.uniqueDomains = Set(rows.map(\.domain)).count
        sums.uniqueClients = Set(rows.map(\.client)).count
        sums.trend = (0..<hours).map { hour in
            let time = Timestamp(seconds: start + Int64(hour) * 3600)
            let own = rows.filter { $0.time >= time && $0.time < time.advanced(bySeconds: 3600) }
            return .init(time: time, total: own.count, blocked: own.count { $0.status == .blocked })
        }
        return sums
    }

    private func counts(_ keys: [String]) -> [String: Int] { keys.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    /// Of equal counts any may stand among the first.
    private func expectTop(_ found: [QueryStatistics.Count], _ keys: [String], top: Int = 10) {
        let counts = counts(keys)
        #expect(found.map(\.queries) == Array(counts.values.sorted(by: >).prefix(top)))
        #expect(Set(found.map(\.name)).count == found.count)
        for entry in found { #expect(counts[entry.name] == entry.queries, "\(entry.name)") }
    }

    private func expect(_ open: OpenLog, _ rows: [QueryLogRow], hours: Int) async throws {
        let to = LogSample.start.advanced(bySeconds: Int64(hours) * 3600 - 1800)
        var found = try await open.log.statistics(from: LogSample.start.advanced(bySeconds: 1234), to: to)
        let wanted = sums(rows, from: LogSample.start, hours: hours)
        expectTop(found.topDomains, rows.map(\.domain))
        expectTop(found.topBlocked, rows.filter { $0.status == .blocked }.map(\.domain))
        expectTop(found.topClients, rows.map(\.client))
        (found.topDomains, found.topBlocked, found.topClients) = ([], [], [])
        #expect(found == wanted)
    }

    @Test func sumsOfAllRows() async throws {
        let open = try OpenLog(directory.path)
        let rows = LogSample.rows(30_000, seconds: 5 * 3600)
        open.record(rows)
        try await expect(open, rows, hours: 7)
    }

    /// Opened again, without a word to the one before, after every few batches: as after a crash.
    @Test func sumsOutliveACrash() async throws {
        let rows = LogSample.rows(12_000, seconds: 3 * 3600)
        var open = try OpenLog(directory.path)
        for (number, start) in stride(from: 0, to: rows.count, by: 400).enumerated() {
            open.record(Array(rows[start..<start + 400]))
            await open.log.flush()
            if number % 7 == 3 { _ = try await open.log.statistics(from: LogSample.start, to: LogSample.start) }
            if number % 5 == 4 { open = try OpenLog(directory.path) }
        }
        open = try OpenLog(directory.path)
        try await expect(open, rows, hours: 3)
    }

    @Test func aClockThatIsSetBack() async throws {
        let open = try OpenLog(directory.path)
        let late = LogSample.rows(3000, seconds: 2 * 3600, seed: 1)
        let early = LogSample.rows(3000, seconds: 3 * 3600, seed: 2)
        open.record(late)
        _ = try await open.log.statistics(from: LogSample.start, to: LogSample.start)
        open.record(early)
        try await expect(open, late + early, hours: 3)
        #expect(try await open.all() == late + early)
    }

    /// Hours are those of UTC; before 1970 they begin earlier, too.
    @Test func hoursBeginAtTheirBeginning() async throws {
        let open = try OpenLog(directory.path)
        let times: [Int64] = [-1, 0, 3599, 3600, 1_800_003_599, 1_800_003_600]
        open.record(times.map { LogSample.row(1, at: Timestamp(seconds: $0)) })
        let first = try await open.log.statistics(from: Timestamp(seconds: -1), to: Timestamp(seconds: 3601))
        #expect(first.trend.map(\.time.seconds) == [-3600, 0, 3600])
        #expect(first.trend.map(\.total) == [1, 2, 1])
        let last = try await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 3601))
        #expect(last.trend.map(\.total) == [1, 1])
        #expect(try await open.log.statistics(from: LogSample.start, to: LogSample.start) == QueryStatistics())
        #expect(try await open.all().map(\.time.seconds) == times)
    }

    /// More names than an hour keeps: the first ones are right, their number is nearly.
    @Test func manyNames() async throws {
        let open = try OpenLog(directory.path)
        let rows = LogSample.rows(60_000, names: 40_000, clients: 3000, seconds: 2 * 3600)
        open.record(rows)
        let sums = try await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 7200))
        expectTop(sums.topDomains, rows.map(\.domain))
        expectTop(sums.topBlocked, rows.filter { $0.status == .blocked }.map(\.domain))
        let (names, clients) = (Set(rows.map(\.domain)).count, Set(rows.map(\.client)).count)
        #expect(names > 16_384)
        #expect(abs(sums.uniqueDomains - names) < names / 15, "\(sums.uniqueDomains) of \(names)")
        #expect(abs(sums.uniqueClients - clients) < clients / 15, "\(sums.uniqueClients) of \(clients)")
    }

    @Test func sketchesTellHowMany() throws {
        for count in [0, 1, 10, 1000, 5000, 20_000, 60_000] {
            var (sketch, left, right) = (UniqueSketch(), UniqueSketch(), UniqueSketch())
            for number in 0..<count {
                sketch.insert("name\(number).example")
                sketch.insert("name\(number / 2).example")
                if number % 3 == 0 {
                    left.insert("name\(number).example")
                } else {
                    right.insert("name\(number).example")
                }
            }
            #expect(abs(sketch.estimate - count) <= count / 20, "\(sketch.estimate) of \(count)")
            left.formUnion(right)
            #expect(left == sketch)
            var writer = ByteWriter()
            sketch.write(&writer)
            var (read, reader) = (UniqueSketch(), ByteReader(Data(writer.bytes)))
            try read.formUnion(&reader)
            #expect(read == sketch && reader.isAtEnd)
        }
    }
}
