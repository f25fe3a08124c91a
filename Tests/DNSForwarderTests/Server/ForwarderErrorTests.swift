import DNSPolicy
import Foundation
import ListServer
import Model
import Testing

@testable import DNSForwarder

/// What an upstream says about its answer (RFC 8914), on its way to the client over real sockets.
@Suite struct ForwarderErrorTests {
    private static let missingKey = ExtendedError.Code(rawValue: 9)

    /// An upstream whose every answer has these errors.
    private func forwarder(
        rules: [String] = [], _ errors: [ExtendedError], code: ResponseCode = .noError, alias: String? = nil,
        address: UInt32 = 0xC000_0201
    ) async throws -> TestForwarder {
        let target = try alias.map { try DomainName(text: $0) }
        return try await TestForwarder(rules: rules) { query in
            [
                .send(
                    query.answer(address) { answer in
                        answer.responseCode = code
                        if code != .noError { answer.answers = [] }
                        if let target {
                            answer.answers = answer.questions.map { .cname($0.name, target, ttl: 300) }
                        }
                        answer.edns?.options = errors.map { .init($0) }
                    })
            ]
        }
    }

    private func errors(_ name: String, payloadSize: UInt16? = 1232, _ test: TestForwarder) async throws
        -> [ExtendedError]?
    {
        let bytes = try query(name, payloadSize: payloadSize)
        let datagrams = try await DatagramClient(test.port)
        var answers = [try await datagrams.ask(bytes)]
        await datagrams.close()
        let stream = try await StreamClient(test.port)
        answers.append(try await stream.ask(bytes))
        await stream.close()
        #expect(answers[0].edns == answers[1].edns && answers[0].responseCode == answers[1].responseCode)
        return answers[0].edns?.extendedErrors
    }

    @Test func aFailureIsExplained() async throws {
        let said = [ExtendedError(Self.missingKey, "no key for the DS"), ExtendedError(.noReachableAuthority)]
        let test = try await forwarder(said, code: .serverFailure)
        #expect(try await errors("bogus.example", test) == [.init(Self.missingKey, "upstream: no key for the DS")])
        #expect(try await errors("bogus.example", payloadSize: nil, test) == nil)
        #expect(test.rows.allSatisfy { $0.responseCode == 2 && $0.origin == .upstream })
        // Ours asks for errors, by an OPT record of its own without options, whoever asks us.
        #expect(test.upstream.queries.count == 4)
        #expect(test.upstream.queries.allSatisfy { $0.message.edns == EDNS() })
        try await test.stop()
    }

    @Test func theCacheKeepsIt() async throws {
        let test = try await forwarder([ExtendedError(.staleAnswer)])
        let stale = [ExtendedError(.staleAnswer, "upstream")]
        for _ in 0..<2 { #expect(try await errors("old.example", test) == stale) }
        #expect(test.upstream.queries.count == 1)
        #expect(test.rows.map(\.origin) == [.upstream, .cache, .cache, .cache])
        try await test.stop()
    }

    @Test func aLongTextIsCut() async throws {
        let option = EDNS.Option(code: 15, data: [0, 9] + [UInt8](repeating: UInt8(ascii: "x"), count: 1000))
        let test = try await TestForwarder { query in [.send(query.answer { $0.edns?.options = [option] })] }
        let text = try await errors("long.example", test)?.first?.text
        #expect(text == "upstream: " + String(repeating: "x", count: 190))
        try await test.stop()
    }

    /// An answer that is blocked, withheld or put behind an alias is no longer what the upstream spoke of.
    @Test func whatIsMadeHereSaysItsOwn() async throws {
        let said = [ExtendedError(.staleAnswer, "theirs")]
        let rules = ["||tracker.example^", "||mine.example^$dnsrewrite=www.example.org"]
        let cloaked = try await forwarder(rules: rules, said, alias: "x.tracker.example")
        #expect(try await errors("shop.example", cloaked) == [.init(.blocked, "rules:1: ||tracker.example^")])
        try await cloaked.stop()
        let rebinding = try await forwarder(said, address: 0x0A00_0001)
        #expect(try await errors("rebind.example", rebinding)?.map(\.code) == [.blocked])
        try await rebinding.stop()
        let aliased = try await forwarder(rules: rules, said)
        #expect(try await errors("mine.example", aliased) == [])
        #expect(try await errors("www.example.org", aliased) == [.init(.staleAnswer, "upstream: theirs")])
        try await aliased.stop()
    }

    /// A real Unbound that validates: the zone should be signed, and is not.
    @Test func unboundSaysWhyItFailed() async throws {
        let zone = try await RogueUpstream { [.send($0.answer())] }
        let place = try await RogueUpstream { _ in [] }
        await place.stop()
        let configuration = """
            server:
              interface: 127.0.0.1@\(place.port)
              do-not-query-localhost: no
              module-config: "validator iterator"
              ede: yes
              infra-keep-probing: yes
              trust-anchor: "bogus.example. DS 12345 13 2 \(String(repeating: "ab", count: 32))"
              chroot: ""
              username: ""
              pidfile: ""
              directory: "/"
              use-syslog: no
              do-daemonize: no
              num-threads: 1
            stub-zone:
              name: bogus.example
              stub-addr: 127.0.0.1@\(zone.port)
            remote-control:
              control-enable: no
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("unbound-\(UUID()).conf")
        defer { try? FileManager.default.removeItem(at: file) }
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        let unbound = try LastingProgram(["/usr/sbin/unbound", "-c", file.path, "-d"])
        let test = try await TestForwarder(setup: { $0.settings.upstreams = [place.udp] })
        let client = try await DatagramClient(test.port)
        let asked = try query("www.bogus.example")
        var answer = try await client.ask(asked)
        var error = answer.edns?.extendedErrors.first
        // Until it has opened its port our own answer says that no upstream can be reached; on a busy host it says the same of
        // the zone (22, "no reachable authority"), and asks again.
        for _ in 0..<300
        where error?.text.hasPrefix("upstream") != true || error?.code == .cachedError || error?.code.rawValue == 22 {
            try await Task.sleep(for: .milliseconds(100))
            answer = try await client.ask(asked)
            error = answer.edns?.extendedErrors.first
        }
        #expect(answer.responseCode == .serverFailure)
        let code = try #require(error?.code.rawValue)
        #expect((6...12).contains(code), "\(String(describing: error))")
        await client.close()
        try await test.stop()
        withExtendedLifetime(unbound) {}
        await zone.stop()
    }
}
