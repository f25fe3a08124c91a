import GRDB
import Model

/// What the writer knows of the traffic, as of its last commit. After an error it is made anew.
struct TrafficWriter: Sendable {
    /// Sums are stored after this many samples at the latest: so many are read again at most after a crash.
    private static let mostUnsummed: Int64 = 7200

    private(set) var subjects: SubjectTable
    private(set) var baselines: [Int64: CounterBaseline]
    private(set) var state: TrafficState
    /// What the tables don't have yet: the samples from ``TrafficState/through`` on.
    private(set) var unsummed = HourlyTraffic()
    private(set) var recent: RecentSums
    /// The id of the next sample.
    private var next: Int64
    /// The hour of the newest sample.
    private var hour: Int64?

    /// Reads where the last writer ended. Samples whose sums it could not store any more are added up.
    init(_ db: Database) throws {
        subjects = try SubjectTable(db)
        state = try TrafficState(db)
        baselines = try TrafficState.baselines(db)
        guard baselines.keys.allSatisfy({ [subjects] in subjects.subjects[$0] != nil }) else { throw DamagedHistory() }
        // Ids go on also after everything was deleted.
        next = state.through
        recent = RecentSums(sampledAt: nil)
        let newest = try Row.fetchOne(db, sql: "SELECT time FROM traffic_sample ORDER BY id DESC LIMIT 1")
        if let newest {
            recent.sampledAt = Timestamp(seconds: try newest.value(0, in: SampleBytes.times))
        }
        try replay(db)
        if let time = recent.sampledAt { try loadToday(Bucket.day(of: time), db) }
    }

    /// What is kept begins with this bucket; nil: nothing is kept.
    func first(_ table: TrafficTable) -> Int64? {
        let hour = unsummed.hours.keys.min()
        let first = table == .hour ? hour : hour.map(Bucket.day(ofHour:))
        guard let stored = state[table] else { return first }
        return min(stored, first ?? stored)
    }

    /// Whether there are samples that the tables don't have the sums of.
    var hasUnsummed: Bool { state.through < next }

    /// The number of a subject, which gets one if it has none. Called in a transaction.
    mutating func number(of subject: TrafficSubject, _ db: Database) throws -> Int64 {
        try subjects.number(of: subject, db)
    }

    /// Stores a sample. Called in a transaction.
    mutating func record(_ sample: TrafficSample, _ db: Database) throws {
        let hour = Bucket.hour(of: sample.time)
        if hasUnsummed, hour != self.hour || next - state.through >= Self.mostUnsummed { try storeSums(db) }
        self.hour = hour
        var entries: [(subject: Int64, entry: TrafficSample.Entry)] = []
        entries.reserveCapacity(sample.entries.count)
        for entry in sample.entries {
            entries.append((try subjects.number(of: entry.subject, db), SampleBytes.storable(entry)))
        }
        entries.sort { $0.subject < $1.subject }
        let bytes = SampleBytes.pack(entries, time: sample.time, &baselines)
        try db.cachedStatement(sql: "INSERT INTO traffic_sample (id, time, seconds, entries) VALUES (?, ?, ?, ?)")
            .execute(arguments: [next, sample.time.seconds, max(1, sample.seconds), bytes])
        next += 1
        let day = Bucket.day(of: sample.time)
        if recent.day != day { try loadToday(day, db) }
        recent.begin(sample.time)
        for (subject, entry) in entries {
            unsummed.add(entry, of: subject, time: sample.time, seconds: sample.seconds)
            recent.add(entry, seconds: sample.seconds)
        }
    }

    /// Stores the sums and the baselines. Called in a transaction.
    mutating func storeSums(_ db: Database) throws {
        guard hasUnsummed else { return }
        for table in [TrafficTable.hour, .day] {
            try table.add(table == .hour ? unsummed.hours : unsummed.days, db)
            state[table] = first(table)
        }
        state.through = next
        try state.store(baselines, db)
        unsummed = HourlyTraffic()
    }

    /// Notes that buckets before one go. Called in a transaction.
    mutating func forget(_ table: TrafficTable, before bucket: Int64, _ db: Database) throws {
        guard let first = state[table], first < bucket else { return }
        state[table] = bucket
        try state.store(db)
    }

    private mutating func replay(_ db: Database) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, time, seconds, entries FROM traffic_sample WHERE id >= ? ORDER BY id",
            arguments: [state.through])
        while let row = try rows.next() {
            let time = Timestamp(seconds: try row.value(1, in: SampleBytes.times))
            let seconds = try row.count(2)
            var added = unsummed
            unsummed = HourlyTraffic()
            try SampleBytes.unpack(try row.bytes(3), time: time, &baselines, subjects: subjects.subjects) {
                added.add($1, of: $0, time: time, seconds: seconds)
            }
            unsummed = added
            hour = Bucket.hour(of: time)
            next = try row.value(0, in: next...1 << 60) + 1
        }
    }

    private mutating func loadToday(_ day: Int64, _ db: Database) throws {
        recent.begin(day: day)
        for (subject, number) in subjects.numbers {
            guard let sums = try TrafficTable.day.sums(of: number, in: day..<day + 1, db)[day] else { continue }
            recent.add(sums.bytes, of: subject)
        }
        for (number, sums) in unsummed.days[day] ?? [:] {
            if let subject = subjects.subjects[number] { recent.add(sums.bytes, of: subject) }
        }
    }
}
