import Model
import Synchronization
import Testing

@testable import Reconciler

/// Which revision is enforced when the head can not be used, or is refused.
@Suite struct RevisionTests {
    let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))

    func peers() -> [PublicKey] {
        gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey).sorted() ?? []
    }

    @Test func withoutAUsableRevisionOnlyRevocationsHappenAfterARestart() async throws {
        _ = try await gateway.start().pass(.apply)
        gateway.revisions.set(
            .failure(.invalid(revision: "r2", problems: ["a.yaml:3:1: error[syntax]: no", "b.yaml:1:1: error: x"])))
        let until = gateway.clock.now().advanced(bySeconds: 60)
        try await gateway.inventory.port.revoke(Revocation(publicKey: Sample.key(2), until: until, author: "root"))
        let before = gateway.host.operationCount
        let controller = gateway.start()
        let report = try await controller.pass(.loop)
        #expect(peers() == [1, 3].map(Sample.key) && gateway.host.operationCount == before + 1)
        #expect(report.exitCode == .invalid && report.inForce == nil)
        #expect(gateway.inventory.revisions.first?.status == .failed)
        #expect(gateway.inventory.revisions.first?.message.hasPrefix("a.yaml:3:1") == true)
        #expect(report.conditions.contains { $0.kind == .stalled && $0.message.contains("a.yaml:3:1") })
    }

    @Test(arguments: [
        RevisionFailure.unreadable("the directory is missing"), .invalid(revision: "r2", problems: ["a.yaml:1:1: bad"]),
    ])
    func theLastGoodRevisionStaysEnforced(_ failure: RevisionFailure) async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(.failure(failure))
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
        let report = try await controller.pass(.loop)
        #expect(report.outcomes == [.done] && report.inForce == "r1" && report.revisionFailure == failure)
        #expect(gateway.host.kernel.essence == before)
        let (writes, operations) = (gateway.inventory.writes.count, gateway.host.operationCount)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes && gateway.host.operationCount == operations)
        #expect(try await controller.pass(.apply).exitCode != .success)
    }

    @Test func anEmptyCatalogIsRefusedAndTheLastGoodOneHealed() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(.empty, id: "r2")
        gateway.host.edit { $0.table = nil }
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .refused && report.inForce == "r1")
        #expect(report.healing?.outcomes == [.done])
        #expect(gateway.host.kernel.essence == before)
        #expect(gateway.inventory.revisions.first.map { "\($0.id) \($0.status)" } == "r2 failed")
        _ = try await controller.pass(.loop)
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(Array(gateway.inventory.writes.dropFirst(writes)) == [])
    }

    @Test func aRefusedRevisionRevokesAndAnApprovedOneApplies() async throws {
        let gateway = FakeGateway(Sample.catalog(peers: (1...40).map { Sample.peer($0) }))
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let smaller = (1...20).map { number in Sample.peer(number) { $0.enabled = number != 5 } }
        gateway.revisions.set(Sample.catalog(peers: smaller), id: "r2")
        let report = try await controller.pass(.loop)
        let refusal = try #require(report.plan.refusals.first)
        #expect(refusal.rail == "max-deletes" && report.exitCode == .refused)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 39, "only the revoked one is gone")
        // Healing of the last good revision must not bring it back.
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeLast() } }
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 39)
        var approved = PassOptions.apply
        approved.approvals = [refusal.digest]
        #expect(try await controller.pass(approved).exitCode == .success)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 19)
    }

    @Test func aStalePlanIsNotApplied() async throws {
        let controller = gateway.start()
        let preview = try await controller.preview(.apply)
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1)]), id: "r2")
        var options = PassOptions.apply
        options.expectedPlanID = preview.plan.id
        let report = try await controller.pass(options)
        #expect(report.isStale && report.exitCode == .stale && gateway.host.operationCount == 0)
        options.expectedPlanID = try await controller.preview(.apply).plan.id
        #expect(try await controller.pass(options).exitCode == .success)
    }

    @Test func healingBesideARefusedHeadKeepsItsOwnFacts() async throws {
        var site = Sample.peer(1)
        site.endpoint = Endpoint("192.0.2.9:51820")
        let gateway = FakeGateway(Sample.catalog(peers: [site]))
        gateway.host.state.withLock { $0.routeMTU = 1400 }
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.link("wg0")?.mtu == 1320)
        gateway.revisions.set(.empty, id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.healing?.plan.changes.map(\.fields) == [] && gateway.host.kernel.link("wg0")?.mtu == 1320)
    }
}
