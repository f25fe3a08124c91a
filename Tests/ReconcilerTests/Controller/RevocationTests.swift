import Model
import Synchronization
import Testing

@testable import Reconciler

/// What must go goes first, always, and is not believed until it is read back.
@Suite struct RevocationTests {
    let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))

    func peers() -> [PublicKey] {
        gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey).sorted() ?? []
    }

    @Test func aRevocationGoesBeforeEverythingElseOfThePass() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.edit { kernel in
            kernel.table = nil
            kernel.with("wg0") { $0.addresses = [] }
        }
        let start = gateway.host.operationCount
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2), Sample.peer(4)]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .success, "\(report.outcomes)")
        guard case .configurePeers(_, let first) = gateway.host.operations[start] else {
            Issue.record("the first operation is \(gateway.host.operations[start])")
            return
        }
        #expect(first.map(\.publicKey) == [Sample.key(1)] && first.map(\.action) == [.remove])
        #expect(peers() == [2, 4].map(Sample.key))
    }

    @Test func aRevocationThatCannotBeReadBackIsAFailure() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.state.withLock { state in
            state.lost = { _, operation in if case .configurePeers = operation { true } else { false } }
        }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2)]), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .partial)
        let condition = report.conditions.first { $0.object == ObjectID(.peer, "wg0/p1") }
        #expect(condition?.message == "the peer is still there after it was removed")

        gateway.host.state.withLock { $0.lost = nil }
        #expect(try await controller.pass(.apply).exitCode == .success)
    }

    @Test func aRevocationOnADeviceThatCannotBeReadAfterwardsIsAFailure() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2), Sample.peer(3)]), id: "r2")
        // The device becomes unreadable between the look and the read-back.
        gateway.host.state.withLock { state in
            state.unreadableAfterOperation = [UnreadablePart(.device("wg0"), reason: "dump interrupted")]
        }
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .partial)
        #expect(
            report.outcomes.contains(
                .failed(message: "the revocation could not be read back: dump interrupted", isTerminal: false)))
    }

    @Test func revocationsRunWhileSuspendedAndNothingElse() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: nil) }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(4)]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(peers() == [2, 3].map(Sample.key))
        #expect(report.conditions.contains { $0.kind == .suspended && $0.message == "maintenance" })
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: gateway.clock.now()) }
        _ = try await controller.pass(.loop)
        #expect(peers() == [Sample.key(4)], "the suspension is over")
    }

    @Test func aNamedRemovalIsARevocationAndConsentedToOnce() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let now = gateway.clock.now()
        try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(1), at: now).approval, at: now)
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: nil) }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(3)]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.plan.changes.filter(\.isRevocation).map(\.publicKey) == [Sample.key(1)])
        #expect(peers() == [2, 3].map(Sample.key), "the other one is merely absent, and the loop is suspended")
        #expect(gateway.inventory.current.approvals.count == 1, "nothing without the peer is in force yet")
        gateway.inventory.edit { $0.suspension = nil }
        _ = try await controller.pass(.loop)
        #expect(peers() == [Sample.key(3)] && gateway.inventory.current.approvals.isEmpty)
    }

    /// Nothing that is healed from the last good revision brings back whom a head took away that can't come into force.
    @Test func whoeverARefusedHeadTakesAwayStaysOut() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        func set(_ id: String, isEnabled: Bool) {
            let peers = [Sample.peer(1) { $0.enabled = isEnabled }, Sample.peer(3)]
            gateway.revisions.set(Sample.catalog([Sample.interface("wg0", port: 51999)], peers: peers), id: id)
        }
        let now = gateway.clock.now()
        try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(2), at: now).approval, at: now)
        set("r2", isEnabled: false)
        for _ in 0..<3 {
            #expect(try await controller.pass(.loop).plan.refusals.map(\.rail) == ["port-change"])
            #expect(peers() == [Sample.key(3)])
            gateway.host.edit { $0.removeLink("wg0") }
        }
        gateway.revisions.set(.failure(.unreadable("gone")))
        for _ in 0..<2 {
            _ = try await controller.pass(.loop)
            #expect(peers() == [Sample.key(3)], "nor while the head can't be read")
            gateway.host.edit { $0.removeLink("wg0") }
        }
        set("r3", isEnabled: true)
        _ = try await controller.pass(.loop)
        #expect(peers() == [1, 3].map(Sample.key), "declared again it is what it was")
    }

    @Test func aNamedRemovalPassesTheRailsForADay() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let now = gateway.clock.now()
        gateway.revisions.set(Sample.catalog(peers: []), id: "r2")
        let old = Timestamp(seconds: now.seconds - NamedRemoval.lifetime)
        for number in 1...3 {
            try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(number), at: old).approval, at: old)
        }
        #expect(try await controller.pass(.loop).exitCode == .refused)
        #expect(peers() == [1, 2, 3].map(Sample.key))
        for number in 1...3 {
            try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(number), at: now).approval, at: now)
        }
        #expect(try await controller.pass(.loop).exitCode == .success)
        #expect(peers().isEmpty && gateway.inventory.current.approvals.isEmpty)
    }

    @Test func anEmergencyRevocationWinsOverTheManifestUntilItEnds() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let until = gateway.clock.now().advanced(bySeconds: 3600)
        try await gateway.inventory.port.revoke(Revocation(publicKey: Sample.key(2), until: until, author: "root"))
        let report = try await controller.pass(PassOptions(trigger: "revoke", scope: .revocations))
        #expect(report.exitCode == .success && peers() == [1, 3].map(Sample.key))
        #expect(report.conditions.contains { $0.kind == .revoked && $0.object == ObjectID(.peer, "wg0/p2") })
        #expect(controller.view?.nextInstant == until)
        #expect(try await controller.pass(.apply).writes == 0)
        gateway.clock.advance(by: .seconds(3600))
        _ = try await controller.pass(.loop)
        #expect(peers() == [1, 2, 3].map(Sample.key))
    }
}
