import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// Whole queries over real sockets: what is answered, and what the log says of it.
@Suite struct ForwarderAnswerTests {
    enum Way: CaseIterable { case datagram, stream }

    private func ask(_ bytes: [UInt8], _ way: Way, _ port: UInt16, from source: String = "127.0.0.1") async throws
        -> Message
    {
        switch way {
        case .datagram:
            let client = try await DatagramClient(port, from: source)
            let answer = try await client.ask(bytes)
            await client.close()
            return answer
        case .stream:
            let client = try await StreamClient(port, from: source)
            let answer = try await client.ask(bytes)
            await client.close()
            return answer
        }
    }

    @Test(arguments: Way.allCases) func everyOriginAnswersAndIsLogged(_ way: Way) async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^", "||new.example^$dnsrewrite=192.0.2.9"])
        let blocked = try await ask(try query("www.blocked.example"), way, test.port)
        #expect(blocked.answers.first?.address == IPAddress(v4: 0))
        #expect(
            blocked.edns?.extendedErrors == [ExtendedError(.blocked, "rules:1: ||blocked.example^")])
        let listed = try await ask(try query("listed.example"), way, test.port)
        #expect(listed.answers.first?.address == IPAddress(v4: 0))
        let rewritten = try await ask(try query("new.example"), way, test.port)
        #expect(rewritten.answers.first?.address == IPAddress("192.0.2.9"))
        let local = try await ask(try query("me.wg0.vpn.internal"), way, test.port)
        #expect(local.answers.first?.address == IPAddress("10.8.0.2"))
        #expect(test.upstream.queries.isEmpty)
        let asked = try await ask(try query("www.example.com"), way, test.port)
        #expect(asked.answers.first?.address == .answered)
        #expect(asked.id == 7)
        let cached = try await ask(try query("www.example.com", id: 9), way, test.port)
        #expect(cached.answers.first?.address == .answered)
        #expect(cached.id == 9)
        #expect(test.upstream.queries.count == 1)

        let rows = test.rows
        #expect(
            rows.map(\.domain) == [
                "www.blocked.example", "listed.example", "new.example", "me.wg0.vpn.internal", "www.example.com",
                "www.example.com",
            ])
        #expect(rows.map(\.status) == [.blocked, .blocked, .allowed, .allowed, .allowed, .allowed])
        #expect(rows.map(\.reason) == [.globalRule, .blocklist, .globalRule, .noRule, .noRule, .noRule])
        #expect(rows.map(\.origin) == [.policy, .policy, .policy, .local, .upstream, .cache])
        #expect(
            rows.map(\.rule) == [
                "||blocked.example^", "||listed.example^", "||new.example^$dnsrewrite=192.0.2.9", nil, nil, nil,
            ])
        #expect(rows.map(\.source) == ["rules:1", "ads:1", "rules:2", nil, nil, nil])
        #expect(rows.map(\.list) == [nil, "ads", nil, nil, nil, nil])
        #expect(rows.map(\.upstream) == [nil, nil, nil, nil, "\(test.upstream.udp)", nil])
        #expect(rows.allSatisfy { $0.client == "lo/me" && $0.address == IPAddress(v4: 0x7F00_0001) && $0.type == 1 })
        #expect(rows.allSatisfy { $0.time == TestPipeline.time && $0.responseCode == 0 })
        let counters = test.forwarder.counters
        #expect(counters.queries == 6)
        #expect(counters.answered == 6)
        #expect(counters.blocked == 2)
        #expect(counters.cacheHits == 1)
        #expect(counters.cacheEntries == 1)
        test.forwarder.flushCache()
        #expect(test.forwarder.counters.cacheEntries == 0)
        try await test.stop()
    }

    @Test(arguments: Way.allCases) func somebodyUnknownIsRefused(_ way: Way) async throws {
        let test = try await TestForwarder()
        let answer = try await ask(try query("www.example.com"), way, test.port, from: "127.0.0.2")
        #expect(answer.responseCode == .refused)
        #expect(answer.edns?.extendedErrors == [ExtendedError(.prohibited)])
        #expect(test.forwarder.counters.refusedUnknown == 1)
        #expect(test.upstream.queries.isEmpty)
        #expect(test.rows.isEmpty)
        try await test.stop()
    }

    @Test func everythingAboutANameIsAskedOfNobody() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let any = try await ask(try query("www.example.com", .any), .datagram, test.port)
        #expect(any.answers.map(\.type) == [.hinfo])
        let blocked = try await ask(try query("blocked.example", .any), .datagram, test.port)
        #expect(blocked.answers.isEmpty)
        #expect(blocked.authority.map(\.type) == [.soa])
        #expect(test.upstream.queries.isEmpty)
        #expect(test.rows.map(\.status) == [.allowed, .blocked])
        try await test.stop()
    }

    /// 60 addresses: over UDP as much as the client takes, over TCP all.
    @Test func longAnswersAreCutOverDatagramsOnly() async throws {
        let test = try await TestForwarder { query in
            [
                .send(
                    query.answer { answer in
                        let question = answer.questions[0]
                        answer.answers = (0..<60).map {
                            .address(question.name, IPAddress(v4: 0xC000_0200 + $0), ttl: 60)
                        }
                    })
            ]
        }
        let plain = try await ask(try query("long.example", payloadSize: nil), .datagram, test.port)
        #expect(plain.flags.contains(.truncated))
        #expect(plain.answers.isEmpty)
        let large = try await ask(try query("long.example", payloadSize: 1232), .datagram, test.port)
        #expect(!large.flags.contains(.truncated))
        #expect(large.answers.count == 60)
        let stream = try await ask(try query("long.example", payloadSize: nil), .stream, test.port)
        #expect(stream.answers.count == 60)
        try await test.stop()
    }

    @Test func aPrivateAddressForAPublicNameIsWithheld() async throws {
        let test = try await TestForwarder { [.send($0.answer(0x0A00_0001))] }
        for origin in [QueryLogRow.Origin.upstream, .cache] {
            let answer = try await ask(try query("rebind.example"), .datagram, test.port)
            #expect(answer.answers.isEmpty)
            let row = try #require(test.rows.last)
            #expect(row.status == .blocked)
            #expect(row.reason == .rebindProtection)
            #expect(row.origin == origin)
        }
        try await test.stop()
    }

    @Test func noUpstreamAnswers() async throws {
        let test = try await TestForwarder(script: { _ in [] }, setup: { $0.settings.timeout = .milliseconds(200) })
        let answer = try await ask(try query("www.example.com"), .datagram, test.port)
        #expect(answer.responseCode == .serverFailure)
        #expect(answer.edns?.extendedErrors.map(\.code) == [.noReachableAuthority])
        #expect(test.rows.map(\.origin) == [.failure])
        #expect(test.rows.map(\.responseCode) == [2])
        #expect(test.forwarder.counters.failed == 1)
        try await test.stop()
    }

    @Test func nothingIsLoggedWhereNothingMayBe() async throws {
        let test = try await TestForwarder()
        try test.apply { $0.unlogged = ["lo/me"] }
        _ = try await ask(try query("one.example"), .datagram, test.port)
        try test.apply { $0.settings.queryLog.level = .off }
        _ = try await ask(try query("two.example"), .datagram, test.port)
        try test.apply { $0.settings.queryLog.level = .anonymous }
        _ = try await ask(try query("three.example"), .datagram, test.port)
        #expect(test.rows.map(\.domain) == ["three.example"])
        try await test.stop()
    }
}
