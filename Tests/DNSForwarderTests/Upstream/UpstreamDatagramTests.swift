import DNSPolicy
import Model
import NIOCore
import Synchronization
import Testing

@testable import DNSForwarder

/// Plain DNS over UDP: what is an answer, and what is not.
@Suite struct UpstreamDatagramTests {
    @Test func theRightAnswerComesBack() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        let reply = try #require(await asking.ask(rogue.udp))
        #expect(reply.address == .answered)
        #expect(reply.upstream == rogue.udp)
        #expect(reply.message.questions == [Question(try DomainName(text: "www.example.com"), .a)])
        #expect(asking.counters.answered == 1)
        #expect(asking.counters.mismatched == 0)
        await rogue.stop()
    }

    @Test func theQueryHasOurOPTAndNothingOfAClient() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        let request = UpstreamRequest(
            Question(try DomainName(text: "www.example.com"), .a), isDNSSECOK: true, isCheckingDisabled: true,
            upstreams: [rogue.udp])
        _ = await asking.ask(request)
        let query = try #require(rogue.datagrams.first).message
        #expect(query.edns == EDNS(payloadSize: 1232, isDNSSECOK: true, options: []))
        #expect(query.flags == [.recursionDesired, .checkingDisabled])
        #expect(query.additional == [])
        await rogue.stop()
    }

    /// What is sent before the right answer, in place of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (RogueUpstream.Query) -> [UInt8]

        init(_ name: String, _ make: @escaping @Sendable (RogueUpstream.Query) -> [UInt8]) {
            testDescription = name
            self.make = make
        }

        static func question(_ name: String, _ change: @escaping @Sendable (Question) -> Question?) -> Fault {
            Fault(name) { query in query.answer(0x0606_0606) { $0.questions = $0.questions.compactMap(change) } }
        }

        static let all: [Fault] = [
            Fault("wrong id") { query in query.answer(0x0606_0606) { $0.id ^= 1 } },
            .question("wrong name") { Question(spelling: [1, 0x78] + $0.spelling, $0.type, $0.recordClass) },
            .question("wrong type") { Question(spelling: $0.spelling, .aaaa, $0.recordClass) },
            .question("wrong class") { Question(spelling: $0.spelling, $0.type, .chaos) },
            .question("no question") { _ in nil },
            Fault("two questions") { query in query.answer(0x0606_0606) { $0.questions += $0.questions } },
            Fault("QR=0") { query in query.answer(0x0606_0606) { $0.flags.remove(.response) } },
            Fault("another opcode") { query in query.answer(0x0606_0606) { $0.opcode = .status } },
            Fault("garbage") { _ in (0..<64).map { UInt8($0 * 7 & 0xFF) } },
            Fault("an octet too much") { query in query.answer(0x0606_0606) + [0] },
            Fault("cut in a record") { query in query.answer(0x0606_0606).dropLast(3) },
            Fault("nothing at all") { _ in [0] },
        ]
    }

    @Test(arguments: Fault.all) func whatDoesNotMatchIsIgnored(_ fault: Fault) async throws {
        let rogue = try await RogueUpstream { [.send(fault.make($0)), .send($0.answer())] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp)?.address == .answered)
        #expect(asking.counters.mismatched == 1)
        #expect(rogue.streamed.isEmpty)
        await rogue.stop()
    }

    @Test(arguments: Fault.all) func aloneItIsNoAnswer(_ fault: Fault) async throws {
        let rogue = try await RogueUpstream { [.send(fault.make($0))] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp, timeout: .milliseconds(300)) == nil)
        #expect(asking.counters.unanswered == 1)
        await rogue.stop()
    }

    @Test func aTruncatedAnswerIsAskedForOverTCP() async throws {
        let rogue = try await RogueUpstream { $0.isDatagram ? [.send($0.truncated)] : [.send($0.answer())] }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp)?.address == .answered)
        #expect(rogue.datagrams.count == 1)
        #expect(rogue.streamed.count == 1)
        #expect(asking.counters.retriedOverTCP == 1)
        await rogue.stop()
    }

    @Test func anAnswerCutAnywhereIsAskedForOverTCP() async throws {
        let rogue = try await RogueUpstream { query in
            guard query.isDatagram else { return [.send(query.answer())] }
            return [.send(query.answer { $0.flags.insert(.truncated) }.dropLast(20))]
        }
        #expect(try await TestAsking().ask(rogue.udp)?.address == .answered)
        await rogue.stop()
    }

    @Test func anAnswerThatDoesNotKeepTheCaseIsAskedForOverTCP() async throws {
        let rogue = try await RogueUpstream { query in
            guard query.isDatagram else { return [.send(query.answer())] }
            return [.send(query.answer(0x0606_0606) { $0.questions = $0.questions.map { Question($0.name, $0.type) } })]
        }
        let asking = TestAsking()
        let name = "a-name-with-many-letters-in-it.example.com"
        #expect(try await asking.ask(rogue.udp, name: name)?.address == .answered)
        #expect(asking.counters.retriedOverTCP == 1)
        #expect(asking.counters.mismatched == 1)
        await rogue.stop()
    }

    @Test func manyGuessesLeadToTCP() async throws {
        let rogue = try await RogueUpstream { query in
            guard query.isDatagram else { return [.send(query.answer())] }
            return (1...20).map { guess in .send(query.answer(0x0606_0606) { $0.id &+= guess }) }
        }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp)?.address == .answered)
        #expect(asking.counters.retriedOverTCP == 1)
        await rogue.stop()
    }

    @Test func aLateAnswerIsNone() async throws {
        let rogue = try await RogueUpstream { query in
            query.number < 2 ? [.later(.milliseconds(700), query.answer(0x0606_0606))] : [.send(query.answer())]
        }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp, timeout: .milliseconds(400)) == nil)
        try await Task.sleep(for: .milliseconds(500))
        #expect(try await asking.ask(rogue.udp)?.address == .answered)
        await rogue.stop()
    }

    @Test func aSlowAnswerIsStillTaken() async throws {
        let first = Mutex<RogueUpstream.Query?>(nil)
        let rogue = try await RogueUpstream { query in
            // The first question is answered when it has been asked again, to the port that it came from.
            guard let slow = first.withLock({ $0 }) else {
                first.withLock { $0 = query }
                return []
            }
            return [.answer(slow, slow.answer())]
        }
        #expect(try await TestAsking().ask(rogue.udp, timeout: .seconds(4))?.address == .answered)
        #expect(rogue.datagrams.count == 2, "asked once more when half of the time was over")
        #expect(Set(rogue.datagrams.map(\.source)).count == 2)
        await rogue.stop()
    }

    @Test func whatComesFromAnotherPortIsNotSeen() async throws {
        let forger = try await RogueUpstream { _ in [] }
        let rogue = try await RogueUpstream { query in
            forger.datagram(to: UInt16(query.source), query.answer(0x0606_0606))
            return [.later(.milliseconds(300), query.answer())]
        }
        let asking = TestAsking()
        #expect(try await asking.ask(rogue.udp)?.address == .answered)
        #expect(asking.counters.mismatched == 0)
        await rogue.stop()
        await forger.stop()
    }
}
