import Model

/// What moved on the day of the newest sample, and in it.
struct RecentSums: Sendable {
    private(set) var day: Int64?
    private var today: [TrafficSubject: TrafficBytes] = [:]
    private var rates: [TrafficSubject: TrafficBytes] = [:]
    var sampledAt: Timestamp?

    init(sampledAt: Timestamp?) {
        self.sampledAt = sampledAt
    }

    mutating func begin(day: Int64) {
        self.day = day
        today = [:]
    }

    /// A new sample begins.
    mutating func begin(_ time: Timestamp) {
        rates = [:]
        sampledAt = time
    }

    mutating func add(_ entry: TrafficSample.Entry, seconds: Int) {
        guard !entry.bytes.isZero else { return }
        add(entry.bytes, of: entry.subject)
        rates[entry.subject] = entry.bytes.rate(seconds: seconds)
    }

    mutating func add(_ bytes: TrafficBytes, of subject: TrafficSubject) {
        if !bytes.isZero { today[subject, default: TrafficBytes()] += bytes }
    }

    /// What it looks like at an instant: nothing of another day.
    func traffic(now: Timestamp) -> RecentTraffic {
        RecentTraffic(today: day == Bucket.day(of: now) ? today : [:], rates: rates, sampledAt: sampledAt)
    }
}
