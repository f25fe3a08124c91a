import Foundation
import GRDB
import Logging
import Model
import Testing

@testable import Database

/// A telemetry that can't be read is no reason not to start, nor to stop.
@Suite struct TelemetryOpeningTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { "\(directory.path)/telemetry.db" }

    private func write() async throws {
        let database = try TelemetryDatabase.open(directory)
        var source = TrafficSource()
        for _ in 0..<200 { try await database.record(source.next()) }
        try await database.store.access { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private func expectBegunAnew(_ database: TelemetryDatabase, kept: String) async throws {
        var source = TrafficSource(seed: 5)
        for _ in 0..<20 { try await database.record(source.next()) }
        #expect(try await source.difference(database) == nil)
        #expect(FileManager.default.fileExists(atPath: "\(path).\(kept)"))
    }

    @Test func theFileIsForTheOwnerAlone() async throws {
        try await write()
        #expect(try directory.mode(of: "telemetry.db") == 0o600)
        let database = try TelemetryDatabase.open(directory)
        #expect(database.bytesOnDisk > 4096 && database.path == path)
        #expect(try await database.number("PRAGMA auto_vacuum") == 2)
    }

    @Test func noDatabaseAtAll() async throws {
        try Data("this is not a database, it is a text file".utf8).write(to: URL(fileURLWithPath: path))
        try await expectBegunAnew(try TelemetryDatabase.open(directory), kept: "damaged")
        #expect(try String(contentsOfFile: "\(path).damaged", encoding: .utf8).hasPrefix("this is not"))
    }

    @Test func aFileThatIsCutOff() async throws {
        try await write()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(data.count / 3 / 4096 * 4096).write(to: URL(fileURLWithPath: path))
        try await expectBegunAnew(try TelemetryDatabase.open(directory), kept: "damaged")
    }

    @Test func aNewerOne() async throws {
        try await write()
        let other = try DatabaseQueue(path: path)
        try await other.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 future')") }
        try other.close()
        try await expectBegunAnew(try TelemetryDatabase.open(directory), kept: "newer")
        let newer = try DatabaseQueue(path: "\(path).newer")
        #expect(try await newer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM traffic_sample") } == 200)
    }

    /// What no version of this program wrote, found when the sums are made again after a crash.
    @Test(arguments: [
        "UPDATE traffic_sample SET entries = x'ffffffff'", "UPDATE traffic_sample SET entries = x'0107'",
        "UPDATE traffic_state SET baselines = x'01'", "DELETE FROM telemetry_subject", "DELETE FROM traffic_state",
        "UPDATE traffic_sample SET time = -9223372036854775808", "DROP TABLE traffic_day",
        "UPDATE traffic_state SET through = 0",
    ]) func damageThatIsFoundLater(sql: String) async throws {
        try await write()
        let database = try TelemetryDatabase.open(directory)
        try await database.store.access { try $0.execute(sql: sql) }
        try await expectBegunAnew(database, kept: "damaged")
        // Twice is not too often.
        try await database.store.access { try $0.execute(sql: "UPDATE traffic_sample SET entries = x'ffffffff'") }
        let again = try TelemetryDatabase.open(directory)
        #expect(try await again.baselines().isEmpty)
    }

    /// Damage that only a query meets: an error once, then a new file.
    @Test func damageThatAQueryFinds() async throws {
        let database = try TelemetryDatabase.open(directory)
        var source = TrafficSource()
        for _ in 0..<50 { try await database.record(source.next()) }
        try await database.store.access { try $0.execute(sql: "UPDATE traffic_hour SET received = -1") }
        let failure = await #expect(throws: DatabaseFailure.self) {
            try await database.traffic(.hourly, from: TrafficSource.start, to: source.time)
        }
        #expect(failure?.description.contains("begun anew") == true, "\(failure?.description ?? "")")
        #expect(try await database.traffic(.hourly, from: TrafficSource.start, to: source.time).isEmpty)
        try await expectBegunAnew(database, kept: "damaged")
    }

    /// Bytes in the middle of the file are others: whatever is met, samples are recorded again after at most one error.
    @Test func noByteOfTheFileStopsTheRecording() async throws {
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
            let database = try TelemetryDatabase.open(directory)
            var source = TrafficSource(seed: 9)
            let isRecorded = try await eventually {
                let times = (source.time, TrafficSource.start.advanced(bySeconds: 864_000))
                _ = try? await database.traffic(.hourly, from: times.0, to: times.1)
                return (try? await database.record(source.next())) != nil
            }
            #expect(isRecorded)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
    func aFullDiskKeepsWhatWasRecorded() async throws {
        let disk = try #require(try SmallDisk(kilobytes: 600))
        let database = try TelemetryDatabase.open(
            state: disk.path, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        var source = TrafficSource(peers: 200)
        var recorded = source
        let failure = await #expect(throws: DatabaseFailure.self) {
            for _ in 0..<5000 {
                try await database.record(source.next())
                recorded = source
            }
        }
        #expect(failure?.description.contains("full") == true, "\(failure?.description ?? "")")
        #expect(recorded.samples.count > 10)
        #expect(try await database.baselines() == recorded.baselines)
    }
}
