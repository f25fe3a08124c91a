import Credentials
import Database
import Foundation
import Logging
import Model
import Reconciler
import Synchronization
import Testing

@testable import Gateway

@Suite("The summary of the day")
struct SummaryTests {
    /// A clock that is set.
    final class SetClock: WallClock {
        private let value: Mutex<Timestamp>
        init(_ now: Timestamp) { value = Mutex(now) }
        func now() -> Timestamp { value.withLock { $0 } }
        func set(_ text: String) throws {
            let time = try #require(Timestamp(text))
            value.withLock { $0 = time }
        }
    }

    /// A state directory that goes with the test.
    final class State: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-summary-\(UUID())").path
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The database as the program wires it.
    struct Store: SummaryStore {
        let database: GatewayDatabase
        func lastSummary(of receiver: String) async throws -> Timestamp? {
            try await database.lastSummary(of: receiver)
        }
        func recordSummary(of receiver: String, at: Timestamp) async throws {
            try await database.recordSummary(of: receiver, at: at)
        }
    }

    private let directory = State()
    private let database: GatewayDatabase
    private let clock: SetClock
    private let inbox = NotifierTests.Inbox()

    init() throws {
        database = try GatewayDatabase.open(state: directory.path)
        clock = SetClock(try #require(Timestamp("2026-11-29T05:00:00Z")))
    }

    /// A process that begins: what it knew before is on the disk only.
    private func start(_ receivers: [Settings.Notification]) async throws -> (SummaryTeller, Notifier, Settings) {
        let notifier = Notifier(
            inbox, gateway: "gw1", clock: SystemUptime(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, jitter: { 0 },
            open: { _, _ throws(SecretFailure) in KeyPair.generate().privateKey })
        var settings = Settings()
        settings.notifications = receivers
        await notifier.configure(settings)
        let inventory = try GatewayDatabase.open(state: directory.path)
        return (SummaryTeller(inventory, Store(database: inventory), notifier, clock: clock), notifier, settings)
    }

    private func drift(_ name: String, _ at: Timestamp, healed: DriftRecord.Healing?) async throws {
        var update = DriftUpdate(pass: "p", at: at)
        update.seen = [
            DriftRecord(
                object: ObjectID(.peer, name), peer: nil, action: .update, fields: [], fingerprint: name, firstSeen: at,
                lastSeen: at, count: 1, healedAt: healed.map { _ in at }, healing: healed, pass: "p")
        ]
        try await database.recordDrift(update)
    }

    /// What arrived until now.
    private func texts(_ count: Int) async throws -> [String] {
        try await inbox.wait(for: count).map { post in
            let body = try #require(try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any])
            return "\(post.url): \(body["message"] as? String ?? "")"
        }
    }

    @Test("it comes once a day at its time, also after a restart, and only if there is something to say")
    func onceADay() async throws {
        let receiver = Settings.Notification(url: "https://a.example", kinds: [.summary])
        let other = Settings.Notification(url: "https://b.example", kinds: [.drift])
        var (teller, notifier, settings) = try await start([receiver, other])
        let running = Task { [notifier] in await notifier.run() }
        // New: the time before is nobody's.
        try await teller.tell(settings, after: Reports.pass())
        let at = try #require(Timestamp("2026-11-29T06:00:00Z"))
        try await drift("wg0/a", at, healed: .loop)
        try await drift("wg0/b", at, healed: .elsewhere)
        try await drift("wg0/c", at, healed: nil)
        try await database.recordRevision(RevisionRecord(id: "r1", status: .applied, message: "", at: at))
        try await database.recordRevision(RevisionRecord(id: "r2", status: .failed, message: "", at: at))
        try await database.appendEvents([
            Event(at: at, pass: "p", kind: .revocation, object: ObjectID(.peer, "wg0/d"), message: "gone")
        ])
        try clock.set("2026-11-29T06:59:59Z")
        try await teller.tell(settings, after: Reports.pass())
        try clock.set("2026-11-29T07:00:05Z")
        for _ in 0..<3 { try await teller.tell(settings, after: Reports.pass()) }
        let first = [
            "https://a.example: drift: 3 found, 1 healed, 1 gone without us, 1 standing; revisions: 1 applied, 1 failed;"
                + " revocations: 1"
        ]
        #expect(try await texts(1) == first)
        running.cancel()
        await running.value

        (teller, notifier, settings) = try await start([receiver, other])
        let again = Task { [notifier] in await notifier.run() }
        try clock.set("2026-11-29T07:05:00Z")
        try await teller.tell(settings, after: Reports.pass())
        // The daemon slept over the next one, and drift still stands.
        try clock.set("2026-11-30T11:00:00Z")
        try await teller.tell(settings, after: Reports.pass())
        #expect(try await texts(2) == first + ["https://a.example: drift: 1 standing"])
        // Nothing to say: nothing is sent, and the day counts as told.
        var update = DriftUpdate(pass: "p", at: clock.now())
        update.gone = ["wg0/c": .loop]
        try await database.recordDrift(update)
        try clock.set("2026-12-01T07:00:00Z")
        try await teller.tell(settings, after: Reports.pass())
        try clock.set("2026-12-02T07:00:00Z")
        try await teller.tell(settings, after: Reports.pass())
        #expect(try await texts(3).last == "https://a.example: drift: 1 healed")
        #expect(inbox.posts.withLock { $0.count } == 3)
        again.cancel()
        await again.value
    }

    @Test("always means also when nothing happened, and each has a time of his own")
    func always() async throws {
        let time = try #require(TimeOfDay("18:30"))
        let (teller, notifier, settings) = try await start([
            Settings.Notification(url: "https://a.example", at: time, always: true),
            Settings.Notification(url: "https://b.example", kinds: [.summary], always: true),
        ])
        let running = Task { await notifier.run() }
        try await teller.tell(settings, after: Reports.pass())
        try clock.set("2026-11-29T07:30:00Z")
        try await teller.tell(settings, after: Reports.pass())
        #expect(try await texts(1) == ["https://b.example: nothing happened since 2026-11-29T05:00:00Z"])
        try clock.set("2026-11-29T18:30:00Z")
        try await teller.tell(settings, after: Reports.pass())
        #expect(try await texts(2).last == "https://a.example: nothing happened since 2026-11-29T05:00:00Z")
        running.cancel()
        await running.value
    }

    @Test("a suspension is told with its beginning, end and reason")
    func suspended() async throws {
        let begun = clock.now()
        try await database.setSuspension(Suspension(reason: "work (root)", until: begun.advanced(bySeconds: 86_400)))
        try await database.recordConditions([
            Condition(object: nil, kind: .suspended, holds: true, message: "work", since: begun)
        ])
        let summary = try await DailySummary(of: database, since: begun, at: begun.advanced(bySeconds: 60))
        #expect(
            summary.lines == ["suspended: since 2026-11-29T05:00:00Z, until 2026-11-30T05:00:00Z, work (root)"])
        let over = try await DailySummary(of: database, since: begun, at: begun.advanced(bySeconds: 90_000))
        #expect(over.isEmpty)
    }
}
