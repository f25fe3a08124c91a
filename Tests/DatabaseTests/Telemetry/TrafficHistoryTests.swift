import Foundation
import GRDB
import Model
import Testing

@testable import Database

/// What is answered is what was recorded, at each width.
@Suite struct TrafficHistoryTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    private func sample(_ time: Timestamp, _ bytes: UInt64, seconds: Int = 30, of peer: String = "a") -> TrafficSample {
        let counters = TrafficBytes(received: bytes, sent: 2 * bytes)
        return TrafficSample(
            time: time, seconds: seconds,
            entries: [
                .init(
                    subject: .peer(peer), bytes: counters,
                    baseline: CounterBaseline(counters: counters, incarnation: 1))
            ])
    }

    /// Six weeks, over the change of clocks and the turn of a month; in memory, in the tables, and some of each.
    @Test func everyWidthAgreesWithAPlainSum() async throws {
        let database = try TelemetryDatabase.open(directory)
        var source = TrafficSource()
        for _ in 0..<2500 { try await database.record(source.next(longest: 3000)) }
        #expect(try await source.difference(database) == nil)
        try await database.flush()
        #expect(try await source.difference(database) == nil)
        #expect(try await database.number("SELECT count(*) FROM traffic_sample") == 2500)
        for subject in source.subjects {
            let (from, to) = (TrafficSource.start.advanced(bySeconds: -86_400), source.time.advanced(bySeconds: 86_400))
            let totals = try await TrafficResolution.allCases.asyncMap {
                try await database.traffic(of: subject, $0, from: from, to: to).totals
            }
            #expect(Set(totals).count == 1 && totals.first?.isZero == false)
        }
    }

    /// The clock goes back and forth by up to days, and the program ends now and then, well or not.
    @Test(arguments: [1, 2, 3] as [UInt64]) func jumpsAndCrashesLoseAndDoubleNothing(seed: UInt64) async throws {
        var database = try TelemetryDatabase.open(directory)
        var source = TrafficSource(seed: seed)
        var choice = Choice(state: seed)
        for number in 0..<600 {
            var jump: Int64 = 0
            if Int.random(in: 0..<12, using: &choice) == 0 { jump = .random(in: -200_000...200_000, using: &choice) }
            try await database.record(source.next(jump: jump))
            switch Int.random(in: 0..<40, using: &choice) {
            case 0:
                try await database.flush()
                database = try TelemetryDatabase.open(directory)
            case 1: database = try TelemetryDatabase.open(directory)
            default: break
            }
            if number % 200 == 199 { #expect(try await source.difference(database) == nil) }
        }
    }

    /// The files as they are at some moment, as after a power failure, are opened by another program.
    @Test func aCopyOfOpenFilesIsWhole() async throws {
        let database = try TelemetryDatabase.open(directory)
        var source = TrafficSource()
        for _ in 0..<60 { try await database.record(source.next(longest: 120)) }
        let other = try TemporaryDirectory()
        for name in ["telemetry.db", "telemetry.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(other.path)/\(name)")
        }
        let copy = try TelemetryDatabase.open(other)
        #expect(try await source.difference(copy) == nil)
        try await copy.record(source.next())
        #expect(try await source.difference(copy) == nil)
        #expect(try await source.difference(database) != nil)
    }

    @Test func weeksBeginOnMondayAndDaysHave24Hours() async throws {
        let database = try TelemetryDatabase.open(directory)
        // Sunday and Monday; the night between is that of the change of clocks in Europe.
        try await database.record([
            sample(try time("2027-03-28T23:59:59Z"), 5), sample(try time("2027-03-29T00:00:00Z"), 7),
            sample(try time("2027-03-28T02:30:00Z"), 11),
        ])
        let (from, to) = (try time("2027-03-28T00:00:00Z"), try time("2027-03-30T00:00:00Z"))
        let weekly = try await database.traffic(of: .peer("a"), .weekly, from: from, to: to)
        #expect(weekly.points.map(\.time.description) == ["2027-03-22T00:00:00Z", "2027-03-29T00:00:00Z"])
        #expect(weekly.points.map(\.bytes.received) == [16, 7])
        let daily = try await database.traffic(of: .peer("a"), .daily, from: from, to: to)
        #expect(daily.points.map(\.bytes.sent) == [32, 14])
        let hourly = try await database.traffic(of: .peer("a"), .hourly, from: from, to: to)
        #expect(hourly.points.count == 48 && hourly.points[2].bytes.received == 11)
        #expect(zip(hourly.points, hourly.points.dropFirst()).allSatisfy { $1.time.seconds - $0.time.seconds == 3600 })
    }

    @Test func rangesWithoutData() async throws {
        let database = try TelemetryDatabase.open(directory)
        let (from, to) = (try time("2027-03-28T00:30:00Z"), try time("2027-03-28T02:00:01Z"))
        var empty = try await database.traffic(of: .peer("a"), .hourly, from: from, to: to)
        #expect(empty.points.map(\.time.description) == (0...2).map { "2027-03-28T0\($0):00:00Z" })
        #expect(empty.totals.isZero && empty.keptFrom == nil)
        try await database.record(sample(try time("2027-03-20T01:00:00Z"), 5))
        empty = try await database.traffic(of: .peer("nobody"), .hourly, from: from, to: to)
        #expect(empty.points.count == 3 && empty.totals.isZero)
        #expect(empty.keptFrom?.description == "2027-03-20T01:00:00Z")
        // An interface and a peer of one name are two.
        #expect(try await database.traffic(of: .interface("a"), .daily, from: .init(seconds: 0), to: to).totals.isZero)
        for (from, to) in [(to, from), (from, from)] {
            #expect(try await database.traffic(of: .peer("a"), .weekly, from: from, to: to).points.isEmpty)
            #expect(try await database.traffic(.weekly, from: from, to: to).isEmpty)
        }
        let last = try await database.traffic(of: .peer("a"), .hourly, from: from, to: try time("2027-03-28T02:00:00Z"))
        #expect(last.points.count == 2)
    }

    @Test func tenYears() async throws {
        let database = try TelemetryDatabase.open(directory)
        let start = try time("2020-01-01T12:00:00Z")
        // Every 12 hours, so that a second's error would end in another day.
        try await database.record((0..<7305).map { sample(start.advanced(bySeconds: $0 * 43_200), 1) })
        let counts: [TrafficResolution: Int] = [.hourly: 87_672, .daily: 3653, .weekly: 523]
        for (resolution, count) in counts {
            let history = try await database.traffic(
                of: .peer("a"), resolution, from: try time("2020-01-01T00:00:00Z"),
                to: try time("2030-01-01T00:00:00Z"))
            #expect(history.totals == TrafficBytes(received: 7305, sent: 14_610))
            #expect(history.points.count == count)
            #expect(history.points.first?.time == resolution.bucket(of: start.advanced(bySeconds: -43_200)))
        }
        await #expect(throws: DatabaseFailure.self) {
            try await database.traffic(
                of: .peer("a"), .hourly, from: Timestamp(seconds: 0), to: Timestamp(seconds: 4_000_000_000))
        }
    }

    @Test func tenThousandSilentPeersCostNoRow() async throws {
        let database = try TelemetryDatabase.open(directory)
        var first = TrafficSample(time: TrafficSource.start, seconds: 30)
        for number in 0..<10_000 {
            first.entries.append(
                .init(
                    subject: .peer("\(number)"), bytes: TrafficBytes(),
                    baseline: CounterBaseline(counters: TrafficBytes(received: 1, sent: 2), incarnation: 3)))
        }
        try await database.record(first)
        for number in 1...200 {
            try await database.record(
                TrafficSample(time: TrafficSource.start.advanced(bySeconds: Int64(number) * 30), seconds: 30))
        }
        try await database.flush()
        for table in ["traffic_hour", "traffic_day"] {
            #expect(try await database.number("SELECT count(*) FROM \(table)") == 0)
        }
        #expect(try await database.number("SELECT sum(length(entries)) FROM traffic_sample WHERE id > 1") == 0)
        let again = try TelemetryDatabase.open(directory)
        #expect(try await again.baselines().count == 10_000)
        let all = try await again.traffic(.hourly, from: TrafficSource.start, to: first.time.advanced(bySeconds: 7200))
        #expect(all.isEmpty)
    }

    @Test func numbersAsLargeAsTheyGetStayThere() async throws {
        let database = try TelemetryDatabase.open(directory)
        let largest = TrafficBytes(received: .max, sent: .max)
        for number in 0..<3 {
            try await database.record(
                TrafficSample(
                    time: TrafficSource.start.advanced(bySeconds: Int64(number) * 3600), seconds: 1,
                    entries: [
                        .init(
                            subject: .peer("a"), bytes: largest,
                            connected: ConnectedSpan(
                                start: Timestamp(seconds: .min / 2), end: Timestamp(seconds: .max / 2)),
                            baseline: CounterBaseline(
                                counters: largest, incarnation: .max, lastHandshake: Timestamp(seconds: .max)))
                    ]))
        }
        try await database.flush()
        let again = try TelemetryDatabase.open(directory)
        let day = try await again.traffic(
            of: .peer("a"), .daily, from: TrafficSource.start, to: TrafficSource.start.advanced(bySeconds: 1))
        #expect(day.totals == TrafficBytes(received: UInt64(Int64.max), sent: UInt64(Int64.max)))
        #expect(day.points.map(\.connectedSeconds) == [0])
        #expect(try await again.baselines()[.peer("a")]?.counters == largest)
    }

    @Test func whatMovedOfLate() async throws {
        let database = try TelemetryDatabase.open(directory)
        let noon = try time("2027-03-28T12:00:00Z")
        #expect(database.recent(now: noon) == RecentTraffic())
        try await database.record([
            sample(try time("2027-03-27T23:59:59Z"), 1000), sample(try time("2027-03-28T00:00:00Z"), 1),
            sample(try time("2027-03-28T01:00:00Z"), 20, of: "b"), sample(noon, 300, seconds: 10),
        ])
        let expected = RecentTraffic(
            today: [
                .peer("a"): TrafficBytes(received: 301, sent: 602), .peer("b"): TrafficBytes(received: 20, sent: 40),
            ], rates: [.peer("a"): TrafficBytes(received: 240, sent: 480)], sampledAt: noon)
        #expect(database.recent(now: noon) == expected)
        #expect(database.recent(now: noon.advanced(bySeconds: 43_200)).today.isEmpty)
        let again = try TelemetryDatabase.open(directory)
        _ = try await again.baselines()
        #expect(again.recent(now: noon).today == expected.today && again.recent(now: noon).sampledAt == noon)
        // Back to the day before, and to this one.
        try await again.record(sample(try time("2027-03-27T22:00:00Z"), 5))
        let before = again.recent(now: try time("2027-03-27T23:00:00Z")).today
        #expect(before == [.peer("a"): TrafficBytes(received: 1005, sent: 2010)])
        try await again.record(sample(noon, 1))
        #expect(again.recent(now: noon).today[.peer("a")] == TrafficBytes(received: 302, sent: 604))
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
