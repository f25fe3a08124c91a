import Model
import Synchronization
import Testing

@testable import Reconciler

/// Changes that are undone unless somebody confirms them.
@Suite struct CheckpointTests {
    static let before = Sample.catalog(peers: (1...4).map { Sample.peer($0) })
    /// Another address cuts everybody off; a peer gets another one, one leaves, one joins.
    static let after = Sample.catalog(
        [Sample.interface("wg0", port: 51820, "10.8.0.99/24")],
        peers: [1, 2, 3, 5].map { number in
            Sample.peer(number) { if number == 1 { $0.ip = [IPAddress(v4: 0x0A08_00F0)] } }
        })

    let gateway = FakeGateway(Self.before)
    let checkpoints: FakeCheckpoints

    init() {
        checkpoints = FakeCheckpoints(gateway.inventory)
        checkpoints.know(Self.before, id: "r1")
        checkpoints.know(Self.after, id: "r2")
    }

    func start() -> Controller {
        var ports = gateway.ports
        let clock = gateway.clock
        ports.checkpoints = CheckpointPorts(
            store: checkpoints, keeper: checkpoints, watchdog: checkpoints,
            uptime: { Int64(clock.uptime() / .milliseconds(1)) }, bootID: gateway.host.kernel.bootID)
        return Controller(ports)
    }

    static var trial: PassOptions {
        var options = PassOptions.apply
        options.confirmWithin = .seconds(60)
        return options
    }

    static var watchdog: PassOptions {
        var options = PassOptions(trigger: "rollback", mode: .loop)
        options.isWatchdog = true
        return options
    }

    var state: Checkpoint.State? { gateway.inventory.current.checkpoint?.state }

