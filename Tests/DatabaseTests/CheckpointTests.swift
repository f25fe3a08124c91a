import Database
import Foundation
import Glibc
import Model
import Reconciler
import Testing

/// A move of a checkpoint succeeds for one caller only, and pins count by its state.
@Suite struct CheckpointTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase
    let checkpoint = Checkpoint(
        id: "c1", tried: "r2", confirmed: "r1", begunAt: Timestamp(seconds: 1000), window: 1500, uptime: 50,
        bootID: "b")
    let pin = Pin(
        digest: "d", object: ObjectID(.interface, "wg0"), record: nil, fields: ["mtu=1280", "listen_port=1"],
        checkpoint: "c1")
    let peer = Sample.peer(1)

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private func other() throws -> GatewayDatabase { try GatewayDatabase.open(state: directory.path) }

    @Test func rolledBackThePinsCountUntilTheyAreDropped() async throws {
        try await database.approve("d", at: Timestamp(seconds: 1))
        try await database.begin(checkpoint, pins: [pin], out: [peer], spent: ["d", "x"])
        var seen = try await other().snapshot()
        #expect(seen.checkpoint == checkpoint && seen.pins.isEmpty && seen.keptOut == [peer])
        #expect(checkpoint.deadlineUptime == 1550 && checkpoint.deadline.seconds == 1002)
        #expect(try await !database.confirm("c1", by: "root"), "the change is still being made")
        let end = Timestamp(seconds: 1010)
        #expect(try await database.beginWindow("c1", deadline: end, deadlineUptime: 9000, appliedUptime: 60))
        #expect(try await !other().beginWindow("c1", deadline: end, deadlineUptime: 9001, appliedUptime: 61))
        #expect(try await other().beginRollback("c1"))
        #expect(try await !database.beginRollback("c1"))
        #expect(try await !database.confirm("c1", by: "root"))
        seen = try await database.snapshot()
        #expect(seen.checkpoint?.state == .rollingBack && seen.pins == [pin] && seen.approvals.isEmpty)
        #expect(seen.checkpoint?.deadlineUptime == 9000 && seen.checkpoint?.appliedUptime == 60)
        try await database.finish("c1", .failed, message: "no")
        try await other().finish("c1", .rolledBack, message: "")
        #expect(try await database.snapshot().checkpoint?.state == .rolledBack)
        try await database.dropPins()
        seen = try await other().snapshot()
        #expect(seen.pins.isEmpty && seen.keptOut.isEmpty && seen.confirmed == nil)
    }

    @Test func copyEndsTheWindowAndTheOriginalGoesOn() async throws {
        try await database.recordConfirmed("r1")
        let copy = "\(directory.path)/copy"
        let made = unsafe mkdir(copy, 0o700)
        #expect(made == 0)
        let file = DatabaseCopy(path: "\(copy)/wirebuddy.db")
        try DatabaseCopy(path: "\(directory.path)/wirebuddy.db").write(to: file.path)
        #expect(try file.endWindow() == nil)
        try await database.approve("d", at: Timestamp(seconds: 1))
        try await database.begin(checkpoint, pins: [pin], out: [peer], spent: ["d"])
        _ = try await database.beginWindow(
            "c1", deadline: Timestamp(seconds: 1010), deadlineUptime: 9000, appliedUptime: 60)
        let gone = unsafe unlink(file.path)
        #expect(gone == 0)
        try DatabaseCopy(path: "\(directory.path)/wirebuddy.db").write(to: file.path)
        #expect(try file.endWindow()?.confirmed == "r1")
        #expect(try file.endWindow() == nil, "it is over")
        let seen = try await GatewayDatabase.open(state: copy).snapshot()
        #expect(seen.checkpoint?.state == .rollingBack && seen.pins == [pin] && seen.keptOut == [peer])
        #expect(seen.approvals.isEmpty && seen.confirmed == "r1")
        let original = try await other().snapshot()
        #expect(original.checkpoint?.state == .waiting && original.pins.isEmpty && !original.approvals.isEmpty)
    }

    @Test func confirmedItIsTheRevisionInForce() async throws {
        try await database.recordConfirmed("r1")
        try await database.begin(checkpoint, pins: [pin], out: [peer], spent: [])
        let end = Timestamp(seconds: 1010)
        _ = try await database.beginWindow("c1", deadline: end, deadlineUptime: 9000, appliedUptime: 60)
        #expect(try await other().confirm("c1", by: "root"))
        #expect(try await !database.beginRollback("c1"))
        let seen = try await database.snapshot()
        #expect(seen.confirmed == "r2" && seen.checkpoint?.state == .confirmed && seen.checkpoint?.message == "root")
        #expect(seen.pins.isEmpty && seen.keptOut.isEmpty)
        try await database.abandon("c1")
        #expect(try await other().snapshot().checkpoint == nil)
    }

    @Test func probesThatWaitStandAgainstAConfirmation() async throws {
        let web = Settings.Probe(.tcp, "198.51.100.7:443", timeout: .seconds(7))
        let page = Settings.Probe(.http, "https://intranet.example/")
        let far = Settings.Probe(.ping, "10.8.0.2")
        var tried = checkpoint
        tried.mayLockOut = false
        tried.probes = [
            CheckpointProbe(web), CheckpointProbe(page, .notCounted, message: "status 500"), CheckpointProbe(far),
        ]
        try await database.begin(tried, pins: [], out: [], spent: [])
        #expect(try await other().snapshot().checkpoint == tried)
        // It was run in a window that has not begun.
        try await database.record(CheckpointProbe(web, .good), of: "c1", in: .waiting)
        #expect(try await database.checkpoint("c1")?.probes == tried.probes)
        let end = Timestamp(seconds: 1010)
        _ = try await database.beginWindow("c1", deadline: end, deadlineUptime: 9000, appliedUptime: 60)
        #expect(try await !database.confirm("c1", by: "root"))
        try await database.record(CheckpointProbe(far, message: "no answer"), of: "c1", in: .waiting)
        try await database.record(CheckpointProbe(web, .good), of: "c1", in: .waiting)
        // One that succeeded stays so, and one that does not count never does.
        try await other().record(CheckpointProbe(web, message: "refused"), of: "c1", in: .waiting)
        try await database.record(CheckpointProbe(page, .good), of: "c1", in: .waiting)
        let seen = try #require(try await other().checkpoint("c1"))
        #expect(seen.probes.map(\.state) == [.good, .notCounted, .waiting])
        #expect(seen.probes.map(\.message) == ["", "status 500", "no answer"] && seen.probes[0].probe == web)
        #expect(try await !database.confirm("c1", by: "root"))
        #expect(try await database.confirm("c1", by: "root, despite probes", despiteProbes: true))
        #expect(try await database.checkpoint("c1")?.state == .confirmed)
        try await database.abandon("c1")
        #expect(try await other().checkpoint("c1") == nil)
    }

    @Test func afterARollbackAProbeMayFailAgain() async throws {
        let web = Settings.Probe(.tcp, "198.51.100.7:443")
        var tried = checkpoint
        tried.probes = [CheckpointProbe(web, .good)]
        try await database.begin(tried, pins: [], out: [], spent: [])
        _ = try await database.beginRollback("c1")
        try await database.record(CheckpointProbe(web, .failing, message: "refused"), of: "c1", in: .rolledBack)
        #expect(try await database.checkpoint("c1")?.probes.map(\.state) == [.good], "it is not rolled back yet")
        try await database.finish("c1", .rolledBack, message: "")
        // A run that was begun in the window comes too late.
        try await database.record(CheckpointProbe(web, message: "late"), of: "c1", in: .waiting)
        try await database.record(CheckpointProbe(web, .failing, message: "refused"), of: "c1", in: .rolledBack)
        #expect(try await database.checkpoint("c1")?.probes == [CheckpointProbe(web, .failing, message: "refused")])
    }

    @Test func whatMayLockSomebodyOutStaysSo() async throws {
        var tried = checkpoint
        tried.mayLockOut = false
        try await database.begin(tried, pins: [], out: [], spent: [])
        try await database.extend("c1", pins: [], out: [], mayLockOut: false)
        #expect(try await database.checkpoint("c1")?.mayLockOut == false)
        try await database.extend("c1", pins: [pin], out: [], mayLockOut: true)
        try await database.extend("c1", pins: [], out: [], mayLockOut: false)
        #expect(try await other().checkpoint("c1")?.mayLockOut == true)
    }

    /// A window that a version without probes left open: it is confirmed by people, as it was begun.
    @Test func aCheckpointOfBeforeHasNoProbes() async throws {
        try await database.begin(checkpoint, pins: [pin], out: [], spent: [])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", "\(directory.path)/wirebuddy.db",
            """
            DROP TABLE checkpoint_probe;
            ALTER TABLE checkpoint DROP COLUMN may_lock_out;
            DELETE FROM grdb_migrations WHERE identifier = '10 probes';
            """,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let found = try #require(try await other().checkpoint("c1"))
        #expect(found == checkpoint && found.mayLockOut && found.probes == [] && !found.isConfirmedByProbes)
    }
}
