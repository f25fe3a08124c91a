import Foundation
import GRDB
import Logging
import Model

@testable import Database

/// Samples of random traffic, and what they add up to by arithmetic of its own: a list of everything, and the calendar of
/// Foundation.
struct TrafficSource {
    /// 2027-03-20T00:00:00Z, a Saturday: clocks of Europe change a week later.
    static let start = Timestamp(seconds: 1_805_500_800)

    let subjects: [TrafficSubject]
    private(set) var time: Timestamp
    private(set) var baselines: [TrafficSubject: CounterBaseline] = [:]
    private(set) var samples: [TrafficSample] = []
    private var choice: Choice

    init(peers: Int = 12, seed: UInt64 = 1, at time: Timestamp = start) {
        subjects = (0..<peers).map { .peer("peer-\($0)") } + [.interface("wg0"), .interface("peer-1")]
        self.time = time
        choice = Choice(state: seed)
    }

    /// The next sample: some have moved, sessions reach into the future, counters begin anew now and then.
    mutating func next(jump: Int64 = 0, longest: Int = 1800) -> TrafficSample {
        let seconds = Int.random(in: 1...longest, using: &choice)
        time = time.advanced(bySeconds: Int64(seconds) + jump)
        var sample = TrafficSample(time: time, seconds: seconds)
        for subject in subjects where Int.random(in: 0..<3, using: &choice) == 0 {
            var baseline = baselines[subject] ?? CounterBaseline(counters: TrafficBytes(), incarnation: 7)
            var bytes = TrafficBytes()
            if Int.random(in: 0..<8, using: &choice) > 0 {
                bytes = TrafficBytes(
                    received: .random(in: 0...1 << 40, using: &choice), sent: .random(in: 1...300, using: &choice))
            }
            if Int.random(in: 0..<20, using: &choice) == 0 {
                baseline = CounterBaseline(counters: TrafficBytes(), incarnation: choice.next())
            }
            baseline.counters += bytes
            var entry = TrafficSample.Entry(subject: subject, bytes: bytes, baseline: baseline)
            if Int.random(in: 0..<2, using: &choice) == 0 {
                let start = time.advanced(bySeconds: -Int64.random(in: 0...4000, using: &choice))
                entry.connected = ConnectedSpan(
                    start: start, end: start.advanced(bySeconds: .random(in: 0...4180, using: &choice)))
                entry.baseline.lastHandshake = start
                entry.baseline.connectedUntil = entry.connected?.end
            }
            baselines[subject] = entry.baseline
            sample.entries.append(entry)
        }
        samples.append(sample)
        return sample
    }

    /// What all samples add up to for one subject: the points in which anything was.
    func sum(of subject: TrafficSubject, _ resolution: TrafficResolution) -> [TrafficHistory.Point] {
        var points: [Timestamp: TrafficHistory.Point] = [:]
        for sample in samples {
            for entry in sample.entries where entry.subject == subject {
                if !entry.bytes.isZero {
                    let start = Self.begin(of: sample.time, resolution)
                    var point = points[start] ?? TrafficHistory.Point(time: start)
                    point.bytes.received += entry.bytes.received
                    point.bytes.sent += entry.bytes.sent
                    point.peak.received = max(point.peak.received, entry.bytes.received * 8 / UInt64(sample.seconds))
                    point.peak.sent = max(point.peak.sent, entry.bytes.sent * 8 / UInt64(sample.seconds))
                    points[start] = point
                }
                guard let span = entry.connected else { continue }
                for hour in span.start.seconds / 3600...span.end.seconds / 3600 {
                    let within = min(span.end.seconds, hour * 3600 + 3600) - max(span.start.seconds, hour * 3600)
                    guard within > 0 else { continue }
                    let start = Self.begin(of: Timestamp(seconds: hour * 3600), resolution)
                    points[start, default: TrafficHistory.Point(time: start)].connectedSeconds += within
                }
            }
        }
        return points.values.sorted { $0.time < $1.time }
    }

    private static func begin(of time: Timestamp, _ resolution: TrafficResolution) -> Timestamp {
        let hour = time.seconds / 3600 * 3600
        if resolution == .hourly { return Timestamp(seconds: hour) }
        let day = time.seconds / 86_400 * 86_400
        if resolution == .daily { return Timestamp(seconds: day) }
        // 1 is Sunday.
        let weekday = calendar.component(.weekday, from: Date(timeIntervalSince1970: Double(day)))
        return Timestamp(seconds: day - Int64((weekday + 5) % 7) * 86_400)
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}

extension TelemetryDatabase {
    /// A database below a directory.
    static func open(_ directory: TemporaryDirectory) throws -> TelemetryDatabase {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try open(state: directory.path, logger: logger)
    }

    func record(_ samples: [TrafficSample]) async throws {
        for sample in samples { try await record(sample) }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await store.read { db in try Int64.fetchOne(db, sql: sql) ?? 0 }
    }
}

extension TrafficSource {
    /// The first thing in which a database differs from the sums; nil: none.
    func difference(_ database: TelemetryDatabase) async throws -> String? {
        let from = samples.map(\.time).min() ?? time
        let to = (samples.map(\.time).max() ?? time).advanced(bySeconds: 86_400)
        let start = from.advanced(bySeconds: -86_400)
        for resolution in TrafficResolution.allCases {
            let all = try await database.traffic(resolution, from: start, to: to)
            for subject in subjects {
                let expected = sum(of: subject, resolution)
                let history = try await database.traffic(of: subject, resolution, from: start, to: to)
                let found = history.points.filter { $0 != TrafficHistory.Point(time: $0.time) }
                if found != expected { return "\(resolution) of \(subject): \(found) is not \(expected)" }
                if all[subject] ?? [] != expected { return "export, \(resolution) of \(subject)" }
                let times = history.points.map(\.time.seconds)
                let first = resolution.bucket(of: start).seconds
                if times != Array(stride(from: first, to: to.seconds, by: Int(resolution.seconds))) {
                    return "times of \(resolution)"
                }
            }
        }
        let found = try await database.baselines()
        return found == baselines ? nil : "baselines: \(found) are not \(baselines)"
    }
}
