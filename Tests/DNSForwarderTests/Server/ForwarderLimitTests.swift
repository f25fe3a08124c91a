import DNSPolicy
import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// How much one peer may ask.
@Suite struct ForwarderLimitTests {
    /// Over UDP what is too much is dropped, over TCP refused.
    @Test func whoAsksTooMuchWaits() async throws {
        let test = try await TestForwarder(
            rules: ["||blocked.example^"],
            setup: { setup in
                setup.settings.rateLimit.perSecond = 1
                setup.settings.rateLimit.burst = 10
            })
        let client = try await DatagramClient(test.port)
        for id in 0..<100 { try await client.send(try query("blocked.example", id: UInt16(id))) }
        #expect(try await eventually { test.forwarder.counters.queries == 100 })
        let counters = test.forwarder.counters
        // The bucket may fill a little while the test runs.
        #expect((10...30).contains(counters.answered))
        #expect(counters.rateLimited + counters.answered == 100)
        let stream = try await StreamClient(test.port)
        for id in 0..<40 { try await stream.send(try query("blocked.example", id: UInt16(id))) }
        var refused = 0
        for _ in 0..<40 where try await stream.next()?.responseCode == .refused { refused += 1 }
        #expect(refused > 0)
        // Another limit holds at once.
        try test.apply { setup in
            setup.settings.rateLimit.perSecond = 1000
            setup.settings.rateLimit.burst = 1000
        }
        #expect(try await stream.ask(try query("blocked.example")).responseCode == .noError)
        await client.close()
        await stream.close()
        try await test.stop()
    }

    @Test func queriesOfAPeerThatWaitAreBounded() async throws {
        let test = try await TestForwarder(script: { _ in [] }, setup: { $0.settings.timeout = .seconds(30) })
        let client = try await DatagramClient(test.port)
        for id in 0..<PeerAccount.mostPending {
            try await client.send(try query("name\(id).example", id: UInt16(id)))
        }
        #expect(try await eventually { test.forwarder.counters.queries == PeerAccount.mostPending })
        let answer = try await client.ask(try query("more.example", id: 9999))
        #expect(answer.id == 9999)
        #expect(answer.responseCode == .serverFailure)
        #expect(test.forwarder.counters.overloaded == 1)
        // What needs no upstream is answered all the same.
        #expect(try await client.ask(try query("me.wg0.vpn.internal")).answers.count == 1)
        await client.close()
        try await test.stop()
    }

    @Test func connectionsOfAPeerAreBounded() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        var clients: [StreamClient] = []
        for _ in 0..<PeerAccount.mostConnections {
            let client = try await StreamClient(test.port)
            #expect(try await client.ask(try query("blocked.example")).id == 7)
            clients.append(client)
        }
        let more = try await StreamClient(test.port)
        #expect(try await eventually { more.mailbox.isClosed })
        #expect(test.forwarder.counters.refusedConnections == 1)
        await clients[0].close()
        #expect(try await eventually { test.forwarder.counters.connections == PeerAccount.mostConnections })
        // One place is free again as soon as the server knows.
        var isServed = false
        for _ in 0..<100 where !isServed {
            let client = try await StreamClient(test.port)
            // A connection that is refused may be gone before the query is written.
            try? await client.send(try query("blocked.example"))
            isServed = try await client.next() != nil
            await client.close()
        }
        #expect(isServed)
        for client in clients { await client.close() }
        try await test.stop()
    }
}
