import Foundation
import GRDB
import Logging
import Model
import Testing

@testable import Database

/// What is too old or too much goes, and the file with it.
@Suite struct QueryLogRetentionTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Runs the log until `condition`, then stops it.
    private func run(_ open: OpenLog, until condition: () async throws -> Bool) async throws -> Bool {
        let task = Task { await open.log.run() }
        let isMet = try await eventually(condition)
        task.cancel()
        await task.value
        return isMet
    }

    private func number(_ sql: String, _ open: OpenLog) async throws -> Int {
        try await open.history.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    @Test func oldRowsAndSumsGo() async throws {
        var settings = DNSSettings.QueryLog()
        settings.retention = .seconds(5 * 3600)
        let open = try OpenLog(directory.path, settings)
        let rows = LogSample.rows(20_000, seconds: 10 * 3600)
        open.record(rows)
        let future = LogSample.row(1, at: LogSample.start.advanced(bySeconds: 400_000_000))
        let old = LogSample.row(2, at: LogSample.start.advanced(bySeconds: -400_000_000))
        open.record([future, old])
        open.clock.set(LogSample.start.advanced(bySeconds: 10 * 3600))
        let (oldest, kept) = (
            LogSample.start.advanced(bySeconds: 5 * 3600),
            rows.filter { $0.time >= LogSample.start.advanced(bySeconds: 5 * 3600) }
        )
        #expect(try await run(open) { try await number("SELECT sum(rows) FROM query_segment", open) == kept.count + 1 })
        #expect(try await open.all() == kept + [future])
        let sums = try await open.log.statistics(from: LogSample.start, to: open.clock.now())
        #expect(sums.total == kept.count && sums.trend.prefix(5).allSatisfy { $0.total == 0 })
        #expect(sums.trend.first { $0.total > 0 }?.time == oldest)
        // All of it, the end included, and no text of it stays.
        open.clock.set(LogSample.start.advanced(bySeconds: 20 * 3600))
        let later = try OpenLog(directory.path, settings, now: open.clock.now())
        #expect(try await run(later) { try await number("SELECT count(*) FROM query_segment", later) == 1 })
        #expect(try await number("SELECT count(*) FROM query_hour", later) == 1)
        #expect(try await number("SELECT count(*) FROM query_text", later) == 2)
    }

    /// Written many times over: files never take more than 5 % above the limit, and what is kept is the newest.
    @Test func theSizeIsKept() async throws {
        var settings = DNSSettings.QueryLog()
        settings.maxSize = 2 << 20
        let open = try OpenLog(directory.path, settings)
        let task = Task { await open.log.run() }
        let rows = LogSample.rows(15_000, names: 20_000, clients: 50, seconds: 600)
        var (most, written) = (Int64(0), 0)
        for _ in 0..<16 {
            written += rows.count
            open.record(rows)
            #expect(
                try await eventually {
                    most = max(most, open.history.bytesOnDisk)
                    return open.log.counters.written == written
                })
        }
        task.cancel()
        await task.value
        most = max(most, open.history.bytesOnDisk)
        print("query log: at most \(most) bytes of \(settings.maxSize)")
        #expect(Double(most) <= 1.05 * Double(settings.maxSize))
        let page = try await open.page(limit: 1)
        #expect(page.entries.first?.id == Int64(written))
        let kept = try await number("SELECT sum(rows) FROM query_segment", open)
        #expect(kept > 15_000 && kept < written / 2)
        #expect(try await number("SELECT min(first) FROM query_segment", open) == written - kept + 1)
        // Sums stay.
        let sums = try await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 1))
        #expect(sums.total == written)
    }

    @Test func aSmallerLimitMakesTheFileSmaller() async throws {
        let open = try OpenLog(directory.path)
        open.record(LogSample.rows(60_000, names: 60_000, clients: 50, seconds: 3000))
        await open.log.flush()
        let before = open.history.bytesOnDisk
        var settings = DNSSettings.QueryLog()
        settings.maxSize = 1 << 20
        open.log.configure(settings)
        #expect(before > settings.maxSize)
        #expect(try await run(open) { Double(open.history.bytesOnDisk) < 1.05 * Double(settings.maxSize) })
        #expect(try await open.page(limit: 1).entries.first?.id == 60_000)
    }

    @Test func deletingAllLeavesNothing() async throws {
        let open = try OpenLog(directory.path)
        open.record(LogSample.rows(60_000))
        _ = try await open.log.statistics(from: LogSample.start, to: LogSample.start)
        #expect(open.history.bytesOnDisk > 1 << 20)
        open.record([LogSample.row(1)])
        try await open.log.deleteAll()
        #expect(open.history.bytesOnDisk < 200_000)
        #expect(try await open.all() == [])
        #expect(
            try await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 1)).total == 0)
        for table in ["segment", "hour", "text"] {
            #expect(try await number("SELECT count(*) FROM query_\(table)", open) == 0)
        }
        // Ids go on, also when it is opened again: a cursor never means another row.
        let again = try OpenLog(directory.path)
        again.record([LogSample.row(2)])
        let page = try await again.page()
        #expect(page.entries.map(\.id) == [60_001] && page.entries.map(\.row) == [LogSample.row(2)])
        #expect(
            try await again.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 1)).total == 1
        )
    }

    @Test func theFileCanGiveItsRoomBack() async throws {
        let open = try OpenLog(directory.path)
        #expect(try await number("PRAGMA auto_vacuum", open) == 2)
        #expect(try await open.history.access { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 1)
    }
}
