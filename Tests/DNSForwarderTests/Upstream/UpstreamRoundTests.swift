import DNSPolicy
import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// Which upstream is asked, when, and how often.
@Suite struct UpstreamRoundTests {
    @Test func aDeadUpstreamLeadsToTheNextAndIsAskedLastThen() async throws {
        let dead = try await RogueUpstream { _ in [] }
        let alive = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        let timeout = Duration.seconds(3)
        #expect(try await asking.ask(dead.udp, alive.udp, timeout: timeout)?.upstream == alive.udp)
        #expect(dead.datagrams.count == 1)
        for number in 0..<10 {
            let reply = try await asking.ask(dead.udp, alive.udp, name: "n\(number).example.com", timeout: timeout)
            #expect(reply?.upstream == alive.udp)
        }
        #expect(dead.datagrams.count == 1)
        await dead.stop()
        await alive.stop()
    }

    @Test func anUpstreamThatCoolsDownIsTriedAgainLater() async throws {
        let first = try await RogueUpstream { $0.number == 0 ? [] : [.send($0.answer())] }
        let second = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking { $0.coolDown = .milliseconds(100) }
        #expect(try await asking.ask(first.udp, second.udp, timeout: .seconds(3))?.upstream == second.udp)
        try await Task.sleep(for: .milliseconds(150))
        let reply = try await asking.ask(first.udp, second.udp, name: "next.example.com")
        #expect(reply?.upstream == first.udp)
        await first.stop()
        await second.stop()
    }

    @Test func aClosedPortFailsAtOnce() async throws {
        let gone = try await RogueUpstream { _ in [] }
        await gone.stop()
        let alive = try await RogueUpstream { [.send($0.answer())] }
        for closed in [gone.udp, gone.tcp] {
            let start = ContinuousClock.now
            #expect(try await TestAsking().ask(closed, alive.udp, timeout: .seconds(30))?.upstream == alive.udp)
            #expect(start.duration(to: .now) < .seconds(9), "before the share of the time was over")
        }
        let start = ContinuousClock.now
        #expect(try await TestAsking().ask(gone.udp, gone.tcp, timeout: .seconds(30)) == nil)
        #expect(start.duration(to: .now) < .seconds(9))
        await alive.stop()
    }

    @Test func whenAllAreSilentTheTimeHolds() async throws {
        let silent = try await RogueUpstream { _ in [] }
        let other = try await RogueUpstream { _ in [] }
        let third = try await RogueUpstream { _ in [] }
        let asking = TestAsking()
        let start = ContinuousClock.now
        #expect(try await asking.ask(silent.udp, other.tcp, third.udp, timeout: .seconds(1)) == nil)
        #expect(start.duration(to: .now) >= .milliseconds(990))
        // No more than two retries for each. How many are reached at all in so short a time depends on the machine.
        #expect((1...7).contains(asking.counters.sent))
        for rogue in [silent, other, third] { await rogue.stop() }
    }

    @Test func oneQuestionIsNeverSentMoreOftenThanAllowed() async throws {
        // Every way that leads to another try.
        let rogue = try await RogueUpstream { $0.isDatagram ? [.send($0.truncated)] : [.close] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp, timeout: .milliseconds(600)) == nil)
        #expect(asking.counters.sent <= 3)
        await rogue.stop()
    }

    @Test func withoutUpstreamsThereIsNoAnswer() async throws {
        let request = UpstreamRequest(Question(try DomainName(text: "example.com"), .a), upstreams: [])
        #expect(await TestAsking().client.ask(request) == nil)
    }

    @Test func aFailureAnswerIsAnAnswer() async throws {
        let rogue = try await RogueUpstream { query in
            [
                .send(
                    query.answer { answer in
                        answer.responseCode = .serverFailure
                        answer.answers = []
                    })
            ]
        }
        #expect(try await TestAsking().ask(rogue.udp)?.message.responseCode == .serverFailure)
        #expect(rogue.queries.count == 1)
        await rogue.stop()
    }

    @Test func theFastestIsPreferred() async throws {
        let slow = try await RogueUpstream { [.later(.milliseconds(300), $0.answer())] }
        let middle = try await RogueUpstream { [.later(.milliseconds(150), $0.answer())] }
        let fast = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        var winners: [DNSUpstream?] = []
        for number in 0..<12 {
            winners.append(
                try await asking.ask(
                    slow.udp, middle.udp, fast.udp, name: "n\(number).example.com", strategy: .fastest)?.upstream)
        }
        #expect(winners.suffix(8).allSatisfy { $0 == fast.udp })
        #expect(asking.counters.unanswered == 0)
        for rogue in [slow, middle, fast] { await rogue.stop() }
    }
}
