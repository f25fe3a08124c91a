import Model
import ServiceLifecycle
import Synchronization
import Testing

@testable import Reconciler

/// When the loop takes a new revision into force. The clock of a fake gateway begins on a Friday, 2027-01-15T08:00:00Z.
@Suite struct WindowTests {
    /// Open on Fridays from 22:00 on.
    static let nights = [window(.allow, "0 22 * * 5", 7200)]
    static let tonight = Timestamp(seconds: 1_800_000_000 + 14 * 3600)
    static let before = catalog([1, 2, 3], nights)

    let gateway = FakeGateway(Self.before)
    let checkpoints: FakeCheckpoints

    init() {
        checkpoints = FakeCheckpoints(gateway.inventory)
        checkpoints.know(Self.before, id: "r1")
    }

    static func window(_ action: ChangeWindow.Action, _ cron: String, _ seconds: Int64) -> ChangeWindow {
        guard let schedule = try? CronSchedule(cron) else { preconditionFailure(cron) }
        return ChangeWindow(action, schedule, duration: .seconds(seconds))
    }

    static func catalog(
        _ peers: [Int], _ windows: [ChangeWindow], _ change: @escaping (inout Peer) -> Void = { _ in }
    ) -> Catalog {
        Sample.catalog(peers: peers.map { Sample.peer($0, change) }) { $0.windows = windows }
    }

    var ports: ControllerPorts {
        var ports = gateway.ports
        let clock = gateway.clock
        ports.checkpoints = CheckpointPorts(
            store: checkpoints, keeper: checkpoints, watchdog: checkpoints,
            uptime: { Int64(clock.uptime() / .milliseconds(1)) }, bootID: gateway.host.kernel.bootID)
        return ports
    }

    func start() -> Controller { Controller(ports) }

