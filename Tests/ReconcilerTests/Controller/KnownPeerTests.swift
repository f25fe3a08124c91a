import Credentials
import Model
import Testing

@testable import Reconciler

/// Who peers are over time, and which addresses wait after they are gone.
@Suite struct KnownPeerTests {
    let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))

    private func id(_ number: Int) -> PeerID { PeerID(interface: "wg0", publicKey: Sample.key(number)) }

    private func quarantined() -> [String] {
        gateway.inventory.current.quarantined(at: gateway.clock.now())["wg0", default: []].map(\.description)
    }

    @Test func anIdentifierOutlivesRenamesAndTheFieldThatGaveIt() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let derived = PeerIdentifier.derived(
            repositoryID: "", interface: "wg0", publicKey: Sample.key(1), digest: BLAKE2b256())
        #expect(gateway.inventory.current.peers[id(1)]?.id == derived)
        let given = "123e4567-e89b-12d3-a456-426614174000"
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1) { $0.id = given }, Sample.peer(2), Sample.peer(3)]), id: "r2")
        _ = try await controller.pass(.apply)
        #expect(gateway.inventory.current.peers[id(1)]?.id == given)
        // Renamed by hand, and the id left out.
        gateway.revisions.set(
            Sample.catalog(
                peers: [
                    Sample.peer(1) {
                        $0.name = "other"
                        $0.routes = ["192.168.50.0/24"].compactMap { Prefix($0) }
                    }, Sample.peer(2), Sample.peer(3),
                ]), id: "r3")
        let report = try await controller.pass(.apply)
        #expect(report.plan.changes.first { $0.object.name == "wg0/other" }?.peerID == given)
        #expect(gateway.inventory.current.peers[id(1)]?.id == given)
        #expect(gateway.inventory.events.contains { $0.peer == given && $0.object?.name == "wg0/other" })
    }

    @Test func anAddressWaitsADayAfterItsPeerIsGone() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        #expect(quarantined() == ["10.8.0.2", "10.8.0.3", "10.8.0.4"], "a removal that is not applied frees nothing")
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1), Sample.peer(3)]), id: "r2")
        _ = try await controller.pass(.apply)
        #expect(quarantined().first == "10.8.0.3")
        #expect(gateway.inventory.current.released.count == 1)
        gateway.clock.advance(by: .seconds(86_399))
        #expect(quarantined().contains("10.8.0.3"))
        gateway.clock.advance(by: .seconds(1))
        #expect(!quarantined().contains("10.8.0.3"))
    }

    @Test func anAddressThatIsUsedAgainWaitsNoLonger() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1), Sample.peer(3)]), id: "r2")
        _ = try await controller.pass(.apply)
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1), Sample.peer(3), Sample.peer(9) { $0.ip = Sample.peer(2).ip }]),
            id: "r3")
        _ = try await controller.pass(.apply)
        #expect(gateway.inventory.current.released.isEmpty)
        // Nobody's address waits because the gateway was taken down.
        _ = try await controller.pass(.teardown)
        #expect(gateway.inventory.current.released.isEmpty && gateway.inventory.current.peers.count == 3)
    }

    @Test func aRefusedRemovalKeepsTheAddress() async throws {
        let many = FakeGateway(Sample.catalog(peers: (1...40).map { Sample.peer($0) }))
        let controller = many.start()
        _ = try await controller.pass(.apply)
        many.revisions.set(Sample.catalog(peers: [Sample.peer(1)]), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .refused)
        #expect(many.inventory.current.peers.count == 40 && many.inventory.current.released.isEmpty)
    }

    @Test func aPassWithoutNewsWritesNothing() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.apply)
        #expect(gateway.inventory.writes.count == writes)
    }
}