    /// Applies r1 and tries r2.
    func tryIt(_ controller: Controller) async throws -> PassReport {
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.after, id: "r2")
        return try await controller.pass(Self.trial)
    }

    @Test func theDaemonGoesOnFromWhatTheWatchdogRestored() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(Self.after, id: "r2")
        let report = try await daemon.pass(Self.trial)
        #expect(report.exitCode == .success && report.hasBegunCheckpoint && state == .waiting)
        #expect(gateway.inventory.current.lastApplied?.id == "r1")
        #expect(gateway.host.kernel.essence != before)
        #expect(report.conditions.contains { $0.kind == .waiting && $0.message.contains("r2 waits") })
        // A newer head waits, and what was tried is healed.
        gateway.revisions.set(Sample.catalog(peers: (1...9).map { Sample.peer($0) }), id: "r3")
        let tried = gateway.host.kernel.essence
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
        let waiting = try await daemon.pass(.loop)
        #expect(waiting.waitsFor == "r2" && waiting.exitCode == .stale && gateway.host.kernel.essence == tried)
        gateway.revisions.set(Self.after, id: "r2")

        gateway.clock.advance(by: .seconds(61))
        // While the watchdog lives, the daemon keeps out of its way.
        _ = try await daemon.pass(.loop)
        #expect(gateway.host.kernel.essence == tried && state == .waiting)
        let restored = try await start().pass(Self.watchdog)
        #expect(restored.restoration?.failure == nil && restored.restoration != nil && state == .rolledBack)
        #expect(gateway.host.kernel.essence == before)
        checkpoints.state.withLock { $0.isWatching = false }
        for _ in 0..<4 {
            gateway.clock.advance(by: .seconds(61))
            let pass = try await daemon.pass(.loop)
            #expect(pass.plan.refusals.map(\.rail) == ["rolled-back"])
            #expect(gateway.host.kernel.essence == before)
        }
        #expect(gateway.inventory.current.lastApplied?.id == "r1")
    }

    @Test func aWindowThatIsOverBeforeTheChangeIsMadeIsNoSuccess() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        gateway.revisions.set(Self.after, id: "r2")
        // The watchdog does not wait for a pass that takes longer than the window.
        let inventory = gateway.inventory
        gateway.host.state.withLock { state in
            state.failure = { _, _ in
                inventory.edit { $0.checkpoint?.state = .rollingBack }
                return nil
            }
        }
        _ = try await daemon.pass(Self.trial)
        let record = gateway.inventory.revisions.first { $0.id == "r2" }
        #expect(record?.status == .failed && record?.message.hasPrefix("rolled-back: ") == true)
        #expect(gateway.inventory.current.lastApplied?.id == "r1")
    }

    @Test func noRailHoldsARestoreUpAndNoDocumentBringsBackWhatWasUndone() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let before = gateway.host.kernel.essence
        func revision(_ approvals: [Approval]) -> Catalog {
            Catalog(
                interfaces: [Sample.interface("wg0", port: 51999)], peers: (1...4).map { Sample.peer($0) },
                approvals: approvals)
        }
        gateway.revisions.set(revision([]), id: "r2")
        let refusals = try await daemon.preview(.apply).plan.refusals
        #expect(refusals.map(\.rail) == ["port-change"])
        let approval = Approval(
            name: "port", digests: refusals.map(\.digest), reason: "test",
            expires: gateway.clock.now().advanced(bySeconds: 86_400),
            location: SourceLocation(path: "port.yaml", line: 1, column: 1))
        checkpoints.know(revision([approval]), id: "r3")
        gateway.revisions.set(revision([approval]), id: "r3")
        let tried = try await daemon.pass(Self.trial)
        #expect(tried.hasBegunCheckpoint && state == .waiting && gateway.host.kernel.essence != before)
        gateway.clock.advance(by: .seconds(61))
        let restored = try await start().pass(Self.watchdog)
        #expect(restored.restoration != nil && restored.restoration?.failure == nil && state == .rolledBack)
        #expect(gateway.host.kernel.essence == before)
        checkpoints.state.withLock { $0.isWatching = false }
        let next = try await daemon.pass(.loop)
        #expect(next.plan.refusals.map(\.rail) == ["rolled-back"] && gateway.host.kernel.essence == before)
    }

    @Test func aCrashAfterAnyWriteEndsAtTheConfirmedRevision() async throws {
        let model = CheckpointTests()
        let first = model.start()
        _ = try await first.pass(.apply)
        let (rows, operations) = (model.gateway.inventory.writes.count, model.gateway.host.operationCount)
        model.gateway.revisions.set(Self.after, id: "r2")
        _ = try await first.pass(Self.trial)
        let points =
            (rows..<model.gateway.inventory.writes.count).map { (isRow: true, number: $0) }
            + (operations..<model.gateway.host.operationCount).map { (isRow: false, number: $0) }
        #expect(points.count > 8)
        for point in points {
            let other = CheckpointTests()
            let gateway = other.gateway
            let controller = other.start()
            _ = try await controller.pass(.apply)
            let before = gateway.host.kernel.essence
            gateway.revisions.set(Self.after, id: "r2")
            if point.isRow {
                gateway.inventory.state.withLock { $0.dieAfter = point.number }
            } else {
                gateway.host.state.withLock { $0.dieAfter = point.number }
            }
            _ = try? await controller.pass(Self.trial)
            gateway.inventory.state.withLock { $0.dieAfter = nil }
            gateway.host.state.withLock { $0.dieAfter = nil }
            gateway.fate.revive()
            gateway.clock.advance(by: .seconds(61))
            other.checkpoints.state.withLock { $0.isWatching = false }
            let next = other.start()
            let report = try await next.pass(.loop)
            #expect(other.state == .rolledBack, "after \(point): \(report.restoration?.failure ?? "none")")
            #expect(gateway.host.kernel.essence == before, "after \(point)")
            gateway.clock.advance(by: .seconds(61))
            _ = try await next.pass(.loop)
            #expect(gateway.host.kernel.essence == before, "after \(point)")
        }
    }

    @Test func aCrashWhileRestoringIsMadeGood() async throws {
        let model = CheckpointTests()
        _ = try await model.tryIt(model.start())
        model.gateway.clock.advance(by: .seconds(61))
        let (rows, operations) = (model.gateway.inventory.writes.count, model.gateway.host.operationCount)
        _ = try await model.start().pass(Self.watchdog)
        let points =
            (rows..<model.gateway.inventory.writes.count).map { (isRow: true, number: $0) }
            + (operations..<model.gateway.host.operationCount).map { (isRow: false, number: $0) }
        for point in points {
            let other = CheckpointTests()
            let gateway = other.gateway
            let controller = other.start()
            _ = try await controller.pass(.apply)
            let before = gateway.host.kernel.essence
            gateway.revisions.set(Self.after, id: "r2")
            _ = try await controller.pass(Self.trial)
            gateway.clock.advance(by: .seconds(61))
            if point.isRow {
                gateway.inventory.state.withLock { $0.dieAfter = point.number }
            } else {
                gateway.host.state.withLock { $0.dieAfter = point.number }
            }
            _ = try? await other.start().pass(Self.watchdog)
            gateway.inventory.state.withLock { $0.dieAfter = nil }
            gateway.host.state.withLock { $0.dieAfter = nil }
            gateway.fate.revive()
            other.checkpoints.state.withLock { $0.isWatching = false }
            let next = other.start()
            for _ in 0..<3 {
                _ = try await next.pass(.loop)
                gateway.clock.advance(by: .seconds(61))
            }
            #expect(other.state == .rolledBack && gateway.host.kernel.essence == before, "after \(point)")
        }
    }

    @Test(arguments: [true, false]) func afterARestartTheConfirmedRevisionIsApplied(_ isExplicit: Bool) async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let before = gateway.host.kernel.peerKeys
        gateway.revisions.set(Self.after, id: "r2")
        _ = try await daemon.pass(Self.trial)
        checkpoints.state.withLock { $0.isWatching = false }
        // Once in the window, and once when all is over: then the plan of the head creates everything anew.
        for _ in 0..<2 {
            gateway.host.edit { $0.reboot() }
            let report = try await start().pass(isExplicit ? .apply : .loop)
            #expect(gateway.host.kernel.peerKeys == before && gateway.host.kernel.address == "10.8.0.1/24")
            #expect(report.plan.refusals.map(\.rail).contains("rolled-back") && state == .rolledBack)
        }
    }

    @Test func withoutAWatchdogNothingIsWritten() async throws {
        let controller = start()
        _ = try await controller.pass(.apply)
        let (before, operations) = (gateway.host.kernel.essence, gateway.host.operationCount)
        gateway.revisions.set(Self.after, id: "r2")
        checkpoints.state.withLock { $0.cannotStart = true }
        let report = try await controller.pass(Self.trial)
        #expect(report.exitCode == .error && report.checkpointFailure?.contains("no memory") == true)
        #expect(gateway.host.kernel.essence == before && gateway.host.operationCount == operations && state == nil)
        // Nor where what would be restored can't be read.
        checkpoints.state.withLock { ($0.cannotStart, $0.keepFailure) = (false, "damaged") }
        #expect(try await controller.pass(Self.trial).exitCode == .error)
        #expect(gateway.host.operationCount == operations)
    }

    @Test func confirmedItStaysAndARevertIsNoRollback() async throws {
        let daemon = start()
        _ = try await tryIt(daemon)
        let tried = gateway.host.kernel.essence
        let id = try #require(gateway.inventory.current.checkpoint?.id)
        #expect(try await checkpoints.confirm(id, by: "root"))
        checkpoints.state.withLock { $0.isWatching = false }
        gateway.clock.advance(by: .seconds(61))
        let report = try await daemon.pass(.loop)
        #expect(report.exitCode == .success && gateway.host.kernel.essence == tried)
        #expect(gateway.inventory.current.lastApplied?.id == "r2" && gateway.inventory.current.confirmed == "r2")
        #expect(try await !checkpoints.beginRollback(id))
    }

    @Test func pinsHoldPartsAndGoWithARevert() async throws {
        let daemon = start()
        _ = try await tryIt(daemon)
        gateway.clock.advance(by: .seconds(61))
        _ = try await start().pass(Self.watchdog)
        checkpoints.state.withLock { $0.isWatching = false }
        let before = gateway.host.kernel.essence
        // Another revision that still has the address, among other things.
        gateway.revisions.set(
            Sample.catalog(
                [Sample.interface("wg0", port: 51820, "10.8.0.99/24")], peers: (1...4).map { Sample.peer($0) }),
            id: "r4")
        #expect(try await daemon.pass(.apply).exitCode == .refused && gateway.host.kernel.essence == before)
        // And one that still lacks the peer.
        gateway.revisions.set(Sample.catalog(peers: (1...3).map { Sample.peer($0) }), id: "r5")
        #expect(try await daemon.pass(.apply).exitCode == .refused && gateway.host.kernel.essence == before)
        gateway.revisions.set(Self.before, id: "r6")
        #expect(try await daemon.pass(.apply).exitCode == .success && gateway.inventory.current.pins.isEmpty)
        // Nothing is pinned any more: it may be tried again.
        gateway.revisions.set(Self.after, id: "r7")
        checkpoints.know(Self.before, id: "r6")
        #expect(try await daemon.pass(Self.trial).exitCode == .success)
    }

    @Test func anApprovalCountsForOneTrial() async throws {
        let daemon = start()
        _ = try await tryIt(daemon)
        gateway.clock.advance(by: .seconds(61))
        _ = try await start().pass(Self.watchdog)
        checkpoints.state.withLock { $0.isWatching = false }
        let refusal = try #require(try await daemon.pass(.loop).plan.refusals.first)
        try await gateway.inventory.port.approve(refusal.digest, at: gateway.clock.now())
        #expect(try await daemon.pass(Self.trial).hasBegunCheckpoint && state == .waiting)
        gateway.clock.advance(by: .seconds(61))
        _ = try await start().pass(Self.watchdog)
        checkpoints.state.withLock { $0.isWatching = false }
        #expect(try await daemon.pass(.loop).plan.refusals.map(\.rail) == ["rolled-back"])
    }

    @Test func aFailedRestoreIsAnAlarmAndTriedAgain() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(Self.after, id: "r2")
        _ = try await daemon.pass(Self.trial)
        gateway.clock.advance(by: .seconds(61))
        gateway.host.state.withLock { $0.failure = { _, _ in BackendError(.transient, "nft is broken") } }
        let report = try await start().pass(Self.watchdog)
        #expect(state == .failed && report.restoration?.failure?.contains("nft is broken") == true)
        #expect(report.conditions.contains { $0.kind == .stalled && $0.message.contains("restoring r1 failed") })
        #expect(gateway.inventory.events.contains { $0.kind == .failure && $0.message.contains("FAILED") })
        #expect(gateway.inventory.current.confirmed == "r1")
        gateway.host.state.withLock { $0.failure = nil }
        checkpoints.state.withLock { $0.isWatching = false }
        _ = try await daemon.pass(.loop)
        #expect(state == .rolledBack && gateway.host.kernel.essence == before)
    }

    @Test func goingDownEndsTheWindow() async throws {
        let daemon = start()
        _ = try await tryIt(daemon)
        _ = try await daemon.pass(.teardown)
        #expect(state == nil)
        gateway.clock.advance(by: .seconds(61))
        #expect(gateway.host.kernel.link("wg0") == nil)
    }

    @Test func thereIsNothingToGoBackToAtFirst() async throws {
        let report = try await start().pass(Self.trial)
        #expect(report.exitCode == .success && report.unprotected != nil && state == nil)
    }
}

extension SimulatedHost {
    var peerKeys: [PublicKey] { link("wg0")?.device?.peers.map(\.publicKey).sorted() ?? [] }
    var address: String? { link("wg0")?.addresses.first?.description }
}
