import Model
import Synchronization
import Testing

@testable import Reconciler

/// Changes on trial whose probes decide.
@Suite struct ProbeTrialTests {
    static let web = Settings.Probe(.tcp, "198.51.100.7:443")
    static let page = Settings.Probe(.http, "https://intranet.example/health")

    static func catalog(_ peers: ClosedRange<Int>, _ probes: [Settings.Probe]) -> Catalog {
        Sample.catalog(peers: peers.map { Sample.peer($0) }) { $0.probes = probes }
    }

    let gateway: FakeGateway
    let checkpoints: FakeCheckpoints
    let probes: FakeProbes

    init() {
        gateway = FakeGateway(Self.catalog(1...2, [Self.web]))
        checkpoints = FakeCheckpoints(gateway.inventory)
        checkpoints.know(Self.catalog(1...2, [Self.web]), id: "r1")
        probes = FakeProbes(gateway.host)
    }

    func start(_ paths: WatchedPaths? = nil) -> Controller {
        var ports = gateway.ports
        let clock = gateway.clock
        ports.checkpoints = CheckpointPorts(
            store: checkpoints, keeper: checkpoints, watchdog: checkpoints,
            uptime: { Int64(clock.uptime() / .milliseconds(1)) }, bootID: gateway.host.kernel.bootID)
        ports.checkpoints?.probes = probes
        if let paths { ports.paths = { paths } }
        return Controller(ports)
    }

    var checkpoint: Checkpoint? { gateway.inventory.current.checkpoint }
    var states: [CheckpointProbe.State] { checkpoint?.probes.map(\.state) ?? [] }
    var messages: [String] { gateway.inventory.events.map(\.message) }

    /// Applies r1 and tries r2, which adds a peer; then `failing` do not answer any more.
    func tryIt(
        _ controller: Controller, _ wanted: [Settings.Probe] = [web], failing: [Settings.Probe] = []
    ) async throws -> PassReport {
        _ = try await controller.pass(.apply)
        let catalog = Self.catalog(1...3, wanted)
        checkpoints.know(catalog, id: "r2")
        gateway.revisions.set(catalog, id: "r2")
        // What fails is asked before the first write too: it must fail from then on only.
        gateway.host.state.withLock { state in
            state.failure = { [probes] _, _ in
                for probe in failing { probes.set(probe.target, "connection refused") }
                return nil
            }
        }
        return try await controller.pass(CheckpointTests.trial)
    }

    /// Lets what waits for the next run go on, once it sleeps.
    func nextRun(of probe: Settings.Probe) async throws {
        let before = probes.runs(of: probe.target)
        try await eventually("a run after \(before)") {
            if probes.runs(of: probe.target) > before { return true }
            if !gateway.clock.alarms.isEmpty { gateway.clock.advance(by: TrialProbing.interval) }
            return false
        }
    }

