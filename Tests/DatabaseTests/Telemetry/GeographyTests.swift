import Foundation
import GRDB
import Model
import Testing

@testable import Database

/// Flows are added up by country and system, and nothing of them is counted twice.
@Suite struct GeographyTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// 2027-03-20T00:00:00Z
    private let start = TrafficSource.start

    private func hours(_ number: Int64) -> Timestamp { start.advanced(bySeconds: number * 3600) }

    private func entry(_ peer: String, _ place: FlowPlace, _ bytes: UInt64) -> FlowSample.Entry {
        FlowSample.Entry(peer: peer, place: place, bytes: TrafficBytes(received: bytes, sent: 3 * bytes))
    }

    private func bytes(_ received: UInt64) -> TrafficBytes { TrafficBytes(received: received, sent: 3 * received) }

    /// What answers are while all of it is in memory, when it is stored, and when the file is opened again.
    private func expect(_ body: (TelemetryDatabase) async throws -> Void, _ database: TelemetryDatabase) async throws {
        try await body(database)
        try await database.flush()
        try await body(database)
        try await body(try TelemetryDatabase.open(directory))
    }

    @Test func nothingAtAll() async throws {
        let database = try TelemetryDatabase.open(directory)
        #expect(try await database.geography(of: nil, from: start, to: hours(1)) == FlowGeography())
        try await database.record(FlowSample(time: hours(5), entries: [entry("a", .private, 1)]))
        #expect(try await database.geography(of: nil, from: hours(6), to: hours(5)) == FlowGeography())
        let none = try await database.geography(of: [], from: start, to: hours(9))
        #expect(none.total.isZero && none.from == hours(5))
    }

    @Test func countriesAndSystems() async throws {
        let database = try TelemetryDatabase.open(directory)
        try await database.record(
            FlowSample(
                time: hours(1),
                entries: [
                    entry("a", .known(country: "DE", asn: 3320), 10), entry("b", .known(country: "DE", asn: 680), 5),
                    entry("a", .known(country: "US", asn: nil), 100), entry("a", .known(country: nil, asn: 3320), 7),
                    entry("b", .private, 1000), entry("b", .unknown, 20000), entry("a", .unknown, 0),
                ],
                names: PlaceNames(countries: ["DE": "Germany"], systems: [3320: "Telekom", 680: "DFN"])))
        try await expect(
            { database in
                let all = try await database.geography(of: nil, from: start, to: hours(2))
                #expect(
                    all.countries == [
                        .init(code: "US", name: nil, bytes: bytes(100), peers: 1),
                        .init(code: "DE", name: "Germany", bytes: bytes(15), peers: 2),
                    ])
                #expect(
                    all.systems == [
                        .init(code: 3320, name: "Telekom", bytes: bytes(17), peers: 1),
                        .init(code: 680, name: "DFN", bytes: bytes(5), peers: 1),
                    ])
                #expect(all.unknownCountry == bytes(20_007) && all.unknownSystem == bytes(20_100))
                #expect(all.privateNetworks == bytes(1000) && all.total == bytes(21_122) && all.from == hours(1))
                let one = try await database.geography(of: ["a", "nobody"], from: start, to: hours(2))
                #expect(one.total == bytes(117) && one.privateNetworks.isZero && one.countries.count == 2)
            }, database)
        // A newer name counts.
        try await database.record(
            FlowSample(
                time: hours(1), entries: [entry("c", .known(country: "DE", asn: nil), 1)],
                names: PlaceNames(countries: ["DE": "Deutschland"])))
        try await expect(
            { database in
                let all = try await database.geography(of: nil, from: start, to: hours(2))
                #expect(all.countries.last?.name == "Deutschland" && all.countries.last?.peers == 3)
            }, database)
    }

    /// Random flows over two weeks while the clock jumps and the program ends now and then, against a plain sum.
    @Test(arguments: [1, 2] as [UInt64]) func everySpanIsAPlainSum(seed: UInt64) async throws {
        var database = try TelemetryDatabase.open(directory)
        var choice = Choice(state: seed)
        let places: [FlowPlace] = [
            .private, .unknown, .known(country: "DE", asn: 1), .known(country: "DE", asn: 2),
            .known(country: nil, asn: 2), .known(country: "FR", asn: nil),
        ]
        var (time, samples) = (start, [FlowSample]())
        for _ in 0..<500 {
            time = time.advanced(bySeconds: .random(in: 1...4800, using: &choice))
            if Int.random(in: 0..<15, using: &choice) == 0 {
                time = time.advanced(bySeconds: .random(in: -200_000...200_000, using: &choice))
            }
            let sample = FlowSample(
                time: time,
                entries: (0..<Int.random(in: 0...6, using: &choice)).map { _ in
                    entry(
                        "peer-\(Int.random(in: 0..<5, using: &choice))",
                        places[Int.random(in: 0..<places.count, using: &choice)], .random(in: 0...1000, using: &choice))
                })
            samples.append(sample)
            try await database.record(sample)
            if Int.random(in: 0..<20, using: &choice) == 0 { try await database.flush() }
            if Int.random(in: 0..<40, using: &choice) == 0 {
                try await database.flush()
                database = try TelemetryDatabase.open(directory)
            }
        }
        for _ in 0..<200 {
            let first = Int64.random(in: -100...500, using: &choice)
            let span = first..<first + .random(in: 1...400, using: &choice)
            let peers: Set<String>? = Bool.random(using: &choice) ? ["peer-1", "peer-3"] : nil
            let within = samples.filter { span.contains(($0.time.seconds - start.seconds + 3_600_000) / 3600 - 1000) }
                .flatMap(\.entries).filter { peers?.contains($0.peer) ?? true }
            let answer = try await database.geography(
                of: peers, from: hours(span.lowerBound).advanced(bySeconds: 17), to: hours(span.upperBound))
            var (total, germany) = (TrafficBytes(), TrafficBytes())
            for entry in within {
                total += entry.bytes
                if case .known(country: "DE", asn: _) = entry.place { germany += entry.bytes }
            }
            #expect(answer.total == total)
            #expect(answer.countries.first { $0.code == "DE" }?.bytes ?? TrafficBytes() == germany)
        }
    }

    /// Where hours are gone, days are taken instead, and the answer tells.
    @Test func spansAreWidenedToDays() async throws {
        let database = try TelemetryDatabase.open(directory)
        for hour in 0..<Int64(24 * 5) {
            try await database.record(FlowSample(time: hours(hour), entries: [entry("a", .private, 1)]))
        }
        try await database.flush()
        var settings = Settings.Telemetry()
        settings.retention.raw = .seconds(36 * 3600)
        database.configure(settings)
        try await database.maintain(now: hours(24 * 5))
        #expect(try await database.number("SELECT min(bucket) * 3600 FROM flow_hour") == hours(84).seconds)
        let spans: [(Range<Int64>, UInt64, Int64)] = [
            (90..<93, 3, 90), (86..<120, 34, 86), (30..<31, 24, 24), (30..<90, 72, 24), (30..<50, 48, 24),
            (80..<90, 24, 72), (-9..<10, 24, 0), (0..<120, 120, 0), (50..<85, 48, 48),
        ]
        for (span, received, from) in spans {
            let answer = try await database.geography(
                of: nil, from: hours(span.lowerBound), to: hours(span.upperBound))
            #expect(answer.total.received == received && answer.from == hours(from), "\(span): \(answer)")
        }
    }

    /// What was stored by the hour is there after a crash; what was taken since is lost, and nothing is doubled.
    @Test func aCrash() async throws {
        let database = try TelemetryDatabase.open(directory)
        try await database.record(FlowSample(time: hours(0), entries: [entry("a", .private, 1)]))
        try await database.record(FlowSample(time: hours(1), entries: [entry("a", .private, 10)]))
        try await database.record(FlowSample(time: hours(1), entries: [entry("a", .private, 100)]))
        let again = try TelemetryDatabase.open(directory)
        #expect(try await again.geography(of: nil, from: start, to: hours(24)).total == bytes(11))
        try await again.record(FlowSample(time: hours(26), entries: [entry("a", .private, 1000)]))
        #expect(try await again.geography(of: nil, from: start, to: hours(48)).total == bytes(1011))
        #expect(try await again.number("SELECT count(*) FROM flow_day") == 1)
    }

    @Test func damage() async throws {
        let database = try TelemetryDatabase.open(directory)
        for part in ["flow_hour SET sums = x'ff'", "flow_hour SET sums = x'01ff010101'", "flow_state SET stored = -1"] {
            try await database.record(FlowSample(time: hours(0), entries: [entry("a", .private, 1)]))
            try await database.flush()
            try await database.store.access { try $0.execute(sql: "UPDATE \(part)") }
            let failure = await #expect(throws: DatabaseFailure.self) {
                try await database.geography(of: nil, from: start, to: hours(1))
            }
            #expect(failure?.description.contains("begun anew") == true, "\(failure?.description ?? "")")
            #expect(try await database.geography(of: nil, from: start, to: hours(1)).total.isZero)
        }
    }
}
