import GRDB
import Model

/// Answers what was asked of the traffic: from the tables, and from the sums that they don't have yet.
struct TrafficReader {
    /// A history has no more points.
    static let mostPoints: Int64 = 1_000_000

    /// What the tables don't have yet.
    let unsummed: HourlyTraffic
    /// What is kept begins with these buckets; nil: nothing is kept.
    let first: (hour: Int64?, day: Int64?)
    let resolution: TrafficResolution
    private let table: TrafficTable
    /// The buckets of the table.
    private let buckets: Range<Int64>

    /// Nil when the span has more than ``mostPoints``.
    init?(_ writer: TrafficWriter, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp) {
        unsummed = writer.unsummed
        first = (writer.first(.hour), writer.first(.day))
        self.resolution = resolution
        table = resolution == .hourly ? .hour : .day
        guard from < to else {
            buckets = 0..<0
            return
        }
        let start = resolution.bucket(of: from)
        let last = resolution.bucket(of: to.advanced(bySeconds: -1))
        guard (last.seconds - start.seconds) / resolution.seconds < Self.mostPoints else { return nil }
        buckets = table.bucket(of: start)..<table.bucket(of: last.advanced(bySeconds: resolution.seconds))
    }

    /// The points of one subject, those without anything included.
    func history(of subject: TrafficSubject, _ db: Database) throws -> TrafficHistory {
        let sums = try SubjectTable.number(of: subject, db).map { try self.sums(of: $0, db) } ?? [:]
        let step = resolution == .weekly ? 7 : 1
        let points = stride(from: buckets.lowerBound, to: buckets.upperBound, by: step).map { bucket in
            sums[bucket, default: TrafficSums()].point(at: table.time(of: bucket))
        }
        return TrafficHistory(
            resolution: resolution, points: points,
            keptFrom: (table == .hour ? first.hour : first.day).map { table.time(of: $0) })
    }

    /// The points of all subjects in which something moved.
    func histories(_ subjects: [TrafficSubject: Int64], _ db: Database) throws
        -> [TrafficSubject: [TrafficHistory.Point]]
    {
        var all: [TrafficSubject: [TrafficHistory.Point]] = [:]
        for (subject, number) in subjects {
            let sums = try sums(of: number, db)
            guard !sums.isEmpty else { continue }
            all[subject] = sums.sorted { $0.key < $1.key }.map { $0.value.point(at: table.time(of: $0.key)) }
        }
        return all
    }

    /// The sums of a subject by the first bucket of each point.
    private func sums(of subject: Int64, _ db: Database) throws -> [Int64: TrafficSums] {
        guard let first = table == .hour ? first.hour : first.day else { return [:] }
        // What is older is about to be deleted.
        let kept = max(first, buckets.lowerBound)..<max(first, buckets.upperBound)
        var sums = try table.sums(of: subject, in: kept, db)
        for (bucket, more) in unsummed.sums(of: subject, table) where kept.contains(bucket) {
            sums[bucket, default: TrafficSums()] += more
        }
        guard resolution == .weekly else { return sums }
        var weeks: [Int64: TrafficSums] = [:]
        for (day, sums) in sums {
            let week = Bucket.day(of: resolution.bucket(of: Bucket.time(ofDay: day)))
            weeks[week, default: TrafficSums()] += sums
        }
        return weeks
    }
}
