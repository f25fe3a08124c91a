import Model

/// The sums of samples that the tables don't have yet, by hour and subject's number.
struct HourlyTraffic: Sendable {
    /// A longer span is counted only with its end: nobody writes one.
    static let longestSpan: Int64 = 7 * 86_400

    private(set) var hours: [Int64: [Int64: TrafficSums]] = [:]

    var isEmpty: Bool { hours.isEmpty }

    /// Adds what a sample says of one subject: its bytes to the hour of the sample, its session to the hours it lived in.
    mutating func add(_ entry: TrafficSample.Entry, of subject: Int64, time: Timestamp, seconds: Int) {
        if !entry.bytes.isZero {
            let sums = TrafficSums(bytes: entry.bytes, peak: entry.bytes.rate(seconds: seconds))
            hours[Bucket.hour(of: time), default: [:]][subject, default: TrafficSums()] += sums
        }
        guard let span = entry.connected else { return }
        var start = span.start.seconds
        while start < span.end.seconds {
            let hour = Bucket.hour(of: Timestamp(seconds: start))
            let end = min(span.end.seconds, Bucket.time(ofHour: hour + 1).seconds)
            hours[hour, default: [:]][subject, default: TrafficSums()] += TrafficSums(connected: end - start)
            start = end
        }
    }

    /// The same by the day.
    var days: [Int64: [Int64: TrafficSums]] {
        var days: [Int64: [Int64: TrafficSums]] = [:]
        for (hour, subjects) in hours {
            for (subject, sums) in subjects {
                days[Bucket.day(ofHour: hour), default: [:]][subject, default: TrafficSums()] += sums
            }
        }
        return days
    }

    /// The sums of one subject, by the hour or by the day.
    func sums(of subject: Int64, _ table: TrafficTable) -> [Int64: TrafficSums] {
        var found: [Int64: TrafficSums] = [:]
        for (hour, subjects) in hours {
            guard let sums = subjects[subject] else { continue }
            found[table == .hour ? hour : Bucket.day(ofHour: hour), default: TrafficSums()] += sums
        }
        return found
    }

    /// All subjects that are spoken of.
    var subjects: Set<Int64> { hours.values.reduce(into: []) { $0.formUnion($1.keys) } }
}
