import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

@Suite struct AnswerTests {
    private let question = Question(validated: hex("03 577777 01 41 00"), .a, .internet)  // WWw.A.
    private var plain: ClientQuery { ClientQuery(id: 0x1234, question: question) }
    private var extended: ClientQuery { ClientQuery(id: 0x1234, question: question, payloadSize: 1400) }

    private func record(_ name: String, _ count: Int, ttl: UInt32 = 60) throws -> ResourceRecord {
        ResourceRecord(
            name: try DomainName(text: name), type: .txt, ttl: ttl, data: [UInt8](repeating: 0x78, count: count))
    }

    @Test func address() throws {
        let address = try #require(IPAddress("192.0.2.1"))
        let answer = Answer(answers: [.address(question.name, address, ttl: 60)])
        expect(
            answer.encoded(for: plain, limit: 512),
            "1234 8180 0001 0001 0000 0000",
            "03 577777 01 41 00 0001 0001",  // as it was asked
            "c00c 0001 0001 0000003c 0004 c0000201")
        expect(
            answer.encoded(for: extended, limit: 1232),
            "1234 8180 0001 0001 0000 0001",
            "03 577777 01 41 00 0001 0001",
            "c00c 0001 0001 0000003c 0004 c0000201",
            "00 0029 04d0 00 00 0000 0000")
    }

