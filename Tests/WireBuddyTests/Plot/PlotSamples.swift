import Model

@testable import wirebuddy

/// Histories with amounts that can be told beforehand.
enum PlotSamples {
    static func time(_ text: String) throws(WrongTime) -> Timestamp {
        guard let time = Timestamp(text) else { throw WrongTime(text: text) }
        return time
    }

    struct WrongTime: Error { let text: String }

    /// A plot of `count` buckets; `amount` tells what was received in each, twice as much was sent.
    static func plot(
        _ count: Int, _ resolution: TrafficResolution, from: String, title: String = "Traffic of peer wg0/phone",
        amount: (Int) -> UInt64
    ) throws -> TrafficPlot {
        let start = try time(from)
        let points = (0..<count).map { index in
            let bytes = amount(index)
            return TrafficHistory.Point(
                time: start.advanced(bySeconds: Int64(index) * resolution.seconds),
                bytes: TrafficBytes(received: bytes, sent: bytes * 2),
                peak: TrafficBytes(received: bytes / 100, sent: bytes / 50), connectedSeconds: bytes == 0 ? 0 : 600)
        }
        return TrafficPlot(
            title: title, counted: "encrypted",
            history: TrafficHistory(resolution: resolution, points: points, keptFrom: start))
    }

    /// Half a MiB more each hour of the day.
    static func week() throws -> TrafficPlot {
        try plot(168, .hourly, from: "2026-11-22T00:00:00Z") { UInt64($0 % 24) << 19 }
    }

    /// One GiB more each week of thirteen.
    static func year() throws -> TrafficPlot {
        try plot(53, .weekly, from: "2025-11-24T00:00:00Z") { UInt64($0 % 13) << 30 }
    }
}
