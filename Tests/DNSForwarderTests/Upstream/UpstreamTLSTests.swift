import DNSPolicy
import Model
import NIOSSL
import Testing

@testable import DNSForwarder

/// DNS over TLS: whom we trust, and that nothing is ever sent in plain.
@Suite struct UpstreamTLSTests {
    let certificates: TestCertificates

    init() throws { certificates = try TestCertificates.get() }

    /// A part of the question's name as it would stand in a plain query.
    static let label = [UInt8("secretlabel".utf8.count)] + Array("secretlabel".utf8)
    static let name = "secretlabel.example.com"

    static func isPlain(_ octets: [UInt8]) -> Bool { octets.contains(label) }

    @Test func theRightAnswerComesBack() async throws {
        let rogue = try await RogueUpstream(certificates.good) { [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        #expect(try await asking.ask(rogue.tls(), name: Self.name)?.address == .answered)
        #expect(!Self.isPlain(rogue.streamOctets))
        await asking.client.shutdown()
        await rogue.stop()
    }

    @Test func twentyQuestionsShareOneConnection() async throws {
        let rogue = try await RogueUpstream(certificates.good) { [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let reply = try? await asking.ask(rogue.tls(), name: "n\(number).example.com")
                    #expect(reply?.address == .answered)
                }
            }
        }
        #expect(rogue.connections == 1)
        #expect(rogue.streamed.count == 20)
        #expect(asking.counters.connectionsOpened == 1)
        #expect(asking.counters.connectionsReused == 19)
        await rogue.stop()
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        let rogue = try await RogueUpstream(certificates.otherName) { [.send($0.answer())] }
        try await expectRefusal(rogue, TestAsking(roots: certificates.roots))
        // Its own name would do.
        let asking = TestAsking(roots: certificates.roots)
        #expect(try await asking.ask(rogue.tls("other.test"))?.address == .answered)
        await rogue.stop()
    }

    @Test func aCertificateThatNobodyKnownSignedIsRefused() async throws {
        let rogue = try await RogueUpstream(certificates.selfSigned) { [.send($0.answer())] }
        try await expectRefusal(rogue, TestAsking(roots: certificates.roots))
        await rogue.stop()
    }

    @Test func theRootsOfTheSystemDoNotKnowTheTests() async throws {
        let rogue = try await RogueUpstream(certificates.good) { [.send($0.answer())] }
        try await expectRefusal(rogue, TestAsking())
        await rogue.stop()
    }

    @Test func aServerWithoutTLSGetsNoQuestion() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        #expect(try await asking.ask(rogue.tls(), name: Self.name, timeout: .milliseconds(800)) == nil)
        #expect(rogue.queries.isEmpty)
        #expect(rogue.streamOctets.first == 22, "a TLS handshake")
        #expect(!Self.isPlain(rogue.streamOctets))
        await rogue.stop()
    }

    @Test func aRefusedUpstreamLeadsToTheNext() async throws {
        let bad = try await RogueUpstream(certificates.otherName) { [.send($0.answer(0x0606_0606))] }
        let good = try await RogueUpstream(certificates.good) { [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        let reply = try await asking.ask(bad.tls(), good.tls())
        #expect(reply?.upstream == good.tls())
        #expect(bad.queries.isEmpty)
        await bad.stop()
        await good.stop()
    }

    @Test func aHalfOpenConnectionIsReplaced() async throws {
        let rogue = try await RogueUpstream(certificates.good) { $0.source == 1 ? [] : [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        #expect(try await asking.ask(rogue.tls(), timeout: .seconds(4))?.address == .answered)
        #expect(rogue.connections == 2)
        await rogue.stop()
    }

    @Test func aNameThatCannotStandInAHandshakeFails() async throws {
        let rogue = try await RogueUpstream(certificates.good) { [.send($0.answer())] }
        let asking = TestAsking(roots: certificates.roots)
        #expect(try await asking.ask(rogue.tls("127.0.0.1"), timeout: .milliseconds(800)) == nil)
        #expect(rogue.queries.isEmpty)
        await rogue.stop()
    }

    private func expectRefusal(_ rogue: RogueUpstream, _ asking: TestAsking) async throws {
        #expect(try await asking.ask(rogue.tls(), name: Self.name, timeout: .seconds(3)) == nil)
        #expect(rogue.queries.isEmpty)
        #expect(!Self.isPlain(rogue.streamOctets))
        #expect(asking.counters.failed > 0)
        #expect(asking.counters.timedOut == 0)
    }
}
