import Model
import Synchronization
import Testing

@testable import Reconciler

/// Waiting for passes, following them, and looking between them.
@Suite(.timeLimit(.minutes(1))) struct PassBoardTests {
    let gateway = FakeGateway(Sample.catalog(peers: [Sample.peer(1)]))
    let board = PassBoard()

    @Test func everyWaiterGetsTheFirstReportThatSuitsHim() async throws {
        let controller = gateway.start()
        let first = try await controller.pass(.loop)
        #expect(first.number == 1 && controller.passesBegun == 1)
        board.publish(first)
        // The newest one is good enough where it suits.
        let now = await board.report(within: .seconds(5), on: SystemUptime()) { $0.revision?.id == "r1" }
        #expect(now?.number == 1)
        let found = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await board.report(within: .seconds(20), on: SystemUptime()) { $0.number > 1 }?.number
                }
            }
            group.addTask { [gateway] in
                gateway.revisions.set(Sample.catalog(peers: [Sample.peer(2)]), id: "r2")
                for _ in 0..<3 {
                    if let report = try? await controller.pass(.loop) { board.publish(report) }
                }
                return -1
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(found.filter { $0 == -1 }.count == 1)
        #expect(found.count == 101 && found.allSatisfy { $0 == -1 || ($0 ?? 0) > 1 })
    }

    @Test func timeRunsOutAndEndsAndCancellationAnswerNothing() async throws {
        let report = try await gateway.start().pass(.loop)
        board.publish(report, isWhole: false)
        let late = await board.report(within: .milliseconds(20), on: SystemUptime()) { _ in true }
        #expect(late == nil, "nobody waits for a pass that did only a part")
        let waiting = Task { await board.report(within: .seconds(60), on: SystemUptime()) { _ in false } }
        try await Task.sleep(for: .milliseconds(10))
        waiting.cancel()
        #expect(await waiting.value == nil)
        let other = Task { await board.report(within: .seconds(60), on: SystemUptime()) { _ in false } }
        let following = board.reports()
        try await Task.sleep(for: .milliseconds(10))
        board.end()
        #expect(await other.value == nil)
        var count = 0
        for await _ in following { count += 1 }
        for await _ in board.reports() { count += 1 }
        #expect(count == 0)
    }

    @Test func aSlowFollowerMissesTheOldest() async throws {
        let controller = gateway.start()
        let slow = board.reports()
        let other = board.reports()
        for _ in 0..<20 { board.publish(try await controller.pass(.loop)) }
        board.end()
        for stream in [slow, other] {
            var numbers: [Int] = []
            for await report in stream { numbers.append(report.number) }
            #expect(numbers == Array(5...20))
        }
    }

    @Test func aLookShowsTheHostAndChangesNothing() async throws {
        let controller = gateway.start()
        try await controller.refresh()
        #expect(controller.view == nil, "there is nothing to show before the first pass")
        _ = try await controller.pass(.loop)
        let before = try #require(controller.view)
        gateway.clock.advance(by: .seconds(6))
        gateway.host.edit { $0.with("wg0") { $0.device?.peers = [] } }
        let (writes, operations) = (gateway.inventory.writes.count, gateway.host.operationCount)
        try await controller.refresh()
        let after = try #require(controller.view)
        #expect(after.report.observed.devices["wg0"]?.peers.isEmpty == true && after.report.pass == before.report.pass)
        #expect(after.number == before.number + 1 && after.lookedAt == before.lookedAt + .seconds(6))
        #expect(gateway.inventory.writes.count == writes && gateway.host.operationCount == operations)
        // The loop heals as ever.
        #expect(try await controller.pass(.loop).plan.drift.count == 1)
    }

    @Test func looksThatWaitForOneAnotherAreOne() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.advance(by: .seconds(6))
        let before = gateway.host.state.withLock { $0.observations }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try? await controller.refresh() } }
        }
        #expect(gateway.host.state.withLock { $0.observations } == before + 1)
    }
}
