import Model
import Synchronization
import Testing

@testable import Reconciler

/// Approvals of a revision count in the passes that work towards it, and paths are looked for only where it matters.
@Suite struct ConsentTests {
    let gateway = FakeGateway(catalog())

    static func catalog(port: UInt16 = 51820, _ approvals: [Approval] = [], peers: Int = 2) -> Catalog {
        Catalog(
            interfaces: [Sample.interface(port: port)], peers: (1...peers).map { Sample.peer($0) }, approvals: approvals
        )
    }

    private func approval(_ digests: [String], in seconds: Int64) -> Approval {
        Approval(
            name: "a", digests: digests, reason: "a test", expires: gateway.clock.now().advanced(bySeconds: seconds),
            location: Sample.place)
    }

    private var port: UInt16? { gateway.host.kernel.link("wg0")?.device?.listenPort }

    @Test func anApprovalOfTheRevisionCountsUntilItExpires() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog(port: 51830), id: "r2")
        let refused = try await controller.pass(.apply)
        let refusal = try #require(refused.plan.refusals.first)
        #expect(refused.exitCode == .refused && refusal.rail == "port-change" && port == 51820)

        let others = approval(["0123456789ab"], in: 3600)
        let late = approval([refusal.digest], in: 0)
        for (number, approvals) in [[others], [late], [others, late]].enumerated() {
            gateway.revisions.set(Self.catalog(port: 51830, approvals), id: "r3.\(number)")
            #expect(try await controller.pass(.apply).exitCode == .refused)
        }
        // It expires while the loop looks at it again and again.
        gateway.revisions.set(Self.catalog(port: 51830, [approval([refusal.digest + "00ff"], in: 3600)]), id: "r4")
        #expect(try await controller.preview(.apply).plan.refusals.isEmpty)
        gateway.clock.advance(by: .seconds(3600))
        #expect(try await controller.pass(.apply).exitCode == .refused && port == 51820)

        let change = try #require(refused.plan.changes.first)
        gateway.revisions.set(Self.catalog(port: 51830, [approval([change.digest], in: 3600)]), id: "r5")
        #expect(try await controller.pass(.loop).exitCode == .success)
        #expect(port == 51830)
    }

    /// Drift of the last good revision is healed while its successor waits for consent.
    @Test func driftIsHealedWhileAPortWaits() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog(port: 51830), id: "r2")
        _ = try await controller.pass(.loop)
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeAll() } }
        let report = try await controller.pass(.loop)
        #expect(report.healing != nil && gateway.host.kernel.link("wg0")?.device?.peers.count == 2)
        #expect(port == 51820)
    }

    @Test func pathsAreLookedForOnlyWhereAChangeCouldCutThem() async throws {
        let looks = Looks()
        let session = AdminConnection(
            .ssh, local: SocketAddress(IPAddress(v4: 0x0A08_0001), port: 22),
            remote: SocketAddress(IPAddress(v4: 0x0A08_0002), port: 50_000))
        var ports = gateway.ports
        ports.paths = {
            // Nobody comes through a tunnel that the first pass makes.
            looks.count.withLock { count in
                count += 1
                return count > 1 ? WatchedPaths(connections: [session]) : WatchedPaths()
            }
        }
        let controller = Controller(ports)
        _ = try await controller.pass(.apply)
        let first = looks.count.withLock { $0 }
        for _ in 0..<3 { _ = try await controller.pass(.loop) }
        #expect(looks.count.withLock { $0 } == first)
        gateway.revisions.set(Self.catalog(peers: 3), id: "r2")
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(looks.count.withLock { $0 } == first + 1)
        let lost = Catalog(interfaces: [Sample.interface()], peers: [Sample.peer(2), Sample.peer(3)])
        gateway.revisions.set(lost, id: "r3")
        let refused = try await controller.pass(.apply)
        #expect(refused.plan.refusals.map(\.rail) == ["admin-path"])
        #expect(refused.plan.changes.map(\.impact) == [.lockoutRisk])
    }

    private final class Looks: Sendable {
        let count = Mutex(0)
    }
}
