import DNSPolicy
import Testing

@testable import DNSForwarder

/// The tests of RFC 8906 8, of what the codec alone decides: each query has its answer of an empty NOERROR.
@Suite struct ConformanceTests {
    /// The answer a server without data gives.
    private func answer(_ bytes: [UInt8]) throws -> [UInt8] {
        switch IncomingQuery(bytes) {
        case .ignore: throw WireFault.truncated(offset: 0)
        case .reject(let rejection): rejection.encoded()
        case .minimalAny(let query), .query(let query): Answer().encoded(for: query, limit: query.udpLimit)
        }
    }

    private func query(_ flags: String, _ type: String = "0006", opt: String? = nil) -> [UInt8] {
        bytes(
            ofHex: "4242" + flags + "0001 0000 0000" + (opt == nil ? "0000" : "0001") + "03 666f6f 00" + type + "0001"
                + (opt ?? ""))
    }

    @Test(arguments: [
        ("8.1.1 SOA", "0000", "0006", "8080"),
        ("8.1.1 SOA, RD", "0100", "0006", "8180"),
        ("8.1.2 type 1000", "0000", "03e8", "8080"),
        ("8.1.3.1 CD", "0010", "0006", "8090"),
        ("8.1.3.2 AD, nothing validated", "0020", "0006", "8080"),
        ("8.1.3.3 reserved bit", "0040", "0006", "8080"),
        ("8.1.3.4 RD", "0100", "0006", "8180"),
        ("AA, TC, RA and a code in a query", "0685", "0006", "8080"),
    ])
    func basic(_ why: String, _ flags: String, _ type: String, _ expected: String) throws {
        expect(
            try answer(query(flags, type)),
            "4242", expected, "0001 0000 0000 0000",
            "03 666f6f 00", type, "0001")
    }

    /// 8.1.4: header only in, header only out, the opcode repeated.
    @Test(arguments: [UInt8(1), 2, 3, 7, 15]) func unknownOpcode(_ opcode: UInt8) throws {
        expect(
            try answer([0x42, 0x42, opcode << 3, 0] + [UInt8](repeating: 0, count: 8)),
            "4242", text([0x80 | opcode << 3, 0x84]), "0000 0000 0000 0000")
    }

    @Test(arguments: [
        ("8.2.1 minimal", "00 0029 1000 00 00 0000 0000", "8080", "00 0029 04d0 00 00 0000 0000"),
        ("8.2.2 version 1", "00 0029 1000 00 01 0000 0000", "8080", "00 0029 04d0 01 00 0000 0000"),
        ("8.2.3 unknown option", "00 0029 1000 00 00 0000 0004 0064 0000", "8080", "00 0029 04d0 00 00 0000 0000"),
        ("8.2.4 unknown flag", "00 0029 1000 00 00 0040 0000", "8080", "00 0029 04d0 00 00 0000 0000"),
        ("8.2.4 all unknown flags", "00 0029 1000 00 00 7fff 0000", "8080", "00 0029 04d0 00 00 0000 0000"),
        ("8.2.5 version 1 with a flag", "00 0029 1000 00 01 0040 0000", "8080", "00 0029 04d0 01 00 0000 0000"),
        (
            "8.2.6 version 1 with an option", "00 0029 1000 00 01 0000 0004 0064 0000", "8080",
            "00 0029 04d0 01 00 0000 0000"
        ),
        ("8.2.8 DO", "00 0029 1000 00 00 8000 0000", "8080", "00 0029 04d0 00 00 8000 0000"),
        ("8.2.9 version 1 with DO", "00 0029 1000 00 01 8000 0000", "8080", "00 0029 04d0 01 00 8000 0000"),
        (
            "8.2.10 NSID, cookie, client subnet and expire",
            "00 0029 1000 00 00 0000 001c 0003 0000 000a 0008 0001020304050607 0008 0004 00010000 0009 0000", "8080",
            "00 0029 04d0 00 00 0000 0000"
        ),
        ("an extended code in the query", "00 0029 1000 77 00 0000 0000", "8080", "00 0029 04d0 00 00 0000 0000"),
    ])
    func extended(_ why: String, _ opt: String, _ flags: String, _ expected: String) throws {
        expect(
            try answer(query("0000", opt: opt)),
            "4242", flags, "0001 0000 0000 0001",
            "03 666f6f 00 0006 0001",
            expected)
    }

    /// 8.2.7: what doesn't fit in 512 octets comes with TC and OPT.
    @Test func truncation() throws {
        let bytes = query("0000", "0030", opt: "00 0029 0200 00 00 8000 0000")
        guard case .query(let query) = IncomingQuery(bytes) else {
            Issue.record("no query")
            return
        }
        let key = ResourceRecord(
            name: query.question.name, type: .dnskey, ttl: 60, data: [UInt8](repeating: 7, count: 500))
        expect(
            Answer(isAuthentic: true, answers: [key]).encoded(for: query, limit: query.udpLimit),
            "4242 8280 0001 0000 0000 0001",  // TC, and AD of nothing is not set
            "03 666f6f 00 0030 0001",
            "00 0029 04d0 00 00 8000 0000")
        #expect(Answer(answers: [key]).encoded(for: query, limit: Answer.tcpLimit).count == 21 + 12 + 500 + 11)
    }
}