    /// A controller that has applied r1, and a head that waits.
    func waiting(_ head: Catalog = Self.catalog([1, 2, 3, 4], nights)) async throws -> Controller {
        let controller = start()
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.confirmed == "r1")
        set(head, "r2")
        return controller
    }

    func set(_ catalog: Catalog, _ id: String) {
        checkpoints.know(catalog, id: id)
        gateway.revisions.set(catalog, id: id)
    }

    var peers: [PublicKey] { gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey).sorted() ?? [] }

    func keys(_ numbers: Int...) -> [PublicKey] { numbers.map(Sample.key) }

    @Test func theFirstRevisionOfAHostWaitsForNothing() async throws {
        let report = try await start().pass(.loop)
        #expect(peers == keys(1, 2, 3) && report.window == nil && report.exitCode == .success)
    }

    @Test func aNewRevisionWaitsAndTheOldOneIsHealedMeanwhile() async throws {
        let controller = try await waiting()
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
        let report = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3) && report.inForce == "r1" && report.exitCode == .success)
        var window = ClosedWindow(revision: "r1", opensAt: Self.tonight)
        window.effect = .holds
        #expect(report.window == window && report.isHeldByWindow)
        let condition = report.conditions.first { $0.object == nil && $0.kind == .waiting }
        let words = "revision r2 is not applied, it waits for a change window of r1"
        #expect(condition?.message == words + "; `wirebuddy apply` here applies it all the same")
        #expect(report.conditions.first { $0.kind == .ready }?.holds == false, "the host is not as the head says")
        #expect(
            gateway.inventory.revisions.first.map { [$0.id, $0.status.rawValue, $0.message] }
                == ["r2", "pending", "it waits for a change window of r1"])
        #expect(gateway.inventory.current.confirmed == "r1" && controller.view?.catalog?.peers.count == 3)
        #expect(gateway.inventory.events.contains { $0.message == words })
        // Told once; a pass with nothing new writes nothing.
        let quiet = try await controller.pass(.loop)
        #expect(!quiet.conditions.contains { $0.kind == .drifted } && quiet.isHeldByWindow)
        let rows = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == rows && gateway.inventory.current.conditions == quiet.conditions)
        #expect(gateway.inventory.events.count { $0.message == words } == 1)

        gateway.clock.advance(by: .seconds(14 * 3600 - 1))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3))
        gateway.clock.advance(by: .seconds(1))
        let opened = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3, 4) && opened.window == nil && opened.inForce == "r2")
        #expect(
            !opened.conditions.contains { $0.kind == .waiting }
                && opened.conditions.first { $0.kind == .ready }?.holds == true)
        #expect(gateway.inventory.revisions.first?.status == .applied && gateway.inventory.current.confirmed == "r2")
    }

    @Test(.timeLimit(.minutes(1))) func theLoopWakesWhenTheWindowOpens() async throws {
        _ = try await waiting()
        let (stream, _) = AsyncStream.makeStream(of: Void.self)
        let triggers = Mutex<[String]>([])
        let ports = ports
        let loop = ReconcileLoop(Controller(ports), ports: ports, reload: stream) { report in
            triggers.withLock { $0.append(report.trigger) }
        }
        let task = Task { try await loop.run() }
        defer { task.cancel() }
        try await eventually("the first pass") { triggers.withLock { !$0.isEmpty } && !gateway.clock.alarms.isEmpty }
        // 14 hours but for 5 seconds; then no interval ends before the window opens.
        gateway.clock.advance(by: .seconds(14 * 3600 - 5))
        try await eventually("an interval") { triggers.withLock { $0.count > 1 } && !gateway.clock.alarms.isEmpty }
        #expect(peers == keys(1, 2, 3))
        let count = triggers.withLock { $0.count }
        try await eventually("the loop sleeps until it opens") {
            gateway.clock.alarms.contains { $0 <= gateway.clock.uptime() + .seconds(5) }
        }
        gateway.clock.advance(by: .seconds(5))
        try await eventually("the new peer") { peers == keys(1, 2, 3, 4) }
        try await eventually("its report") { triggers.withLock { $0.count > count } }
        #expect(triggers.withLock { $0[count] } == "instant")
    }

    @Test func accessIsTakenAwayAtAnyTime() async throws {
        let controller = try await waiting(
            Self.catalog([1, 2, 3, 4], Self.nights) { peer in if peer.name == "p2" { peer.enabled = false } })
        for _ in 0..<3 {
            let report = try await controller.pass(.loop)
            #expect(report.isHeldByWindow && peers == keys(1, 3))
        }
        // An emergency, too.
        let until = gateway.clock.now().advanced(bySeconds: 3600)
        try await gateway.inventory.port.revoke(Revocation(publicKey: Sample.key(3), until: until, author: "root"))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1))
    }

    @Test func anExpiryOfTheRevisionInForceIsEnforcedThoughTheHeadMovesIt() async throws {
        let expiry = gateway.clock.now().advanced(bySeconds: 100)
        set(Self.catalog([1, 2, 3], Self.nights) { if $0.name == "p2" { $0.expiresAt = expiry } }, "r1")
        let controller = try await waiting(Self.catalog([1, 2, 3], Self.nights) { $0.persistentKeepalive = 9 })
        set(
            Self.catalog([1, 2, 3, 4], Self.nights) {
                if $0.name == "p2" { $0.expiresAt = expiry.advanced(bySeconds: 86_400) }
            }, "r3")
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3) && controller.view?.nextInstant == expiry)
        gateway.clock.advance(by: .seconds(100))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 3))
    }

    @Test func aRemovalByNameIsNotHealed() async throws {
        let controller = try await waiting(Self.catalog([1, 3, 4], Self.nights))
        let now = gateway.clock.now()
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3), "the document of a peer is merely gone")
        try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(2), at: now).approval, at: now)
        for _ in 0..<3 {
            _ = try await controller.pass(.loop)
            #expect(peers == keys(1, 3))
        }
        gateway.host.edit { $0.removeLink("wg0") }
        gateway.clock.advance(by: .seconds(60))
        _ = try await start().pass(.loop)
        #expect(peers == keys(1, 3), "everything was made anew but what was removed by name")
        // Declared again it is what it was.
        set(Self.catalog([1, 2, 3, 4], Self.nights), "r3")
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3))
        set(Self.catalog([1, 3, 4], Self.nights), "r4")
        gateway.clock.advance(by: .seconds(14 * 3600))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 3, 4))
    }

    @Test func nobodyGetsAroundAWindowByAChangeOfIt() async throws {
        let controller = try await waiting(Self.catalog([1, 2, 3, 4], []))
        #expect(try await controller.pass(.loop).isHeldByWindow && peers == keys(1, 2, 3))
        // Nor in two steps: a revision with nothing but other windows waits itself.
        set(Self.catalog([1, 2, 3], []), "r3")
        #expect(try await controller.pass(.loop).isHeldByWindow)
        set(Self.catalog([1, 2, 3, 4], []), "r4")
        #expect(try await controller.pass(.loop).isHeldByWindow && peers == keys(1, 2, 3))
        #expect(gateway.inventory.current.confirmed == "r1")
    }

    @Test func windowsOfTheHeadDoNotCountYet() async throws {
        set(Self.catalog([1, 2, 3], []), "r1")
        let controller = try await waiting(Self.catalog([1, 2, 3, 4], Self.nights))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3, 4))
        set(Self.catalog([1, 2, 3, 4, 5], Self.nights), "r3")
        #expect(try await controller.pass(.loop).window?.revision == "r2")
        #expect(peers == keys(1, 2, 3, 4))
    }

    @Test func aRevisionThatChangesNothingOnTheHostIsTakenAtAnyTime() async throws {
        var head = Self.before
        var settings = head.settings
        settings.reconcile.interval = .seconds(10)
        head = Catalog(interfaces: head.interfaces, peers: head.peers, settings: settings)
        let controller = try await waiting(head)
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
        let report = try await controller.pass(.loop)
        #expect(report.inForce == "r2" && report.window?.effect == ClosedWindow.Effect.none && peers == keys(1, 2, 3))
        #expect(controller.view?.interval == .seconds(10) && gateway.inventory.current.confirmed == "r2")
    }

    @Test func whatCannotBeLookedAtIsNotTaken() async throws {
        var settings = Self.before.settings
        settings.reconcile.interval = .seconds(10)
        let controller = try await waiting(
            Catalog(interfaces: Self.before.interfaces, peers: Self.before.peers, settings: settings))
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.device("wg0"), reason: "busy")] }
        #expect(try await controller.pass(.loop).isHeldByWindow)
        gateway.host.state.withLock { $0.unreadable = [] }
        #expect(try await controller.pass(.loop).inForce == "r2")
    }

    @Test func anExplicitPassGoesThroughAndSaysSo() async throws {
        let controller = try await waiting()
        let preview = try await controller.preview(.apply)
        let place = "outside of the change windows of r1: the next one opens at 2027-01-15T22:00:00Z"
        #expect(preview.windowSentence == place + "; `serve` takes nothing newer, `wirebuddy apply` does")
        #expect(PassText(preview).render().contains(place) && preview.exitCode == .changes)
        #expect(PassJSON(preview, exitCode: 2).plan["change_window"]?["effect"] == .string("holds"))
        let held = try await controller.pass(.loop)
        #expect(held.windowSentence == place + "; the revision waits")
        let report = try await controller.pass(.apply)
        #expect(peers == keys(1, 2, 3, 4) && report.exitCode == .success && report.inForce == "r2")
        #expect(report.windowSentence == place + "; applied all the same, as somebody asked for it")
        #expect(
            PassText(report).render().contains(place) && !report.conditions.contains { $0.kind == .waiting })
        #expect(
            PassJSON(report, exitCode: 0).apply["change_window"]
                == .object([
                    ("revision", .string("r1")), ("opens_at", .string("2027-01-15T22:00:00Z")),
                    ("effect", .string("passed")), ("failure", .null),
                ]))
        // It stays, and its own windows count now.
        let next = try await controller.pass(.loop)
        #expect(next.window?.revision == "r2" && next.window?.effect == ClosedWindow.Effect.none)
        #expect(peers == keys(1, 2, 3, 4))
    }

    @Test func whatAnotherProcessAppliedStays() async throws {
        let daemon = try await waiting()
        #expect(try await daemon.pass(.loop).isHeldByWindow)
        _ = try await start().pass(.apply)
        let report = try await daemon.pass(.loop)
        #expect(!report.isHeldByWindow && report.inForce == "r2" && peers == keys(1, 2, 3, 4))
    }

    @Test func aNewDaemonReadsTheRevisionInForceAgain() async throws {
        _ = try await waiting()
        gateway.host.edit { $0.removeLink("wg0") }
        let controller = start()
        let report = try await controller.pass(.loop)
        #expect(report.isHeldByWindow && report.inForce == "r1" && peers == keys(1, 2, 3))
        gateway.clock.advance(by: .seconds(14 * 3600))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 2, 3, 4))
    }

    @Test func whereTheRevisionInForceCannotBeReadTheWindowsOfTheHeadCount() async throws {
        _ = try await waiting(
            Self.catalog([1, 2, 3, 4], Self.nights) { peer in if peer.name == "p2" { peer.enabled = false } })
        checkpoints.state.withLock { $0.keepFailure = "the object is missing" }
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeLast() } }
        let controller = start()
        let report = try await controller.pass(.loop)
        #expect(peers == keys(1) && report.inForce == "r1", "nothing but the revocation: nobody knows what to heal")
        #expect(report.window?.failure == "the object is missing" && report.window?.opensAt == Self.tonight)
        let stalled = report.conditions.first { $0.kind == .stalled }?.message ?? ""
        #expect(
            stalled.hasPrefix("revision r2 is not applied, it waits for a change window of its own")
                && stalled.contains("the object is missing") && stalled.contains("`wirebuddy apply`"))
        #expect(gateway.inventory.revisions.first?.status == .pending)
        checkpoints.state.withLock {
            $0.keepFailure = nil
            $0.kept["r1"] = nil
        }
        #expect(try await controller.pass(.loop).window?.failure == "its files are gone")
        gateway.clock.advance(by: .seconds(14 * 3600))
        _ = try await controller.pass(.loop)
        #expect(peers == keys(1, 3, 4))
    }

    @Test func whoHasNoWindowsIsNotHeldUpByARevisionThatCannotBeRead() async throws {
        _ = try await waiting(Self.catalog([1, 2, 3, 4], []))
        checkpoints.state.withLock { $0.keepFailure = "a newer version refuses it" }
        let report = try await start().pass(.loop)
        #expect(report.window == nil && report.inForce == "r2" && peers == keys(1, 2, 3, 4))
    }

    @Test func aSuspensionIsNoWayAround() async throws {
        let controller = try await waiting()
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: nil) }
        _ = try await controller.pass(.loop)
        _ = try await controller.pass(.loop)
        gateway.inventory.edit { $0.suspension = nil }
        #expect(try await controller.pass(.loop).isHeldByWindow && peers == keys(1, 2, 3))
    }

    @Test func aConfirmWindowIsOpenedOnlyInsideOfAChangeWindow() async throws {
        let head = Sample.catalog(peers: (1...4).map { Sample.peer($0) }) {
            $0.windows = Self.nights
            $0.reconcile.confirm = .within(.seconds(60))
        }
        let controller = try await waiting(head)
        #expect(try await controller.pass(.loop).hasBegunCheckpoint == false)
        #expect(gateway.inventory.current.checkpoint == nil)
        gateway.clock.advance(by: .seconds(14 * 3600))
        let trial = try await controller.pass(.loop)
        #expect(trial.hasBegunCheckpoint && peers == keys(1, 2, 3, 4))
        // On trial it is in force: nothing holds it up when the change window ends before the confirmation.
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: 7200))
        let after = try await controller.pass(.loop)
        #expect(!after.isHeldByWindow && after.inForce == "r2" && peers == keys(1, 2, 3, 4))
    }
}
