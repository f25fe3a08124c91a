import Model
import Testing

@testable import Reconciler

/// A state directory that can't be written: told to whoever asks, tried again soon, and made good by itself.
@Suite struct StoreFailureTests {
    private let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))

    private func fail(_ value: Bool) { gateway.inventory.state.withLock { $0.isFull = value } }

    private func isTold(_ conditions: [Condition]) -> Bool {
        conditions.contains { $0.kind == .stalled && $0.holds && $0.message.contains("disk full") }
            && conditions.contains { $0.kind == .ready && $0.object == nil && !$0.holds }
    }

    @Test func whatCannotBeRecordedIsToldAndTriedAgainSoon() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let recorded = gateway.inventory.current.conditions
        fail(true)
        gateway.revisions.set(Sample.catalog(peers: (1...4).map { Sample.peer($0) }), id: "r2")
        var waits: [Duration] = []
        for _ in 0..<8 {
            let report = try await controller.pass(.loop)
            #expect(report.storeFailure?.contains("disk full") == true && isTold(report.conditions))
            waits.append(try #require(report.retryAt) - gateway.clock.uptime())
            // Others, who look only: the inventory still has the old ones.
            #expect(isTold(try await controller.preview(.loop).conditions))
            #expect(gateway.inventory.current.conditions == recorded)
        }
        #expect(waits.first.map { $0 <= .seconds(1) } == true && waits == waits.sorted())
        #expect(waits.allSatisfy { $0 > .zero && $0 <= .seconds(60) })
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 3, "what can't be recorded is not begun")

        fail(false)
        let report = try await controller.pass(.loop)
        #expect(report.storeFailure == nil && report.retryAt == nil && !isTold(report.conditions))
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 4)
        #expect(!isTold(gateway.inventory.current.conditions))
        #expect(!isTold(try await controller.preview(.loop).conditions))
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes)
    }

    /// Nothing is to be done but to write down what is: the failure is known only when that is tried.
    @Test func aFailureAtTheVeryEndIsToldToo() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        fail(true)
        gateway.revisions.set(Sample.catalog(peers: (1...3).map { Sample.peer($0) }), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.plan.changes.isEmpty && isTold(report.conditions) && report.retryAt != nil)
    }

    /// A condition that began while nothing could be written keeps its beginning.
    @Test func conditionsKeepTheirBeginning() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        fail(true)
        gateway.revisions.set(Sample.catalog(peers: (1...4).map { Sample.peer($0) }), id: "r2")
        let since = try await controller.pass(.loop).conditions.map(\.since)
        gateway.clock.advance(by: .seconds(90))
        #expect(try await controller.pass(.loop).conditions.map(\.since) == since)
    }
}