    @Test func negative() throws {
        let zone = try DomainName(text: "a")
        let authority = StartOfAuthority(
            primary: zone, mailbox: try DomainName(text: "b.a"), serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
        let answer = Answer(
            .nameError, isAuthoritative: true, authority: [.soa(zone, authority, ttl: 10)],
            error: ExtendedError(.blocked, "rule é"))
        expect(
            answer.encoded(for: extended, limit: 1232),
            "1234 8583 0001 0000 0001 0001",
            "03 577777 01 41 00 0001 0001",
            "c010 0006 0001 0000000a 001c 01 61 00 01 62 01 61 00",
            "00000001 00000002 00000003 00000004 00000005",
            "00 0029 04d0 00 00 0000 000d",
            "000f 0009 000f 72756c6520c3a9")  // EDE 15
        // Without EDNS there is no place for the reason.
        #expect(answer.encoded(for: plain, limit: 512).count == answer.encoded(for: extended, limit: 512).count - 24)
    }

    /// AD is only for who asked for it, by AD or DO.
    @Test(arguments: [
        (false, false, false, false), (true, false, false, false), (true, true, false, true), (true, false, true, true),
        (false, true, true, false),
    ])
    func authenticData(_ isAuthentic: Bool, _ ad: Bool, _ isDNSSECOK: Bool, _ expected: Bool) throws {
        let query = ClientQuery(
            id: 1, question: question, isRecursionDesired: false, isCheckingDisabled: true, isAuthenticDataWanted: ad,
            isDNSSECOK: isDNSSECOK, payloadSize: 512)
        let message = try Message(decoding: Answer(isAuthentic: isAuthentic).encoded(for: query, limit: 512))
        #expect(message.flags.contains(.authenticData) == expected)
        #expect(message.flags.contains(.checkingDisabled))
        #expect(!message.flags.contains(.recursionDesired))
        #expect(message.edns?.isDNSSECOK == isDNSSECOK)
    }

    @Test func edited() throws {
        let name = question.name
        let signature = ResourceRecord(name: name, type: .rrsig, ttl: 1, data: [1])
        let kept = try record("a", 3)
        let answer = Answer(
            isAuthentic: true, answers: [kept, signature], authority: [signature], additional: [signature, kept])
        #expect(answer.edited() == Answer(answers: [kept], additional: [kept]))
    }

    @Test func age() throws {
        let answer = Answer(answers: [try record("a", 1, ttl: 60), try record("a", 1, ttl: 5)])
        func ttls(_ age: UInt32) throws -> [UInt32] {
            try Message(decoding: answer.encoded(for: plain, limit: 512, age: age)).answers.map(\.ttl)
        }
        #expect(try ttls(0) == [60, 5])
        #expect(try ttls(5) == [55, 0])
        #expect(try ttls(1000) == [0, 0])
    }

    /// Question, and a record of 12 octets and its data: 12 + 11 + 12 + data.
    @Test func truncation() throws {
        let fitting = Answer(answers: [try record("www.a", 477)])
        #expect(fitting.encoded(for: plain, limit: 512).count == 512)
        let long = Answer(answers: [try record("www.a", 478)])
        expect(long.encoded(for: plain, limit: 512), "1234 8380 0001 0000 0000 0000", "03 577777 01 41 00 0001 0001")
        #expect(try Message(decoding: long.encoded(for: plain, limit: 513)).answers.count == 1)
        // OPT counts.
        #expect(try Message(decoding: fitting.encoded(for: extended, limit: 522)).flags.contains(.truncated))
        #expect(fitting.encoded(for: extended, limit: 523).count == 523)
        // Authority counts as much as answers.
        let both = Answer(.nameError, answers: [try record("www.a", 100)], authority: [try record("a", 400)])
        let message = try Message(decoding: both.encoded(for: plain, limit: 512))
        #expect(message.flags.contains(.truncated))
        #expect(message.answers == [] && message.authority == [])
        #expect(message.responseCode == .nameError)
        // A limit below the smallest is none.
        #expect(fitting.encoded(for: plain, limit: 0).count == 512)
    }

    @Test func additionalIsLeftOutSilently() throws {
        let small = try record("a", 10)
        let answer = Answer(answers: [small], additional: [try record("x.a", 10), try record("b.a", 480)])
        let message = try Message(decoding: answer.encoded(for: extended, limit: 512))
        #expect(!message.flags.contains(.truncated))
        #expect(message.answers == [small])
        #expect(message.additional == [])
        #expect(message.edns != nil)
        #expect(try Message(decoding: answer.encoded(for: extended, limit: 1232)).additional.count == 2)
    }

    /// The longest question and the longest text still fit into the smallest answer.
    @Test func smallestAnswer() throws {
        let name = try DomainName(text: String(repeating: "a.", count: 127))
        let query = ClientQuery(id: 1, question: Question(name, .a), payloadSize: 512)
        let error = ExtendedError(.blocked, String(repeating: "x", count: 5000))
        let bytes = Answer(.refused, answers: [try record("a", 500)], error: error).encoded(for: query, limit: 512)
        #expect(bytes.count == 12 + 259 + 11 + 6 + 200)
        let message = try Message(decoding: bytes)
        #expect(message.flags.contains(.truncated))
        #expect(message.edns?.extendedErrors.first?.text.count == 200)
    }

    @Test func anUpstreamsErrorIsToldWhereNothingElseIs() throws {
        var answer = Answer(.serverFailure)
        answer.upstreamError = ExtendedError(.bogus, "upstream: a key is missing")
        func told(_ answer: Answer, _ query: ClientQuery? = nil) throws -> [ExtendedError]? {
            try Message(decoding: answer.encoded(for: query ?? extended, limit: 512)).edns?.extendedErrors
        }
        #expect(try told(answer) == [ExtendedError(.bogus, "upstream: a key is missing")])
        #expect(try told(answer, plain) == nil)
        #expect(try told(answer.edited()) == [])
        answer.error = ExtendedError(.blocked, "ads:1")
        #expect(try told(answer) == [ExtendedError(.blocked, "ads:1")])
        #expect(try told(answer.edited()) == [ExtendedError(.blocked, "ads:1")])
    }

    /// An answer that only just fits is not cut for the text beside it.
    @Test func theTextGoesBeforeTheRecords() throws {
        let error = ExtendedError(.staleAnswer, String(repeating: "x", count: 100))
        func told(_ count: Int) throws -> Message {
            let answer = Answer(answers: [try record("www.a", count)], error: error)
            return try Message(decoding: answer.encoded(for: extended, limit: 512))
        }
        let room = 512 - 12 - 11 - 12 - 11 - 6
        for (count, text, records) in [(room - 100, 100, 1), (room - 99, 0, 1), (room, 0, 1), (room + 1, 100, 0)] {
            let message = try told(count)
            #expect(message.edns?.extendedErrors.map(\.code) == [.staleAnswer], "\(count)")
            #expect(message.edns?.extendedErrors.first?.text.utf8.count == text, "\(count)")
            #expect(message.answers.count == records, "\(count)")
            #expect(message.flags.contains(.truncated) == (records == 0), "\(count)")
        }
    }

    @Test func textIsCutBetweenCharacters() {
        #expect(ExtendedError(.other, String(repeating: "é", count: 101)).text == String(repeating: "é", count: 100))
        #expect(ExtendedError(.other, "x" + String(repeating: "é", count: 100)).text.utf8.count == 199)
        #expect(ExtendedError(.other, "short").text == "short")
    }

    /// A code of more than four bits needs OPT.
    @Test func extendedCodes() throws {
        #expect(try Message(decoding: Answer(.badCookie).encoded(for: extended, limit: 512)).responseCode == .badCookie)
        #expect(
            try Message(decoding: Answer(.badCookie).encoded(for: plain, limit: 512)).responseCode == .serverFailure)
        let bare = Message(id: 1, responseCode: .badVersion)
        #expect(try Message(decoding: bare.encoded()).responseCode == .serverFailure)
    }

    @Test func moreThanAMessageHolds() throws {
        let big = ResourceRecord(name: .root, type: .txt, ttl: 1, data: [UInt8](repeating: 0, count: 65536))
        let message = try Message(decoding: Answer(answers: [big]).encoded(for: plain, limit: Answer.tcpLimit))
        #expect(message.flags.contains(.truncated))
        #expect(message.answers == [])
        let many = [ResourceRecord](repeating: try record("www.a", 200), count: 400)
        #expect(
            try Message(decoding: Answer(answers: many).encoded(for: plain, limit: 1_000_000)).flags.contains(
                .truncated))
    }
}
