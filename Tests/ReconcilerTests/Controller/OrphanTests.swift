import Model
import Synchronization
import Testing

@testable import Reconciler

/// Links with our mark that neither the inventory nor a manifest names.
@Suite struct OrphanTests {
    static let only = Sample.catalog(peers: [Sample.peer(1)])
    static let both = Sample.catalog(
        [Sample.interface(), Sample.interface("wg1", port: 51821, "10.9.0.1/24")],
        peers: [Sample.peer(1), Sample.peer(2, interface: "wg1")])

    let gateway = FakeGateway(Self.both)

    /// wg1 left the files while its row was lost.
    private func orphan() async throws -> Controller {
        _ = try await gateway.start().pass(.apply)
        gateway.inventory.edit { $0.interfaces["wg1"] = nil }
        gateway.revisions.set(Self.only, id: "r2")
        return gateway.start()
    }

    @Test func itGoesLikeAnInterfaceThatLeftTheFiles() async throws {
        let controller = try await orphan()
        let now = gateway.clock.now()
        gateway.host.edit { kernel in
            kernel.with("wg1") { $0.device?.peers[0].lastHandshake = now }
            kernel.addForeignDevice("wg7", key: SecretKey(words: (7, 7, 7, 7)))
            kernel.addLink("br0", kind: "bridge", mtu: 1500, alias: LinkMark.text)
        }
        let refused = try await controller.pass(.apply)
        #expect(refused.plan.refusals.map(\.rail) == ["interface-removal"] && refused.exitCode == .refused)
        let removal = try #require(refused.plan.changes.first { $0.object == ObjectID(.interface, "wg1") })
        #expect(removal.action == .delete && removal.reason == .prune && removal.liveSessions == 1)
        #expect(removal.fields == [FieldChange("peers", before: "1", after: nil)])
        #expect(gateway.host.kernel.link("wg1") != nil)

        var options = PassOptions.apply
        options.approvals = Set(refused.plan.refusals.map(\.digest))
        #expect(try await controller.pass(options).exitCode == .success)
        #expect(gateway.host.kernel.links.map(\.name) == ["lo", "eth0", "wg0", "wg7", "br0"])
        #expect(try await controller.preview(.apply).plan.changes.isEmpty)
    }

    /// What it carries is looked at in one look more, and from then on in the same.
    @Test func oneLookIsEnoughOnceItIsKnown() async throws {
        let controller = try await orphan()
        _ = try await controller.preview(.apply)
        let looks = gateway.host.state.withLock { $0.observations }
        _ = try await controller.preview(.apply)
        #expect(gateway.host.state.withLock { $0.observations } == looks + 1)
    }

    @Test func aBlockedKeyLeavesItAtOnce() async throws {
        let controller = try await orphan()
        let until = gateway.clock.now().advanced(bySeconds: 3600)
        try await gateway.inventory.port.revoke(Revocation(publicKey: Sample.key(2), until: until, author: "root"))
        _ = try await controller.pass(.apply)
        #expect(gateway.host.kernel.link("wg1")?.device?.peers.isEmpty == true)
    }

    @Test func nothingGoesWhileItCannotBeRead() async throws {
        let controller = try await orphan()
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.device("wg1"), reason: "interrupted")] }
        let report = try await controller.pass(.apply)
        #expect(report.plan.problems.map(\.object) == [ObjectID(.interface, "wg1")] && report.exitCode == .error)
        #expect(gateway.host.kernel.link("wg1") != nil)
    }

    @Test func downTakesItToo() async throws {
        let report = try await orphan().pass(.teardown)
        #expect(report.exitCode == .success && gateway.host.kernel.links.map(\.name) == ["lo", "eth0"])
    }

    /// It holds the port of the interface, and nobody is asked before drift is healed.
    @Test func aRenamedLinkIsDrift() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let before = gateway.host.kernel.essence
        gateway.host.edit { $0.with("wg0") { $0.name = "wg9" } }
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .success && report.plan.changes.allSatisfy { $0.reason == .drift })
        #expect(gateway.host.kernel.essence == before)
    }

    /// What is on a link that could not go is still what was applied: it is no drift of somebody else's later.
    @Test func peersOfALinkThatCouldNotGoAreNotForgotten() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let applied = gateway.inventory.current.applied
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .deleteLink = operation { BackendError(.transient, "busy") } else { nil }
            }
        }
        #expect(try await controller.pass(.teardown).exitCode == .partial)
        let peers = applied.filter { $0.key.kind == .peer }
        #expect(peers.count == 2 && gateway.inventory.current.applied.filter { $0.key.kind == .peer } == peers)
    }

    /// Whose peers may be on an adopted link is not forgotten with its row.
    @Test func peersOfAnAdoptedLinkStayWithoutItsRow() async throws {
        var adopting = Sample.interface()
        adopting.adopt = true
        let gateway = FakeGateway(Sample.catalog([adopting], peers: [Sample.peer(1)]))
        gateway.host.edit {
            $0.addForeignDevice(
                "wg0", key: SecretKey(words: (7, 7, 7, 7)), peers: [ObservedPeer(publicKey: Sample.key(9))])
        }
        _ = try await gateway.start().pass(.apply)
        gateway.inventory.edit { $0.interfaces = [:] }
        _ = try await gateway.start().pass(.loop)
        let peers = gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey)
        #expect(peers.map(Set.init) == [Sample.key(1), Sample.key(9)])
        #expect(gateway.inventory.current.interfaces["wg0"]?.origin == .adopted)
    }
}