    @Test func aGoodChangeIsConfirmedByItsProbes() async throws {
        let controller = start()
        let report = try await tryIt(controller)
        #expect(report.hasBegunCheckpoint && report.checkpoint?.isConfirmedByProbes == true)
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
        try await eventually("an event") { messages.contains { $0.contains("was confirmed by its probes") } }
        #expect(messages.contains("r2 was confirmed by its probes (tcp 198.51.100.7:443)"))
        #expect(checkpoint?.message == "its probes (tcp 198.51.100.7:443)")
        #expect(gateway.inventory.current.confirmed == "r2" && probes.runs(of: Self.web.target) == 2)
        checkpoints.state.withLock { $0.isWatching = false }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.lastApplied?.id == "r2")
        gateway.clock.advance(by: .seconds(61))
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.peerKeys.count == 3)
    }

    @Test func theBaselineIsRunBeforeTheFirstWrite() async throws {
        let controller = start()
        _ = try await controller.pass(.apply)
        #expect(probes.runs(of: Self.web.target) == 0, "nothing is on trial")
        let before = gateway.host.operationCount
        _ = try await tryIt(controller)
        #expect(probes.state.withLock { $0.firstRun[Self.web.target] } == before)
        #expect(gateway.host.operationCount > before)
    }

    @Test func aProbeThatFailsSinceHoldsEverybodyUp() async throws {
        let controller = start()
        let report = try await tryIt(controller, [Self.web, Self.page], failing: [Self.web])
        #expect(report.conditions.contains { $0.kind == .waiting && $0.message.contains("tcp 198.51.100.7:443") })
        try await eventually("its failure") { checkpoint?.probes.first?.message == "connection refused" }
        try await eventually("the other") { states == [.waiting, .good] }
        let id = try #require(checkpoint?.id)
        #expect(try await !checkpoints.confirm(id, by: "root"))
        #expect(checkpoint?.objection?.contains("tcp 198.51.100.7:443 (connection refused)") == true)
        let pass = try await controller.pass(.loop)
        let condition = pass.conditions.first { $0.kind == .waiting }?.message ?? ""
        #expect(condition.contains("tcp 198.51.100.7:443;") && !condition.contains("refused"))
        #expect(!condition.contains("intranet.example"))
        // It answers again: once is enough, and the other is not asked any more.
        let runs = probes.runs(of: Self.page.target)
        probes.set(Self.web.target, nil)
        try await nextRun(of: Self.web)
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
        #expect(probes.runs(of: Self.page.target) == runs && runs == 2)
    }

    @Test func whatFailedBeforeDoesNotCount() async throws {
        probes.set(Self.page.target, "status 500")
        let report = try await tryIt(start(), [Self.web, Self.page])
        #expect(report.checkpoint?.probes.map(\.state) == [.waiting, .notCounted])
        #expect(messages.contains { $0.contains("do not count: http https://intranet.example/health (status 500)") })
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
        #expect(probes.runs(of: Self.page.target) == 1)
    }

    @Test func withoutAnyThatCountsPeopleConfirm() async throws {
        probes.set(Self.web.target, "no answer within 2 s")
        let report = try await tryIt(start())
        #expect(report.checkpoint?.isConfirmedByProbes == false && states == [.notCounted])
        for _ in 0..<20 { try await Task.sleep(for: .milliseconds(1)) }
        let id = try #require(checkpoint?.id)
        #expect(checkpoint?.state == .waiting && checkpoint?.objection == nil)
        #expect(try await checkpoints.confirm(id, by: "root"))
    }

    @Test func aChangeDoesNotGetRidOfAProbeByRemovingIt() async throws {
        let report = try await tryIt(start(), [Self.page], failing: [Self.web])
        #expect(report.checkpoint?.probes.map(\.probe) == [Self.page, Self.web])
        try await eventually("its failure") { states == [.good, .waiting] && checkpoint?.objection != nil }
    }

    @Test func whatMayLockOutIsNotConfirmedByProbes() async throws {
        let session = AdminConnection(
            .ssh, local: SocketAddress(IPAddress(v4: 0x0A08_0001), port: 22),
            remote: SocketAddress(IPAddress(v4: 0x0A08_0002), port: 50_000))
        _ = try await start().pass(.apply)
        let controller = start(WatchedPaths(connections: [session]))
        let lost = Self.catalog(2...2, [Self.web])
        checkpoints.know(lost, id: "r2")
        gateway.revisions.set(lost, id: "r2")
        var trial = CheckpointTests.trial
        trial.approvals = Set(try await controller.preview(.apply).plan.refusals.map(\.digest))
        let report = try await controller.pass(trial)
        #expect(report.hasBegunCheckpoint && report.checkpoint?.mayLockOut == true, "\(report.plan.refusals)")
        try await eventually("its probe") { states == [.good] }
        try await eventually("an event") { messages.contains { $0.contains("it may lock somebody out") } }
        #expect(checkpoint?.state == .waiting)
        let id = try #require(checkpoint?.id)
        #expect(try await checkpoints.confirm(id, by: "root"))
    }

    @Test func anotherProcessGoesOnInTheWindow() async throws {
        probes.set(Self.page.target, "status 500")
        let daemon = start()
        _ = try await tryIt(daemon, [Self.web, Self.page], failing: [Self.web])
        try await eventually("its failure") { checkpoint?.probes.first?.message == "connection refused" }
        // It is killed.
        daemon.probing.stop()
        probes.set(Self.web.target, nil)
        probes.set(Self.page.target, nil)
        let before = probes.runs(of: Self.page.target)
        _ = try await start().pass(.loop)
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
        // What did not count before does not count now.
        #expect(probes.runs(of: Self.page.target) == before && states == [.good, .notCounted])
    }

    @Test func aConfirmationThatWasCutShortIsMadeGood() async throws {
        let daemon = start()
        _ = try await tryIt(daemon, failing: [Self.web])
        try await eventually("its failure") { checkpoint?.probes.first?.message == "connection refused" }
        daemon.probing.stop()
        let id = try #require(checkpoint?.id)
        try await checkpoints.record(CheckpointProbe(Self.web, .good), of: id, in: .waiting)
        _ = try await start().pass(.loop)
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
    }

    @Test func afterTheWindowItIsUndoneAndToldWhatStillFails() async throws {
        let daemon = start()
        _ = try await tryIt(daemon, [Self.web, Self.page], failing: [Self.web])
        try await eventually("its failure") { checkpoint?.probes.first?.message == "connection refused" }
        try await eventually("the other") { states == [.waiting, .good] }
        gateway.clock.advance(by: .seconds(61))
        var watchdog = CheckpointTests.watchdog
        watchdog.waitsForNames = false
        let report = try await start().pass(watchdog)
        #expect(checkpoint?.state == .rolledBack && report.restoration?.failure == nil)
        #expect(report.restoration?.failingProbes.map(\.probe) == [Self.web])
        #expect(states == [.failing, .good])
        #expect(
            messages.contains(
                "r1 was restored, and probes still fail: tcp 198.51.100.7:443 (connection refused)"))
        #expect(gateway.host.kernel.peerKeys.count == 2)
        // Nobody asks any more.
        let runs = probes.runs(of: Self.web.target)
        for _ in 0..<5 {
            gateway.clock.advance(by: TrialProbing.interval)
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(probes.runs(of: Self.web.target) == runs)
    }

    @Test func whatAnswersAgainAfterARollbackIsToldToo() async throws {
        let daemon = start()
        _ = try await tryIt(daemon, failing: [Self.web])
        try await eventually("its failure") { checkpoint?.probes.first?.message == "connection refused" }
        gateway.clock.advance(by: .seconds(61))
        gateway.host.state.withLock { $0.failure = nil }
        probes.set(Self.web.target, nil)
        let report = try await start().pass(CheckpointTests.watchdog)
        #expect(report.restoration?.failingProbes == [] && states == [.good] && checkpoint?.state == .rolledBack)
        #expect(messages.contains("after r1 was restored its probes succeed: tcp 198.51.100.7:443"))
    }

    @Test func theLoopPassesWhenAProbeSucceeds() async throws {
        let controller = start()
        _ = try await tryIt(controller)
        try await eventually("a confirmation") { checkpoint?.state == .confirmed }
        var changes = controller.probing.changes.makeAsyncIterator()
        let change: Void? = await changes.next()
        #expect(change != nil)
        #expect(LoopTrigger.probe.name == "probe")
    }

    @Test func probesOfNoTrialAreNotRun() async throws {
        let controller = start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog(1...3, [Self.web]), id: "r2")
        _ = try await controller.pass(.apply)
        #expect(probes.runs(of: Self.web.target) == 0 && checkpoint == nil)
    }
}
