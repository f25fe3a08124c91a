import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// What is no good query, over real sockets: answered by its fault, and never asked of an upstream.
@Suite struct ForwarderFaultTests {
    private static let name = "01 41 00"
    private static let opt = "00 0029 1000 00 00 0000 0000"

    private static let faults: [(why: String, hex: String)] = [
        ("no question", "1234 0100 0000 0000 0000 0000"),
        ("two questions", "1234 0100 0002 0000 0000 0000 \(name) 0001 0001 \(name) 0001 0001"),
        ("a question that is missing", "1234 0100 0001 0000 0000 0000"),
        ("a name cut off", "1234 0100 0001 0000 0000 0000 05 6161616161"),
        ("a pointer as name", "1234 0100 0001 0000 0000 0000 c00c 0001 0001"),
        ("a label of a reserved kind", "1234 0100 0001 0000 0000 0000 80 00 0001 0001"),
        ("two OPT", "1234 0100 0001 0000 0000 0002 \(name) 0001 0001 \(opt) \(opt)"),
        ("OPT as answer", "1234 0100 0001 0001 0000 0000 \(name) 0001 0001 \(opt)"),
        ("OPT with an owner", "1234 0100 0001 0000 0000 0001 \(name) 0001 0001 0161 \(opt)"),
        ("half an option", "1234 0100 0001 0000 0000 0001 \(name) 0001 0001 00 0029 1000 00 00 0000 0002 000a"),
        ("octets behind the end", "1234 0100 0001 0000 0000 0000 \(name) 0001 0001 00"),
        ("more records than there can be", "1234 0100 0001 ffff ffff ffff \(name) 0001 0001"),
        ("a record cut off", "1234 0100 0001 0001 0000 0000 \(name) 0001 0001 c00c 0001 0001 00000000 0004 01"),
        ("a meta type", "1234 0100 0001 0000 0000 0000 \(name) 00fa 0001"),
    ]

    @Test func malformedMessagesGetTheirCode() async throws {
        let test = try await TestForwarder()
        let datagrams = try await DatagramClient(test.port)
        let stream = try await StreamClient(test.port)
        for (why, hex) in Self.faults {
            let message = bytes(ofHex: hex)
            for answer in [try await datagrams.ask(message), try await stream.ask(message)] {
                #expect(answer.responseCode == .formatError, "\(why)")
                #expect(answer.id == 0x1234, "\(why)")
            }
        }
        let counters = test.forwarder.counters
        #expect(counters.malformed == 2 * Self.faults.count)
        #expect(counters.answered == 0)
        #expect(test.upstream.queries.isEmpty)
        await datagrams.close()
        await stream.close()
        try await test.stop()
    }

    /// What gets no answer is followed by what gets one.
    @Test func answersAndScrapsAreDropped() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let client = try await DatagramClient(test.port)
        let good = try query("blocked.example", id: 99)
        var answer = good
        answer[2] |= 0x80
        for message in [answer, Array(good.prefix(11)), []] { try await client.send(message) }
        #expect(try await client.ask(good).id == 99)
        #expect(client.mailbox.count == 0)
        #expect(test.forwarder.counters.dropped == 3)
        #expect(test.upstream.queries.isEmpty)
        await client.close()
        try await test.stop()
    }

    /// The set of RFC 8906 8, over UDP and TCP, against a name that a rule answers without data.
    @Test func conformance() async throws {
        let test = try await TestForwarder(rules: ["||foo^$dnsrewrite=NOERROR"])
        let datagrams = try await DatagramClient(test.port)
        let stream = try await StreamClient(test.port)
        func question(_ flags: String, _ type: String = "0006", opt: String = "") -> [UInt8] {
            bytes(
                ofHex: "4242 \(flags) 0001 0000 0000 \(opt.isEmpty ? "0000" : "0001") 03 666f6f 00 \(type) 0001 \(opt)")
        }
        let cases: [(why: String, query: [UInt8], code: ResponseCode, version: UInt8?)] = [
            ("8.1.1 SOA", question("0000"), .noError, nil),
            ("8.1.2 type 1000", question("0000", "03e8"), .noError, nil),
            ("8.1.3.1 CD", question("0010"), .noError, nil),
            ("8.1.3.2 AD", question("0020"), .noError, nil),
            ("8.1.3.3 reserved bit", question("0040"), .noError, nil),
            ("8.1.3.4 RD", question("0100"), .noError, nil),
            ("8.1.4 unknown opcode", hex("4242 7800 0000 0000 0000 0000"), .notImplemented, nil),
            ("8.2.1 EDNS", question("0000", opt: "00 0029 1000 00 00 0000 0000"), .noError, 0),
            ("8.2.2 EDNS 1", question("0000", opt: "00 0029 1000 00 01 0000 0000"), .badVersion, 0),
            ("8.2.3 option", question("0000", opt: "00 0029 1000 00 00 0000 0004 0064 0000"), .noError, 0),
            ("8.2.4 flag", question("0000", opt: "00 0029 1000 00 00 0040 0000"), .noError, 0),
            ("8.2.5 EDNS 1, flag", question("0000", opt: "00 0029 1000 00 01 0040 0000"), .badVersion, 0),
            ("8.2.6 EDNS 1, option", question("0000", opt: "00 0029 1000 00 01 0000 0004 0064 0000"), .badVersion, 0),
            ("8.2.8 DO", question("0000", opt: "00 0029 1000 00 00 8000 0000"), .noError, 0),
            ("version.bind", hex("4242 0000 0001 0000 0000 0000 03 666f6f 00 0010 0003"), .refused, nil),
        ]
        for (why, query, code, version) in cases {
            for answer in [try await datagrams.ask(query), try await stream.ask(query)] {
                #expect(answer.responseCode == code, "\(why)")
                #expect(answer.edns?.version == version, "\(why)")
                #expect(!answer.flags.contains(.reserved), "\(why)")
                #expect(answer.flags.contains(.recursionDesired) == (query[2] & 1 == 1), "\(why)")
                #expect(answer.flags.contains(.checkingDisabled) == (query[3] & 0x10 > 0), "\(why)")
                #expect(!answer.flags.contains(.authenticData), "\(why)")
            }
        }
        #expect(test.upstream.queries.isEmpty)
        await datagrams.close()
        await stream.close()
        try await test.stop()
    }
}
