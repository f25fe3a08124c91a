import DNSPolicy
import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// Equal questions at one time, callers that go away, too many of them, and the end.
@Suite struct UpstreamMergeTests {
    @Test func equalQuestionsAreAskedOnce() async throws {
        let rogue = try await RogueUpstream { [.later(.seconds(1), $0.answer())] }
        let asking = TestAsking()
        await withTaskGroup(of: IPAddress?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let name = number.isMultiple(of: 2) ? "www.example.com" : "WWW.Example.COM"
                    return try? await asking.ask(rogue.udp, name: name)?.address
                }
            }
            for await address in group { #expect(address == .answered) }
        }
        #expect(rogue.queries.count == 1)
        #expect(asking.counters.asked == 200)
        #expect(asking.counters.merged == 199)
        #expect(asking.counters.answered == 200)
        #expect(asking.counters.sent == 1)
        await rogue.stop()
    }

    @Test func otherQuestionsAreNotMerged() async throws {
        let rogue = try await RogueUpstream { [.later(.milliseconds(500), $0.answer())] }
        let name = try DomainName(text: "www.example.com")
        let requests = [
            UpstreamRequest(Question(name, .a), upstreams: [rogue.udp]),
            UpstreamRequest(Question(name, .aaaa), upstreams: [rogue.udp]),
            UpstreamRequest(Question(name, .a), isDNSSECOK: true, upstreams: [rogue.udp]),
            UpstreamRequest(Question(name, .a), isCheckingDisabled: true, upstreams: [rogue.udp]),
            UpstreamRequest(Question(name, .a), upstreams: [rogue.udp, rogue.tcp]),
        ]
        let asking = TestAsking()
        await withTaskGroup(of: Void.self) { group in
            for request in requests { group.addTask { _ = await asking.client.ask(request) } }
        }
        #expect(asking.counters.merged == 0)
        await rogue.stop()
    }

    @Test func aCallerThatGoesTakesNothingFromOthers() async throws {
        let rogue = try await RogueUpstream { [.later(.seconds(1), $0.answer())] }
        let asking = TestAsking()
        let first = Task { try await asking.ask(rogue.udp) }
        #expect(try await eventually { rogue.queries.count == 1 })
        let second = Task { try await asking.ask(rogue.udp) }
        #expect(try await eventually { asking.counters.merged == 1 })
        first.cancel()
        #expect(try await first.value == nil)
        #expect(try await second.value?.address == .answered)
        #expect(rogue.queries.count == 1)
        await rogue.stop()
    }

    @Test func whenAllGoTheQuestionIsGivenUp() async throws {
        let rogue = try await RogueUpstream { _ in [] }
        let asking = TestAsking()
        let start = ContinuousClock.now
        let only = Task { try await asking.ask(rogue.tcp, timeout: .seconds(60)) }
        #expect(try await eventually { rogue.queries.count == 1 })
        only.cancel()
        #expect(try await only.value == nil)
        #expect(start.duration(to: .now) < .seconds(20))
        #expect(asking.counters.timedOut == 0)
        await rogue.stop()
    }

    @Test func tooManyWaitingGetNothingAtOnce() async throws {
        let rogue = try await RogueUpstream { [.later(.seconds(2), $0.answer())] }
        let asking = TestAsking { $0.mostWaiting = 10 }
        let waiting = Task {
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<10 {
                    group.addTask { (try? await asking.ask(rogue.udp, name: "n\(number).example.com")) != nil }
                }
                var answered = 0
                for await isAnswered in group where isAnswered { answered += 1 }
                return answered
            }
        }
        #expect(try await eventually { asking.counters.sent == 10 })
        #expect(try await asking.ask(rogue.udp, name: "more.example.com") == nil)
        #expect(asking.counters.overflowed == 1)
        #expect(await waiting.value == 10)
        #expect(try await asking.ask(rogue.udp, name: "later.example.com")?.address == .answered)
        await rogue.stop()
    }

    @Test func shutdownEndsEverything() async throws {
        let rogue = try await RogueUpstream { $0.spelling[1] | 0x20 == UInt8(ascii: "n") ? [] : [.send($0.answer())] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        let waiting = [rogue.tcp, rogue.udp].map { upstream in
            Task { try await asking.ask(upstream, name: "never.example.com", timeout: .seconds(60)) }
        }
        #expect(try await eventually { rogue.queries.count == 3 })
        let start = ContinuousClock.now
        await asking.client.shutdown()
        #expect(start.duration(to: .now) < .seconds(20))
        for task in waiting { #expect(try await task.value == nil) }
        #expect(try await eventually { rogue.openConnections == 0 })
        #expect(try await asking.ask(rogue.udp, timeout: .seconds(60)) == nil)
        await rogue.stop()
    }
}
