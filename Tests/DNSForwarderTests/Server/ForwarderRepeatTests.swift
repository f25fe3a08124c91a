import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// Queries that were answered before: they get the same, and no other, answer.
@Suite struct ForwarderRepeatTests {
    /// Long enough for any machine: these tests count what the upstream is asked.
    private static func patient(_ setup: inout TestForwarder.Setup) { setup.settings.timeout = .seconds(30) }

    /// An answer without what is another one each time.
    private static func timeless(_ message: Message) -> Message {
        var message = message
        message.id = 0
        for index in message.answers.indices { message.answers[index].ttl = 0 }
        return message
    }

    @Test func equalQueriesAreAnsweredAlike() async throws {
        let test = try await TestForwarder(
            rules: ["||blocked.example^", "||new.example^$dnsrewrite=192.0.2.9"], setup: Self.patient)
        let client = try await DatagramClient(test.port)
        let names = ["blocked.example", "new.example", "me.wg0.vpn.internal", "www.example.com", "WWW.Example.com"]
        for name in names {
            // The first one of an upstream's is asked for, the second one is in the cache, the others are found whole.
            var answers: [Message] = []
            for id in [UInt16(11), 0x1234, 3, 3] {
                let answer = try await client.ask(try query(name, id: id))
                #expect(answer.id == id)
                answers.append(answer)
            }
            for answer in answers { #expect(Self.timeless(answer) == Self.timeless(answers[0])) }
        }
        let rows = test.rows
        #expect(rows.count == 4 * names.count)
        for start in stride(from: 0, to: rows.count, by: 4) {
            for row in rows[start..<start + 4].dropFirst() {
                var row = row
                // Only the first of all comes from the upstream.
                if rows[start].origin == .upstream { row.origin = .upstream }
                if rows[start].upstream != nil { row.upstream = rows[start].upstream }
                row.microseconds = rows[start].microseconds
                #expect(row == rows[start])
            }
        }
        #expect(test.forwarder.upstreamCounters.asked == 1)
        let counters = test.forwarder.counters
        #expect(counters.queries == 20)
        #expect(counters.answered == 20)
        #expect(counters.blocked == 4)
        #expect(counters.cacheHits == 7)
        await client.close()
        try await test.stop()
    }

    @Test func timesRunOn() async throws {
        let test = try await TestForwarder(setup: Self.patient)
        let client = try await DatagramClient(test.port)
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        var last: UInt32 = 300
        while last > 297, ContinuousClock.now < deadline {
            let time = try #require(try await client.ask(try query("www.example.com")).answers.first?.ttl)
            #expect(time <= last)
            last = time
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(last <= 297)
        #expect(test.forwarder.upstreamCounters.asked == 1)
        await client.close()
        try await test.stop()
    }

    @Test func whatIsForgottenIsAskedForAgain() async throws {
        let test = try await TestForwarder(setup: Self.patient)
        let client = try await DatagramClient(test.port)
        for _ in 0..<3 { _ = try await client.ask(try query("www.example.com")) }
        #expect(test.forwarder.upstreamCounters.asked == 1)
        test.forwarder.flushCache()
        for _ in 0..<3 { _ = try await client.ask(try query("www.example.com")) }
        #expect(test.forwarder.upstreamCounters.asked == 2)
        await client.close()
        try await test.stop()
    }

    @Test func anotherRevisionDecidesAnew() async throws {
        let test = try await TestForwarder(setup: Self.patient)
        let client = try await DatagramClient(test.port)
        for round in 0..<3 {
            try test.apply { $0.rules = ["||www.example.com^"] }
            for _ in 0..<3 {
                #expect(try await client.ask(try query("www.example.com")).answers.first?.address == IPAddress(v4: 0))
            }
            try test.apply { $0.rules = [] }
            for _ in 0..<3 {
                #expect(try await client.ask(try query("www.example.com")).answers.first?.address == .answered)
            }
            #expect(test.rows.count { $0.status == .blocked } == 3 * (round + 1))
        }
        await client.close()
        try await test.stop()
    }

    /// The same octets of two peers, in turn.
    @Test func peersAreToldApart() async throws {
        let test = try await TestForwarder(
            rules: ["||www.example.com^$client=lo/other"],
            setup: { setup in
                Self.patient(&setup)
                setup.peers.append(
                    PolicyPeer(
                        interface: "lo", name: "other", allowedIPs: ["127.0.0.3/32"].compactMap { Prefix($0) },
                        isFiltered: true, blocklists: nil))
            })
        let me = try await DatagramClient(test.port)
        let other = try await DatagramClient(test.port, from: "127.0.0.3")
        let unknown = try await DatagramClient(test.port, from: "127.0.0.4")
        for _ in 0..<4 {
            let question = try query("www.example.com")
            #expect(try await me.ask(question).answers.first?.address == .answered)
            #expect(try await other.ask(question).answers.first?.address == IPAddress(v4: 0))
            #expect(try await unknown.ask(question).responseCode == .refused)
        }
        #expect(test.rows.map(\.client) == (0..<8).map { $0.isMultiple(of: 2) ? "lo/me" : "lo/other" })
        for client in [me, other, unknown] { await client.close() }
        try await test.stop()
    }
}
