import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// Answers that are renewed before their time is over, and those that are given after it.
@Suite struct ForwarderRenewalTests {
    private static func answer(_ query: RogueUpstream.Query, _ address: UInt32, ttl: UInt32) -> [UInt8] {
        query.answer(address) { answer in
            answer.answers = answer.answers.map { record in
                var record = record
                record.ttl = ttl
                return record
            }
        }
    }

    /// A forwarder that gives old answers, with an upstream that answers once, for a second.
    private static func fallenSilent() async throws -> TestForwarder {
        try await TestForwarder(
            script: { query in query.number == 0 ? [.send(answer(query, 0xC000_0201, ttl: 1))] : [] },
            setup: { setup in
                setup.settings.cache.serveStale = .seconds(3600)
                setup.settings.timeout = .seconds(5)
            })
    }

    @Test func nobodyWaitsForWhatIsOftenAskedFor() async throws {
        let test = try await TestForwarder(
            script: { query in [.send(Self.answer(query, 0xC000_0201 + UInt32(query.number), ttl: 3))] },
            setup: { $0.settings.timeout = .seconds(30) })
        let client = try await DatagramClient(test.port)
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        // In the last of the three seconds it is renewed by a query. A machine that misses that second has another one.
        while test.forwarder.counters.renewed == 0, ContinuousClock.now < deadline {
            _ = try await client.ask(try query("www.example.com"))
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(test.forwarder.counters.renewed == 1)
        let fetched = test.rows.count { $0.origin == .upstream }
        #expect(try await eventually { test.forwarder.upstreamCounters.answered == fetched + 1 })
        #expect(test.rows.last?.origin == .cache)
        await client.close()
        try await test.stop()
    }

    @Test func whileNoUpstreamAnswersTheOldAnswerIsGiven() async throws {
        let test = try await Self.fallenSilent()
        let client = try await DatagramClient(test.port)
        #expect(try await client.ask(try query("www.example.com")).edns?.extendedErrors == [])
        try await Task.sleep(for: .seconds(1.1))
        for _ in 0..<3 {
            let stale = try await client.ask(try query("www.example.com"))
            #expect(stale.responseCode == .noError)
            #expect(stale.answers.first?.address == IPAddress("192.0.2.1"))
            #expect(stale.answers.first.map { (1...30).contains($0.ttl) } == true)
            #expect(stale.edns?.extendedErrors == [ExtendedError(.staleAnswer)])
        }
        #expect(test.forwarder.counters.stale == 1)
        #expect(test.rows.map(\.origin) == [.upstream, .cache, .cache, .cache])
        // What is not in the cache has no old answer.
        #expect(try await client.ask(try query("other.example")).responseCode == .serverFailure)
        await client.close()
        try await test.stop()
    }

    /// The policy stands above old answers too.
    @Test func anOldAnswerIsInspected() async throws {
        let test = try await Self.fallenSilent()
        let client = try await DatagramClient(test.port)
        #expect(try await client.ask(try query("www.example.com")).answers.first?.address == IPAddress("192.0.2.1"))
        try test.apply { $0.rules = ["192.0.2.1"] }
        try await Task.sleep(for: .seconds(1.1))
        let blocked = try await client.ask(try query("www.example.com"))
        #expect(blocked.answers.first?.address == IPAddress(v4: 0))
        #expect(test.rows.last?.status == .blocked)
        await client.close()
        try await test.stop()
    }
}
