import Model

/// What flows moved and no table has yet, by the hour.
struct PendingFlows: Sendable {
    struct Key: Hashable, Sendable {
        var peer: String
        var place: FlowPlace
    }

    /// Rows that wait at most while nothing can be stored; then the oldest hour is given up.
    private static let mostRows = 1_000_000

    private(set) var hours: [Int64: [Key: TrafficBytes]] = [:]
    private(set) var names = PlaceNames()
    /// The hour of the newest sample.
    private(set) var newest: Int64?
    private var rows = 0

    var isEmpty: Bool { hours.isEmpty }

    mutating func add(_ sample: FlowSample) {
        let hour = Bucket.hour(of: sample.time)
        newest = hour
        names.countries.merge(sample.names.countries) { $1 }
        names.systems.merge(sample.names.systems) { $1 }
        for entry in sample.entries where !entry.bytes.isZero {
            let key = Key(peer: entry.peer, place: entry.place)
            let before = hours[hour]?.count ?? 0
            hours[hour, default: [:]][key, default: TrafficBytes()] += entry.bytes
            rows += (hours[hour]?.count ?? 0) - before
        }
        if rows > Self.mostRows, hours.count > 1, let oldest = hours.keys.min() {
            rows -= hours.removeValue(forKey: oldest)?.count ?? 0
        }
    }

    /// All of it is stored.
    mutating func clear() {
        hours = [:]
        names = PlaceNames()
        rows = 0
    }
}
