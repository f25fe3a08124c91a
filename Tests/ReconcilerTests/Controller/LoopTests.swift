import Model
import ServiceLifecycle
import Synchronization
import Testing

@testable import Reconciler

/// The loop over a fake host, with time under control.
@Suite(.timeLimit(.minutes(1))) struct LoopTests {
    let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))
    let reports = Reports()

    final class Reports: Sendable {
        private let list = Mutex<[PassReport]>([])
        func add(_ report: PassReport) { list.withLock { $0.append(report) } }
        var all: [PassReport] { list.withLock { $0 } }
        var count: Int { list.withLock { $0.count } }
        var triggers: [String] { all.map(\.trigger) }
    }

    /// Runs `body` beside a loop, and ends the loop.
    func withLoop(_ body: (_ loop: ReconcileLoop, _ reload: AsyncStream<Void>.Continuation) async throws -> Void)
        async throws
    {
        let (stream, reload) = AsyncStream.makeStream(of: Void.self)
        let ports = gateway.ports
        let loop = ReconcileLoop(Controller(ports), ports: ports, reload: stream) { [reports] in reports.add($0) }
        let task = Task { try await loop.run() }
        do {
            try await passes(1)
            try await quiet()
            try await body(loop, reload)
        } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        try await task.value
    }

    func passes(_ count: Int) async throws {
        try await eventually("\(count) passes, there are \(reports.triggers)") { reports.count >= count }
    }

    /// Waits until the loop sleeps with everything read.
    func quiet() async throws {
        for _ in 0..<20 {
            try await eventually("the loop sleeps") { !gateway.clock.alarms.isEmpty }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Lets time pass in steps that the loop can follow.
    func advance(_ seconds: Double) async throws {
        let step = seconds > 200 ? 1 : 0.1
        for _ in 0..<Int((seconds / step).rounded()) {
            gateway.clock.advance(by: .milliseconds(Int(step * 1000)))
            try await Task.sleep(for: .milliseconds(1))
            try await eventually("the loop follows") { !gateway.clock.alarms.isEmpty }
        }
        try await quiet()
    }

    /// Somebody edits the host, and the loop has heard of it.
    func disturb(_ body: @Sendable (inout SimulatedHost) -> Void) async throws {
        gateway.host.edit(telling: .network(link: nil), body)
        try await eventually("the loop hears of it") {
            gateway.clock.alarms.contains { $0 <= gateway.clock.uptime() + .milliseconds(1100) }
        }
    }

    @Test func theFirstPassAppliesAndOwnEventsSettle() async throws {
        try await withLoop { _, _ in
            #expect(reports.all[0].exitCode == .success && reports.triggers == ["start"])
            try await advance(5)
            #expect(reports.triggers == ["start", "event"], "one look after our own writes, and no more")
            #expect(reports.all[1].writes == 0)
            try await advance(60)
            #expect(reports.triggers.dropFirst(2).allSatisfy { $0 == "interval" } && reports.count == 4)
        }
        #expect(gateway.inventory.events.last?.message.contains("ended") == true)
    }

    @Test func visibleDriftIsHealedWithinTwoSeconds() async throws {
        try await withLoop { _, _ in
            try await advance(3)
            try await disturb { $0.removeLink("wg0") }
            try await advance(2)
            #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 3)
        }
    }

    @Test func aPeerRemovedInSilenceIsHealedWithinOneInterval() async throws {
        try await withLoop { _, _ in
            try await advance(3)
            gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
            try await advance(31)
            #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 3)
        }
    }

    @Test func aRevisionAndAReloadAreLookedAtAtOnce() async throws {
        try await withLoop { _, reload in
            gateway.revisions.set(Sample.catalog(peers: (1...4).map { Sample.peer($0) }), id: "r2")
            try await eventually("the new peer") { gateway.host.kernel.link("wg0")?.device?.peers.count == 4 }
            reload.yield()
            try await eventually("a reload") { reports.triggers.contains("reload") }
            gateway.host.tell(.userspaceEnded(link: "wg0"))
            try await eventually("a look after the program ended") { reports.triggers.contains("userspace-ended") }
        }
    }

    @Test func aHeadThatAPassHasReadAlreadyIsNoReasonForAnother() async throws {
        try await withLoop { _, _ in
            // Nobody can say whether it is another one.
            gateway.revisions.touch()
            try await passes(2)
            gateway.revisions.nameHead()
            gateway.revisions.touch()
            try await quiet()
            #expect(reports.count == 2)
            gateway.revisions.set(Sample.catalog(peers: (1...4).map { Sample.peer($0) }), id: "r2")
            try await passes(3)
            #expect(reports.all[2].inForce == "r2")
            gateway.revisions.touch()
            try await quiet()
            #expect(reports.count == 3)
            // One that can't be used is looked at each time.
            gateway.revisions.set(.failure(.unreadable("gone")))
            try await passes(4)
            gateway.revisions.touch()
            try await passes(5)
        }
    }

    @Test func anExpiryIsEnforcedAtItsInstant() async throws {
        let expiry = gateway.clock.now().advanced(bySeconds: 10)
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1), Sample.peer(2) { $0.expiresAt = expiry }]), id: "r2")
        try await withLoop { _, _ in
            try await advance(9)
            #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 2)
            try await advance(2)
            #expect(gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey) == [Sample.key(1)])
            #expect(gateway.inventory.current.expired.values.contains(expiry))
            gateway.clock.set(expiry.advanced(bySeconds: -3600))
            try await advance(31)
            #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 1, "a clock set back un-expires nobody")
        }
    }

    @Test func aFailureBacksOffAndDoesNotFeedOnItsOwnEvents() async throws {
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .configureDevice = operation { BackendError(.transient, "busy") } else { nil }
            }
        }
        try await withLoop { _, _ in
            try await advance(62)
            let tries = gateway.host.operations.count { if case .configureDevice = $0 { true } else { false } }
            #expect((5...8).contains(tries), "1, 2, 4, 8, 16 and 32 s after each other, not \(tries)")
            gateway.host.state.withLock { $0.failure = nil }
            try await advance(62)
            #expect(gateway.host.kernel.link("wg0")?.device?.listenPort == 51820)
        }
    }

    @Test func aTerminalFailureStallsUntilTheInputChanges() async throws {
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .configureDevice = operation { BackendError(.terminal, "not supported") } else { nil }
            }
        }
        try await withLoop { _, _ in
            try await advance(100)
            let tries = gateway.host.operations.count { if case .configureDevice = $0 { true } else { false } }
            #expect(tries <= 2, "\(tries) tries")
            #expect(reports.all.last?.conditions.contains { $0.object == nil && $0.kind == .stalled } == true)
            gateway.host.state.withLock { $0.failure = nil }
            gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1)]), id: "r2")
            try await eventually("the retry") { gateway.host.kernel.link("wg0")?.device?.listenPort == 51820 }
        }
    }

    @Test func aFightIsNotEndless() async throws {
        try await withLoop { _, _ in
            try await advance(2)
            let before = gateway.host.operationCount
            for _ in 0..<60 {
                try await disturb { $0.sysctls[.ipv4Forwarding] = "0" }
                try await advance(2)
            }
            let heals = gateway.host.operationCount - before
            #expect((6...8).contains(heals), "\(heals) heals of 60 in 2 minutes")
            let condition = reports.all.last?.conditions.first {
                $0.object == ObjectID(.ipv4Forwarding) && $0.kind == .stalled
            }
            #expect(condition?.message.contains("systemd-sysctl") == true)
            try await advance(1300)
            #expect(gateway.host.kernel.sysctls[.ipv4Forwarding] == "1")
            #expect(reports.all.last?.exitCode == .success && reports.all.last?.flapping.isEmpty == true)
        }
    }

    @Test func aWriterThatIsFasterThanTheReadBackIsAFailureThatBacksOff() async throws {
        try await withLoop { _, _ in
            gateway.host.state.withLock { state in state.interference = { $0.sysctls[.ipv4Forwarding] = "0" } }
            let before = gateway.host.operationCount
            try await advance(120)
            #expect(gateway.host.operationCount - before <= 9)
            #expect(reports.all.last?.failing[ObjectID(.ipv4Forwarding)] != nil)
        }
    }

    @Test func aHostThatCannotBeReadIsTriedAgainLater() async throws {
        gateway.fate.die()
        let ports = gateway.ports
        let loop = ReconcileLoop(
            Controller(ports), ports: ports, reload: AsyncStream { _ in }, report: { [reports] in reports.add($0) })
        let task = Task { try await loop.run() }
        try await quiet()
        gateway.fate.revive()
        try await advance(3)
        #expect(reports.count >= 1)
        task.cancel()
        try await task.value
    }
}

/// Waits up to five seconds of real time for something that other tasks bring about.
func eventually(
    _ what: @autoclosure () -> String, sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ condition: () -> Bool
) async throws {
    for _ in 0..<5000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("waited in vain for \(what())", sourceLocation: sourceLocation)
    throw CancellationError()
}
