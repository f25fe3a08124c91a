import Foundation
import GRDB
import Model
import Testing

@testable import Database

/// What is too old or too much goes, and the file with it.
@Suite struct TelemetryRetentionTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private let start = TrafficSource.start

    private func days(_ number: Int64) -> Timestamp { start.advanced(bySeconds: number * 86_400) }

    /// A sample in which so many peers moved a byte.
    private func sample(_ time: Timestamp, peers: Int = 1, from first: Int = 0) -> TrafficSample {
        let bytes = TrafficBytes(received: 1, sent: 1)
        return TrafficSample(
            time: time, seconds: 30,
            entries: (first..<first + peers).map { number in
                .init(
                    subject: .peer("\(number)"), bytes: bytes,
                    baseline: CounterBaseline(counters: bytes, incarnation: UInt64(bitPattern: time.seconds)))
            })
    }

    private func settings(raw: Int64, hourly: Int64, daily: Int64) -> Settings.Telemetry {
        var settings = Settings.Telemetry()
        settings.retention.raw = .seconds(raw * 86_400)
        settings.retention.hourly = .seconds(hourly * 86_400)
        settings.retention.daily = .seconds(daily * 86_400)
        return settings
    }

    @Test func eachLevelGoesByItsAge() async throws {
        let database = try TelemetryDatabase.open(directory)
        for hour in 0..<Int64(40 * 24) {
            try await database.record(sample(start.advanced(bySeconds: hour * 3600), peers: 3))
        }
        try await database.flush()
        database.configure(settings(raw: 2, hourly: 10, daily: 30))
        try await database.maintain(now: days(40))
        #expect(try await database.number("SELECT count(*) FROM traffic_sample") == 2 * 24)
        #expect(try await database.number("SELECT count(*) FROM traffic_hour") == 3 * 10 * 24)
        #expect(try await database.number("SELECT count(*) FROM traffic_day") == 3 * 30)
        for (resolution, kept, sum) in [(TrafficResolution.hourly, 30, 240), (.daily, 10, 720), (.weekly, 10, 720)] {
            let history = try await database.traffic(of: .peer("2"), resolution, from: start, to: days(40))
            #expect(history.keptFrom == days(Int64(kept)) && history.totals.received == sum)
            #expect(history.points.first?.time == resolution.bucket(of: start))
        }
        // Nothing is old within the hour; and an hour later one more is.
        try await database.maintain(now: days(40).advanced(bySeconds: 3599))
        #expect(try await database.number("SELECT count(*) FROM traffic_hour") == 3 * 10 * 24)
        try await database.maintain(now: days(40).advanced(bySeconds: 3600))
        #expect(try await database.number("SELECT count(*) FROM traffic_hour") == 3 * (10 * 24 - 1))
        let again = try TelemetryDatabase.open(directory)
        let history = try await again.traffic(of: .peer("2"), .hourly, from: start, to: days(40))
        #expect(history.totals.received == 239)
        #expect(try await again.baselines().count == 3)
    }

    /// A long absence: everything is too old. What counts from next stays.
    @Test func allOfItIsTooOld() async throws {
        let database = try TelemetryDatabase.open(directory)
        for hour in 0..<Int64(100) { try await database.record(sample(start.advanced(bySeconds: hour * 3600))) }
        let again = try TelemetryDatabase.open(directory)
        try await again.maintain(now: days(4000))
        // Those of the last hour are not in the tables yet.
        #expect(try await again.number("SELECT count(*) FROM traffic_sample") == 1)
        try await again.flush()
        try await again.maintain(now: days(4001))
        for table in ["traffic_sample", "traffic_hour", "traffic_day"] {
            #expect(try await again.number("SELECT count(*) FROM \(table)") == 0)
        }
        let last = sample(start.advanced(bySeconds: 99 * 3600)).entries[0].baseline
        #expect(try await TelemetryDatabase.open(directory).baselines() == [.peer("0"): last])
        try await again.record(sample(days(4001)))
        let history = try await again.traffic(of: .peer("0"), .hourly, from: days(4000), to: days(4002))
        #expect(history.totals.received == 1)
    }

    /// A sample that a wrong clock dated ten years ahead, or back, takes nothing with it, and keeps nothing.
    @Test(arguments: [3650, -3650] as [Int64]) func aWrongClock(jump: Int64) async throws {
        let database = try TelemetryDatabase.open(directory)
        try await database.record(sample(days(jump)))
        for hour in 0..<Int64(20 * 24) { try await database.record(sample(start.advanced(bySeconds: hour * 3600))) }
        try await database.record(sample(days(20 + jump)))
        try await database.record(sample(days(20)))
        database.configure(settings(raw: 2, hourly: 5, daily: 7))
        try await database.maintain(now: days(20))
        let history = try await database.traffic(of: .peer("0"), .hourly, from: days(0), to: days(21))
        #expect(history.totals.received == 5 * 24 + 1)
        let samples = try await database.number("SELECT count(*) FROM traffic_sample")
        #expect((2 * 24...2 * 24 + 2).contains(samples), "\(samples)")
    }

    /// Samples go first, then hours, then days; the newest day stays in any case; and the file gets smaller.
    @Test func theSizeIsKept() async throws {
        let database = try TelemetryDatabase.open(directory)
        var settings = settings(raw: 3000, hourly: 3000, daily: 3000)
        database.configure(settings)
        let peers = 80
        for hour in 0..<Int64(40 * 24) {
            try await database.record(sample(start.advanced(bySeconds: hour * 3600), peers: peers))
        }
        try await database.flush()
        try await database.maintain(now: days(40))
        let before = database.bytesOnDisk
        settings.retention.maxSize = 2 << 20
        #expect(before > 3 << 20)
        database.configure(settings)
        try await database.maintain(now: days(40))
        print("telemetry: \(database.bytesOnDisk) bytes of \(settings.retention.maxSize), \(before) before")
        #expect(Double(database.bytesOnDisk) <= 1.05 * Double(settings.retention.maxSize))
        #expect(try await database.number("SELECT count(*) FROM traffic_sample") == 0)
        let hours = try await database.traffic(of: .peer("7"), .hourly, from: start, to: days(40))
        let kept = try #require(hours.keptFrom)
        #expect(kept > start && kept < days(38))
        #expect(hours.totals.received == UInt64((days(40).seconds - kept.seconds) / 3600))
        let daily = try await database.traffic(of: .peer("7"), .daily, from: start, to: days(40))
        #expect(daily.keptFrom == start && daily.totals.received == 40 * 24)
        // So little that days go as well, and what was today is still known.
        settings.retention.maxSize = 200_000
        database.configure(settings)
        try await database.maintain(now: days(40))
        let rest = try await database.traffic(of: .peer("7"), .daily, from: start, to: days(41))
        #expect(rest.keptFrom == days(39) && rest.totals.received == 24)
        #expect(database.bytesOnDisk < 600_000)
        #expect(try await database.baselines().count == peers)
    }

    /// While it is written and maintained, it never takes much more than it may.
    @Test func itStaysWithinItsSize() async throws {
        let database = try TelemetryDatabase.open(directory)
        var settings = settings(raw: 3000, hourly: 3000, daily: 3000)
        settings.retention.maxSize = 2 << 20
        database.configure(settings)
        var most: Int64 = 0
        for hour in 0..<Int64(15 * 24) {
            let time = start.advanced(bySeconds: hour * 3600)
            try await database.record(sample(time, peers: 100))
            try await database.maintain(now: time)
            most = max(most, database.bytesOnDisk)
        }
        print("telemetry: at most \(most) bytes of \(settings.retention.maxSize)")
        #expect(Double(most) <= 1.1 * Double(settings.retention.maxSize))
        let daily = try await database.traffic(of: .peer("7"), .daily, from: start, to: days(15))
        #expect(daily.totals.received == 15 * 24)
    }
}
