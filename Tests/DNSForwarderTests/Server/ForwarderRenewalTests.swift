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

    @Test func nobodyWaitsForWhatIsOftenAskedFor() async throws {
        let test = try await TestForwarder { query in
            [.send(Self.answer(query, 0xC000_0201 + UInt32(query.number), ttl: 4))]
        }
        let client = try await DatagramClient(test.port)
        let start = ContinuousClock.now
        func ask() async throws -> IPAddress? {
            try await client.ask(try query("www.example.com")).answers.first?.address
        }
        #expect(try await ask() == IPAddress("192.0.2.1"))
        #expect(try await ask() == IPAddress("192.0.2.1"))
        // From three seconds on it is renewed by a query, which itself has the old answer.
        while test.forwarder.counters.renewed == 0, start.duration(to: .now) < .seconds(4) {
            #expect(try await ask() == IPAddress("192.0.2.1"))
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(test.forwarder.counters.renewed == 1)
        #expect(try await eventually { test.upstream.queries.count == 2 })
        try await Task.sleep(until: start.advanced(by: .seconds(4.5)), clock: .continuous)
        #expect(try await ask() == IPAddress("192.0.2.2"))
        #expect(test.rows.map(\.origin) == [.upstream] + [.cache].repeated(test.rows.count - 1))
        await client.close()
        try await test.stop()
    }

    @Test func whileNoUpstreamAnswersTheOldAnswerIsGiven() async throws {
        let test = try await TestForwarder(
            script: { query in query.number == 0 ? [.send(Self.answer(query, 0xC000_0201, ttl: 1))] : [] },
            setup: { setup in
                setup.settings.cache.serveStale = .seconds(3600)
                setup.settings.timeout = .seconds(1)
            })
        let client = try await DatagramClient(test.port)
        #expect(try await client.ask(try query("www.example.com")).edns?.extendedErrors == [])
        try await Task.sleep(for: .seconds(1.1))
        for _ in 0..<3 {
            let stale = try await client.ask(try query("www.example.com"))
            #expect(stale.responseCode == .noError)
            #expect(stale.answers.first?.address == IPAddress("192.0.2.1"))
            #expect(stale.answers.first.map { (29...30).contains($0.ttl) } == true)
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
        let test = try await TestForwarder(
            script: { query in query.number == 0 ? [.send(Self.answer(query, 0xC000_0201, ttl: 1))] : [] },
            setup: { setup in
                setup.settings.cache.serveStale = .seconds(3600)
                setup.settings.timeout = .seconds(1)
            })
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

extension Array {
    fileprivate func repeated(_ times: Int) -> Self { (0..<times).flatMap { _ in self } }
}
