import Database
import Model
import Reconciler
import Testing

@Suite struct HistoryTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private func record(_ id: String, _ status: RevisionRecord.Status, _ message: String = "", after: Int64 = 0)
        async throws
    {
        let at = Sample.now.advanced(bySeconds: after)
        try await database.recordRevision(RevisionRecord(id: id, status: status, message: message, at: at))
    }

    @Test func revisionsKeepTheNewestRowPerID() async throws {
        try await record("a", .pending)
        try await record("a", .applied, after: 1)
        try await record("b", .failed, "why", after: 2)
        try await record("c", .pending, after: 3)
        try await record("a", .failed, "later", after: 4)
        let rows = try await database.revisions(limit: 10)
        #expect(rows.map(\.id) == ["a", "c", "b"])
        #expect(
            rows.first
                == RevisionRecord(id: "a", status: .failed, message: "later", at: Sample.now.advanced(bySeconds: 4)))
        #expect(try await database.revisions(limit: 1).count == 1)
        #expect(try await database.revisions(limit: -1) == [])
    }

    @Test func theLastAppliedRevisionOutlivesItsLaterFailure() async throws {
        try await record("a", .applied, after: 1)
        try await record("b", .failed, after: 2)
        let applied = RevisionRecord(id: "a", status: .applied, message: "", at: Sample.now.advanced(bySeconds: 1))
        try await record("a", .failed, "the kernel refused", after: 3)
        #expect(try await database.snapshot().lastApplied == applied)
        #expect(try await GatewayDatabase.open(state: directory.path).snapshot().lastApplied == applied)
        try await record("b", .applied, after: 4)
        #expect(try await database.snapshot().lastApplied?.id == "b")
    }

    @Test func sameResultKeepsItsTime() async throws {
        try await record("a", .applied, after: 1)
        try await record("a", .applied, after: 2)
        #expect(try await database.revisions(limit: 1).first?.at == Sample.now.advanced(bySeconds: 1))
        // Back to an older revision: it is the last applied one again.
        try await record("b", .applied, after: 3)
        try await record("a", .applied, after: 4)
        #expect(try await database.snapshot().lastApplied?.id == "a")
        #expect(try await database.revisions(limit: 2).map(\.id) == ["a", "b"])
    }

    @Test func revisionsAreBounded() async throws {
        try await record("kept as last applied", .applied)
        for number in 0..<(GatewayDatabase.keptRevisions + 5) { try await record("r\(number)", .failed) }
        let rows = try await database.revisions(limit: 5_000)
        #expect(rows.count == GatewayDatabase.keptRevisions && rows.first?.id == "r1004")
        #expect(try await database.snapshot().lastApplied?.id == "kept as last applied")
    }

    @Test func eventsAreNewestFirstAndBounded() async throws {
        try await database.appendEvents((0..<3).map(Sample.event))
        try await database.appendEvents([])
        #expect(try await database.events(limit: 2) == [Sample.event(2), Sample.event(1)])
        try await database.appendEvents((3..<25_000).map(Sample.event))
        try await database.appendEvents([Sample.event(25_000)])
        let events = try await database.events(limit: 100_000)
        #expect(events.count == GatewayDatabase.keptEvents)
        #expect(events.first == Sample.event(25_000) && events.last == Sample.event(15_001))
    }
}
