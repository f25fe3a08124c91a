import Database
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
}
