import Database
import GRDB
import Model
import Reconciler
import Testing

@Suite struct DriftHistoryTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private static func print(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func record(_ number: Int, at: Timestamp, healed: DriftRecord.Healing? = nil) -> DriftRecord {
        DriftRecord(
            object: ObjectID(.peer, "wg0/p\(number)"), peer: "id-\(number)", action: .update,
            fields: [
                FieldChange("allowed_ips", before: "10.8.0.9/32", after: nil),
                FieldChange("preshared_key", before: "<secret #1>", after: "<secret #2>"),
            ], fingerprint: Self.print(number), firstSeen: at, lastSeen: at, count: 1,
            healedAt: healed.map { _ in at }, healing: healed, pass: "aa",
            writer: number == 1 ? LikelyWriter(name: "ufw", evidence: "its file") : nil)
    }

    private func write(
        _ records: [DriftRecord] = [], gone: [String: DriftRecord.Healing] = [:], at: Timestamp, pass: String = "aa"
    ) async throws {
        var update = DriftUpdate(pass: pass, at: at)
        (update.seen, update.gone) = (records, gone)
        try await database.recordDrift(update)
    }

    private func history(since: Timestamp? = nil, limit: Int = 100, offset: Int = 0) async throws -> DriftHistory {
        try await database.driftHistory(DriftFilter(since: since, limit: limit, offset: offset))
    }

    @Test func aDriftFromFirstSeenToGone() async throws {
        let now = Sample.now
        let first = record(1, at: now)
        try await write([first], at: now)
        #expect(try await history().records == [first])
        let other = try await GatewayDatabase.open(state: directory.path).snapshot().standingDrift
        #expect(other == [first.fingerprint: StandingDrift(object: first.object, lastSeen: now)])

        var later = first
        later.lastSeen = now.advanced(bySeconds: 300)
        later.writer = nil
        try await write([later], at: later.lastSeen, pass: "bb")
        let end = now.advanced(bySeconds: 400)
        try await write(gone: [first.fingerprint: .elsewhere], at: end, pass: "cc")
        let ended = try #require(try await history().records.first)
        #expect(ended.firstSeen == now && ended.lastSeen == later.lastSeen && ended.count == 1)
        #expect(ended.healedAt == end && ended.healing == .elsewhere && ended.pass == "cc")
        #expect(ended.writer == first.writer, "a clue that was found stays")
        #expect(try await database.snapshot().standingDrift.isEmpty)
    }

    @Test func theSameWithinADayCountsOn() async throws {
        let now = Sample.now
        for round in 0..<3 {
            let at = now.advanced(bySeconds: Int64(round) * 3600)
            try await write([record(2, at: at, healed: .loop)], at: at)
        }
        let counted = try await history()
        #expect(counted.total == 1 && counted.records.first?.count == 3 && counted.records.first?.firstSeen == now)
        let muchLater = now.advanced(bySeconds: 3 * 86_400)
        try await write([record(2, at: muchLater, healed: .loop)], at: muchLater)
        #expect(try await history().records.map(\.count) == [1, 3])
    }

    @Test func pagesAndSince() async throws {
        let now = Sample.now
        let at = { (number: Int) in now.advanced(bySeconds: Int64(number)) }
        for number in 1...9 { try await write([record(number, at: at(number), healed: .apply)], at: at(number)) }
        try await write([record(10, at: at(0))], at: at(0))
        let page = try await history(limit: 3, offset: 1)
        #expect(page.total == 10 && page.records.map(\.object.name) == ["wg0/p9", "wg0/p8", "wg0/p7"])
        let late = try await history(since: at(8))
        #expect(late.records.map(\.object.name) == ["wg0/p10", "wg0/p9", "wg0/p8"], "what stands is always there")
        #expect(late.total == 3)
    }

    @Test func whatEndedFirstGoesFirst() async throws {
        let now = Sample.now
        let count = GatewayDatabase.keptDrift
        try await write([record(0, at: now)], at: now)
        try await write(
            (1...count).map { record($0, at: now.advanced(bySeconds: Int64($0)), healed: .loop) },
            at: now.advanced(bySeconds: Int64(count)))
        let kept = try await history(limit: 1)
        #expect(kept.total == count && kept.records.first?.object.name == "wg0/p0")
        let oldest = try await history(limit: 1, offset: count - 1)
        #expect(oldest.records.map(\.object.name) == ["wg0/p2"])
        // A year later everything that ended is gone, with its fields.
        let later = now.advanced(bySeconds: GatewayDatabase.keptDriftSeconds + 86_400)
        try await write([record(20_000, at: later)], at: later)
        #expect(try await history().records.map(\.object.name) == ["wg0/p20000", "wg0/p0"])
        let fields = try await DatabaseQueue(path: database.path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM drift_field")
        }
        #expect(fields == 4)
    }

    @Test func whatIsNotStandingIsNotWritten() async throws {
        let before = try directory.fingerprint(of: ".")
        try await write(gone: [Self.print(7): .loop], at: Sample.now)
        try await write(at: Sample.now)
        #expect(try directory.fingerprint(of: ".") == before)
    }
}
