import Foundation
import GRDB
import Logging
import Model
import Testing

@testable import Database

/// A history that can't be read is no reason not to start, nor to stop.
@Suite struct HistoryOpeningTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { "\(directory.path)/history.db" }

    private func write() async throws {
        let open = try OpenLog(directory.path)
        open.record(LogSample.rows(1000))
        await open.log.flush()
        try await open.history.access { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private func expectBegunAnew(_ open: OpenLog, kept: String) async throws {
        open.record([LogSample.row(1)])
        #expect(try await open.all() == [LogSample.row(1)])
        #expect(FileManager.default.fileExists(atPath: "\(path).\(kept)"))
    }

    @Test func noDatabaseAtAll() async throws {
        try Data("this is not a database, it is a text file".utf8).write(to: URL(fileURLWithPath: path))
        try await expectBegunAnew(try OpenLog(directory.path), kept: "damaged")
        #expect(try String(contentsOfFile: "\(path).damaged", encoding: .utf8).hasPrefix("this is not"))
    }

    @Test func aFileThatIsCutOff() async throws {
        try await write()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(data.count / 3 / 4096 * 4096).write(to: URL(fileURLWithPath: path))
        try await expectBegunAnew(try OpenLog(directory.path), kept: "damaged")
    }

    @Test func aNewerOne() async throws {
        try await write()
        let other = try DatabaseQueue(path: path)
        try await other.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 future')") }
        try other.close()
        try await expectBegunAnew(try OpenLog(directory.path), kept: "newer")
        let newer = try DatabaseQueue(path: "\(path).newer")
        #expect(try await newer.read { try Int.fetchOne($0, sql: "SELECT sum(rows) FROM query_segment") } == 1000)
    }

    /// Damage that is met only when old rows are read: an error once, then a new file; and twice is not too often.
    @Test(arguments: ["names", "columns", "askers", "details"]) func damageThatIsFoundLater(part: String) async throws {
        let open = try OpenLog(directory.path)
        for _ in 0..<2 {
            open.record(LogSample.rows(9000, seconds: 100))
            await open.log.flush()
            try await open.history.access { try $0.execute(sql: "UPDATE query_segment SET \(part) = x'ffffffff'") }
            let failure = await #expect(throws: DatabaseFailure.self) {
                try await open.page() { $0.domain = "example" }
            }
            #expect(failure?.description.contains("begun anew") == true, "\(failure?.description ?? "")")
            try await expectBegunAnew(open, kept: "damaged")
        }
    }

    /// Bytes in the middle of the file are others: whatever is met, the log goes on.
    @Test func noByteOfTheFileStopsTheLog() async throws {
        try await write()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var choice = Choice(state: 7)
        for _ in 0..<40 {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                try FileManager.default.removeItem(atPath: "\(directory.path)/\(name)")
            }
            var damaged = data
            for _ in 0..<20 {
                damaged[Int.random(in: 0..<data.count, using: &choice)] = .random(in: 0...255, using: &choice)
            }
            try damaged.write(to: URL(fileURLWithPath: path))
            let open = try OpenLog(directory.path)
            open.record([LogSample.row(1)])
            let isWritten = try await eventually {
                let page = try? await open.page(limit: 2000)
                _ = try? await open.log.statistics(from: LogSample.start, to: LogSample.start.advanced(bySeconds: 7200))
                return page?.entries.first?.row == LogSample.row(1)
            }
            #expect(isWritten)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
    func aFullDiskLosesOnlyWhatTheQueueCannotHold() async throws {
        let disk = try #require(try SmallDisk(kilobytes: 700))
        let open = try OpenLog(disk.path)
        open.record(LogSample.rows(60_000, names: 50_000))
        await open.log.flush()
        #expect(open.log.counters.written < 60_000)
        // Nothing was dropped: it waits for room.
        #expect(open.log.counters.dropped == 0)
        #expect(try await open.page(limit: 1).total == min(open.log.counters.written, 10_000))
    }
}
