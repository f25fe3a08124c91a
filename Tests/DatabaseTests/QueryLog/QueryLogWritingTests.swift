import Foundation
import GRDB
import Logging
import Model
import Testing

@testable import Database

/// Rows reach the disk, as they were, in order, and none is lost without being counted.
@Suite struct QueryLogWritingTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func rowsComeBackAsTheyWere() async throws {
        let open = try OpenLog(directory.path)
        let rows = LogSample.rows(20_000)
        open.record(rows)
        #expect(try await open.all() == rows)
        #expect(try directory.mode(of: "history.db") == 0o600)
        #expect(try directory.mode(of: "history.db-wal") == 0o600)
        let counters = open.log.counters
        #expect(counters.recorded == 20_000 && counters.written == 20_000 && counters.dropped == 0)
        #expect(counters.bytes > 100_000)
    }

    /// Small batches are put together: the same rows, in few segments; the database is opened again in between.
    @Test func smallBatchesArePutTogether() async throws {
        let rows = LogSample.rows(20_000, seconds: 3000)
        var start = 0
        var open = try OpenLog(directory.path)
        for step in 0..<600 {
            if step % 100 == 50 { open = try OpenLog(directory.path) }
            let end = min(rows.count, start + (step % 3 == 0 ? 1 : 30))
            open.record(Array(rows[start..<end]))
            await open.log.flush()
            start = end
        }
        open.record(Array(rows[start...]))
        let page = try await open.page(limit: .max)
        #expect(page.entries.reversed().map(\.row) == rows)
        #expect(page.entries.reversed().map(\.id) == Array(1...Int64(rows.count)))
        let segments = try await open.history.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM query_segment") }
        #expect(try #require(segments) < 300)
    }

    @Test func equalLookingTextsStayApart() async throws {
        let open = try OpenLog(directory.path)
        var rows = [LogSample.row(1), LogSample.row(1)]
        rows[0].rule = "caf\u{E9}"
        rows[1].rule = "cafe\u{301}"
        open.record(rows)
        let read = try await open.all()
        #expect(read.map { $0.rule.map { Array($0.utf8) } } == rows.map { $0.rule.map { Array($0.utf8) } })
    }

    @Test func theRunningTaskWritesAndItsEndWritesTheRest() async throws {
        let open = try OpenLog(directory.path)
        let task = Task { await open.log.run() }
        open.record(LogSample.rows(10))
        #expect(try await eventually { open.log.counters.written == 10 })
        // Thousands are written at once, not after a second.
        let start = ContinuousClock.now
        open.record(LogSample.rows(50_000))
        task.cancel()
        await task.value
        #expect(open.log.counters.written == 50_010)
        #expect(ContinuousClock.now - start < .seconds(20))
        let stored = try await open.history.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT sum(rows) FROM query_segment"),
                try Int.fetchOne(db, sql: "SELECT sum(total) FROM query_hour")
            )
        }
        #expect(stored.0 == 50_010 && stored.1 == 50_010)
    }

    @Test func whatTheQueueCannotHoldIsCounted() async throws {
        let open = try OpenLog(directory.path)
        let row = LogSample.row(1)
        for _ in 0..<70_000 { open.log.record(row) }
        #expect(open.log.counters.recorded == 70_000)
        #expect(open.log.counters.dropped == 70_000 - 65_536)
        await open.log.flush()
        #expect(open.log.counters.written == 65_536)
        open.log.record(row)
        await open.log.flush()
        #expect(open.log.counters.written == 65_537 && open.log.counters.dropped == 70_000 - 65_536)
    }

    /// Another process holds the database: rows wait, and are written when it lets go.
    @Test func rowsWaitForAWriterThatIsHeld() async throws {
        let open = try OpenLog(directory.path)
        await open.log.flush()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: open.history.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        open.record(LogSample.rows(100))
        await open.log.flush()
        #expect(open.log.counters.written == 0 && open.log.counters.dropped == 0)
        open.record(LogSample.rows(50))
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await open.page().total == 150)
        #expect(open.log.counters.written == 150 && open.log.counters.dropped == 0)
    }

    @Test func manyRecordAtOnceWhileOthersRead() async throws {
        let open = try OpenLog(directory.path)
        let task = Task { await open.log.run() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<4 {
                group.addTask {
                    for number in 0..<5000 {
                        open.log.record(LogSample.row(number, client: "wg0/c\(client)"))
                        if number % 100 == 0 { await Task.yield() }
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<20 {
                        let page = try await open.page(limit: 50)
                        // Ids fall without a gap, so nothing is half written.
                        #expect(zip(page.entries, page.entries.dropFirst()).allSatisfy { $0.id == $1.id + 1 })
                        let sums = try await open.log.statistics(from: LogSample.start, to: LogSample.start)
                        #expect(sums.total == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        task.cancel()
        await task.value
        let rows = try await open.all()
        #expect(rows.count == 20_000)
        for client in 0..<4 {
            let domains = rows.filter { $0.client == "wg0/c\(client)" }.map(\.domain)
            #expect(domains == (0..<5000).map { "host\($0).example.com" })
        }
    }

    @Test func levels() async throws {
        var settings = DNSSettings.QueryLog()
        settings.level = .off
        let open = try OpenLog(directory.path, settings)
        open.record([LogSample.row(1)])
        #expect(try await open.all() == [] && open.log.counters.recorded == 0)
        settings.level = .anonymous
        open.log.configure(settings)
        open.record([LogSample.row(2)])
        settings.level = .full
        open.log.configure(settings)
        open.record([LogSample.row(3)])
        let rows = try await open.all()
        #expect(rows.map(\.domain) == ["host2.example.com", "host3.example.com"])
        #expect(rows.map(\.client) == ["", "wg1/device-3"])
        #expect(rows.first?.address == IPAddress(v4: 0))
        let sums = try await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 1))
        #expect(sums.total == 2 && sums.uniqueClients == 1)
        #expect(sums.topClients == [.init(name: "wg1/device-3", queries: 1)])
        // Nothing of the client of the anonymous row is in the file.
        let task = Task { await open.log.run() }
        task.cancel()
        await task.value
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: open.history.path)), as: UTF8.self)
        #expect(!text.contains("device-2"))
    }

    /// What a row takes on the disk: names of a Zipf distribution over 100,000, 200 clients.
    @Test func aRowTakesLittle() async throws {
        let open = try OpenLog(directory.path)
        for batch in 0..<3 {
            open.record(LogSample.rows(20_000, names: 100_000, clients: 200, seconds: 600, seed: UInt64(batch)))
            await open.log.flush()
        }
        _ = try await open.log.statistics(from: LogSample.start, to: LogSample.start)
        try await open.history.access { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let perRow = Double(open.history.bytesOnDisk) / 60_000
        print("query log: \(perRow) bytes a row")
        #expect(perRow <= 100)
    }
}
