import Model

/// What the rows of one hour add up to.
struct HourSums: Sendable {
    let hour: Int64
    var total = 0
    var blocked = 0
    var cached = 0
    var names = Tally()
    var clients = Tally()

    init(hour: Int64) {
        self.hour = hour
    }

    /// Adds the rows of a segment of this hour, from the one at `start` on.
    mutating func add(_ segment: QuerySegment, from start: Int = 0) {
        let names = segment.columns[QuerySegment.Column.name.rawValue]
        let askers = segment.columns[QuerySegment.Column.asker.rawValue]
        let outcomes = segment.columns[QuerySegment.Column.outcome.rawValue]
        var nameCounts = [Tally.Count](repeating: Tally.Count(), count: segment.names.entries.count)
        var askerCounts = [Tally.Count](repeating: Tally.Count(), count: segment.askers.entries.count)
        for index in start..<segment.count {
            guard let outcome = Outcome(code: outcomes[index]) else { continue }
            let blocked = outcome.status == .blocked ? 1 : 0
            total += 1
            self.blocked += blocked
            if outcome.origin == .cache { cached += 1 }
            nameCounts[Int(names[index])].queries += 1
            nameCounts[Int(names[index])].blocked += blocked
            askerCounts[Int(askers[index])].queries += 1
            askerCounts[Int(askers[index])].blocked += blocked
        }
        for (name, count) in zip(segment.names.entries, nameCounts) where count.queries > 0 {
            self.names.add(name, count)
        }
        for (asker, count) in zip(segment.askers.entries, askerCounts) where count.queries > 0 {
            if let asker { clients.add(asker.client, count) }
        }
    }
}
