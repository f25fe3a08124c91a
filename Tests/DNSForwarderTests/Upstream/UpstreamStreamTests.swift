import DNSPolicy
import Model
import NIOCore
import Synchronization
import Testing

@testable import DNSForwarder

/// Connections over plain TCP: pipelining, and how they end.
@Suite struct UpstreamStreamTests {
    @Test func theRightAnswerComesBack() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(try await asking.ask(rogue.tcp, name: "other.example.com")?.address == .answered)
        #expect(rogue.connections == 1)
        #expect(rogue.datagrams.isEmpty)
        #expect(asking.counters.connectionsOpened == 1)
        #expect(asking.counters.connectionsReused == 1)
        await rogue.stop()
    }

    @Test(arguments: UpstreamDatagramTests.Fault.all)
    func whatDoesNotMatchIsIgnored(_ fault: UpstreamDatagramTests.Fault) async throws {
        let rogue = try await RogueUpstream { [.send(fault.make($0)), .send($0.answer())] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(asking.counters.mismatched == 1)
        await rogue.stop()
    }

    @Test func answersInAnyOrderReachTheirQuestions() async throws {
        let held = Mutex<[RogueUpstream.Query]>([])
        let rogue = try await RogueUpstream { query in
            let all = held.withLock { held in
                held.append(query)
                return held
            }
            // The last octet says which question this is.
            return all.count < 10 ? [] : all.reversed().map { .send($0.answer(0xC000_0200 + UInt32($0.spelling[1]))) }
        }
        let asking = TestAsking()
        await withTaskGroup(of: Void.self) { group in
            for letter in UInt8(ascii: "a")...UInt8(ascii: "j") {
                group.addTask {
                    let name = "\(Character(Unicode.Scalar(letter))).example.com"
                    let reply = try? await asking.ask(rogue.tcp, name: name)
                    #expect(reply?.address == IPAddress(v4: 0xC000_0200 + UInt32(letter)))
                }
            }
        }
        #expect(rogue.connections == 1)
        #expect(Set(rogue.streamed.map(\.message.id)).count == 10)
        await rogue.stop()
    }

    @Test func aHalfOpenConnectionCostsTheTimeoutAndNoMore() async throws {
        let rogue = try await RogueUpstream { $0.source == 1 ? [] : [.send($0.answer())] }
        let asking = TestAsking()
        // The second half of the time is for a fresh connection.
        #expect(try await asking.ask(rogue.tcp, timeout: .seconds(2))?.address == .answered)
        #expect(rogue.connections == 2)
        #expect(try await asking.ask(rogue.tcp, name: "next.example.com")?.address == .answered)
        #expect(rogue.connections == 2)
        #expect(try await eventually { rogue.openConnections == 1 })
        await rogue.stop()
    }

    @Test func aServerThatNeverAnswersCostsTheTimeoutAndNoMore() async throws {
        let isAwake = Mutex(false)
        let rogue = try await RogueUpstream { query in isAwake.withLock { $0 } ? [.send(query.answer())] : [] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.tcp, timeout: .milliseconds(500)) == nil)
        #expect(asking.counters.timedOut > 0)
        #expect(try await eventually { rogue.openConnections == 0 }, "what timed out is not used again")
        isAwake.withLock { $0 = true }
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        await rogue.stop()
    }

    @Test func aConnectionOnWhichOneQueryTimedOutIsNotUsedAgain() async throws {
        let rogue = try await RogueUpstream { $0.spelling[1] == UInt8(ascii: "n") ? [] : [.send($0.answer())] }
        let asking = TestAsking { $0.idle = .seconds(60) }
        let never = Task { try await asking.ask(rogue.tcp, name: "never.example.com", timeout: .seconds(4)) }
        #expect(try await eventually { rogue.queries.count == 1 })
        // It is alive, as this shows.
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(rogue.connections == 1)
        #expect(try await never.value == nil)
        #expect(try await eventually { rogue.openConnections == 0 })
        await rogue.stop()
    }

    @Test func aConnectionThatDiedIsReplacedOnce() async throws {
        let rogue = try await RogueUpstream { query in
            query.source == 1 && query.number == 1 ? [.close] : [.send(query.answer())]
        }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(try await asking.ask(rogue.tcp, name: "next.example.com")?.address == .answered)
        #expect(rogue.connections == 2)
        #expect(rogue.streamed.count == 3)
        await rogue.stop()
    }

    @Test func aConnectionClosedInAMessageIsReplacedOnce() async throws {
        let rogue = try await RogueUpstream { query in
            query.source == 1 ? [.raw(Array(query.answer().prefix(20))), .close] : [.send(query.answer())]
        }
        #expect(try await TestAsking().ask(rogue.tcp)?.address == .answered)
        #expect(rogue.connections == 2)
        await rogue.stop()
    }

    @Test func aServerThatAlwaysClosesFailsAtOnce() async throws {
        let rogue = try await RogueUpstream { _ in [.close] }
        let asking = TestAsking()
        let start = ContinuousClock.now
        #expect(try await asking.ask(rogue.tcp, timeout: .seconds(10)) == nil)
        #expect(start.duration(to: .now) < .seconds(9))
        #expect(rogue.connections == 2)
        #expect(asking.counters.sent == 2)
        await rogue.stop()
    }

    @Test func anIdleConnectionIsClosed() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking { $0.idle = .milliseconds(200) }
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(try await eventually { rogue.openConnections == 0 })
        #expect(try await asking.ask(rogue.tcp)?.address == .answered)
        #expect(rogue.connections == 2)
        await rogue.stop()
    }

    @Test func aFloodOnAConnectionClosesIt() async throws {
        let rogue = try await RogueUpstream { query in
            guard query.source == 1 else { return [.send(query.answer())] }
            return (1...200).map { guess in .send(query.answer(0x0606_0606) { $0.id &+= guess }) }
        }
        #expect(try await TestAsking().ask(rogue.tcp)?.address == .answered)
        #expect(rogue.connections == 2)
        await rogue.stop()
    }

    @Test func manyQueriesOpenNoMoreConnectionsThanAllowed() async throws {
        let rogue = try await RogueUpstream { [.later(.milliseconds(200), $0.answer())] }
        let asking = TestAsking { limits in
            limits.busyConnection = 4
            limits.mostConnections = 3
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let reply = try? await asking.ask(rogue.tcp, name: "n\(number).example.com")
                    #expect(reply?.address == .answered)
                }
            }
        }
        #expect(rogue.connections <= 3)
        await rogue.stop()
    }
}
