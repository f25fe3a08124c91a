import DNSPolicy
import Testing

@testable import DNSForwarder

@Suite struct IncomingQueryTests {
    static let question = hex("01 41 00", "0001 0001")  // A. A IN
    static let opt = hex("00 0029 1000 00 00 0000 0000")

    static func query(flags: String = "0100", counts: String = "0001 0000 0000 0000", _ rest: [UInt8]) -> [UInt8] {
        bytes(ofHex: "1234" + flags + counts) + rest
    }

    private func rejected(_ bytes: [UInt8]) -> Rejection? {
        if case .reject(let rejection) = IncomingQuery(bytes) { rejection } else { nil }
    }

    private func good(_ bytes: [UInt8]) -> ClientQuery? {
        if case .query(let query) = IncomingQuery(bytes) { query } else { nil }
    }

    @Test func plain() throws {
        let query = try #require(good(Self.query(Self.question)))
        #expect(query.id == 0x1234)
        #expect(query.question.name.description == "a")
        #expect(query.question.spelling == hex("01 41 00"))
        #expect(query.question.octets == Self.question)
        #expect(query.question.type == .a)
        #expect(query.isRecursionDesired)
        #expect(!query.isCheckingDisabled)
        #expect(!query.isAuthenticDataWanted)
        #expect(!query.isDNSSECOK)
        #expect(!query.hasEDNS)
        #expect(query.udpLimit == 512)
    }

    @Test func flags() throws {
        let query = try #require(
            good(
                Self.query(
                    flags: "0030", counts: "0001 0000 0000 0001", Self.question + hex("00 0029 0400 00 00 8000 0000"))))
        #expect(!query.isRecursionDesired)
        #expect(query.isCheckingDisabled)
        #expect(query.isAuthenticDataWanted)
        #expect(query.isDNSSECOK)
        #expect(query.payloadSize == 1024)
    }

    @Test(arguments: [
        ("0000", 512), ("0001", 512), ("01ff", 512), ("0200", 512), ("0201", 513), ("04d0", 1232), ("1000", 1232),
        ("ffff", 1232),
    ])
    func sizes(_ field: String, _ limit: Int) throws {
        let opt = hex("00 0029") + bytes(ofHex: field) + hex("00 00 0000 0000")
        let query = try #require(good(Self.query(counts: "0001 0000 0000 0001", Self.question + opt)))
        #expect(query.udpLimit == limit)
        #expect(query.hasEDNS)
    }

    @Test(arguments: 0..<12) func short(_ count: Int) {
        #expect(IncomingQuery(Array(Self.query(Self.question).prefix(count))) == .ignore)
    }

    @Test(arguments: ["8100", "8180", "f800", "ffff"]) func answersAreIgnored(_ flags: String) {
        #expect(IncomingQuery(Self.query(flags: flags, Self.question)) == .ignore)
    }

    /// Header only, whatever follows it.
    @Test(arguments: 1...15) func otherOpcodes(_ opcode: UInt8) throws {
        var bytes = Self.query(Self.question)
        bytes[2] = opcode << 3 | 1
        for bytes in [bytes, Array(bytes.prefix(12)), bytes + [1, 2, 3]] {
            let rejection = try #require(rejected(bytes))
            #expect(rejection.responseCode == .notImplemented)
            #expect(rejection.opcode.rawValue == opcode)
            expect(rejection.encoded(), "1234", text([0x81 | opcode << 3, 0x84]), "0000 0000 0000 0000")
        }
    }

    @Test(
        arguments: [
            ("no question", query(counts: "0000 0000 0000 0000", [])),
            ("two questions", query(counts: "0002 0000 0000 0000", question + question)),
            ("a question that is missing", query([])),
            ("a question cut off", query(question.dropLast())),
            ("a name cut off", query(hex("05 6161616161"))),
            ("a pointer as name", query(hex("c00c 0001 0001"))),
            ("a pointer into the header", query(hex("c000 0001 0001"))),
            ("a label of 64", query(hex("40") + [UInt8](repeating: 0x61, count: 64) + hex("00 0001 0001"))),
            ("a label of the kind 10", query(hex("80 00 0001 0001"))),
            ("counts beyond the octets", query(counts: "0001 0000 0000 ffff", question + opt)),
            ("all counts at the top", query(counts: "ffff ffff ffff ffff", question)),
            ("a name of 256 octets", query((0..<127).flatMap { _ in hex("01 61") } + hex("01 00 0001 0001"))),
        ] as [(String, [UInt8])])
    func unreadable(_ why: String, _ bytes: [UInt8]) throws {
        let rejection = try #require(rejected(bytes), "\(why)")
        #expect(rejection.responseCode == .formatError, "\(why)")
        expect(rejection.encoded(), "1234 8181 0000 0000 0000 0000")
    }

    /// The question was read, and is repeated; so is OPT once one was seen.
    @Test(
        arguments: [
            ("an octet behind the end", query(question + [0]), false),
            ("an octet behind OPT", query(counts: "0001 0000 0000 0001", question + opt + [0]), true),
            ("two OPT", query(counts: "0001 0000 0000 0002", question + opt + opt), true),
            ("OPT as answer", query(counts: "0001 0001 0000 0000", question + opt), false),
            ("OPT as authority", query(counts: "0001 0000 0001 0000", question + opt), false),
            ("OPT with an owner", query(counts: "0001 0000 0000 0001", question + [1, 0x61] + opt), false),
            (
                "OPT with a pointer as owner",
                query(counts: "0001 0000 0000 0001", question + hex("c00e") + opt.dropFirst()), false
            ),
            (
                "an option past the end",
                query(counts: "0001 0000 0000 0001", question + hex("00 0029 1000 00 00 0000 0004 000a 0001")), true
            ),
            (
                "half an option",
                query(counts: "0001 0000 0000 0001", question + hex("00 0029 1000 00 00 0000 0002 000a")), true
            ),
            (
                "OPT length past the end",
                query(counts: "0001 0000 0000 0001", question + hex("00 0029 1000 00 00 0000 0001")), false
            ),
            (
                "a record cut off",
                query(counts: "0001 0001 0000 0000", question + hex("c00c 0001 0001 00000000 0004 010203")),
                false
            ),
        ] as [(String, [UInt8], Bool)])
    func badRecords(_ why: String, _ bytes: [UInt8], _ hasOPT: Bool) throws {
        let rejection = try #require(rejected(bytes), "\(why)")
        #expect(rejection.responseCode == .formatError, "\(why)")
        expect(
            rejection.encoded(), "1234 8181 0001 0000 0000", hasOPT ? "0001" : "0000", "01 41 00 0001 0001",
            hasOPT ? "00 0029 04d0 00 00 0000 0000" : "")
    }

    /// Owners are not read, but a pointer must lead to an earlier octet behind the header. Here it stands at octet 19.
    @Test(arguments: [
        ("c00c", true), ("c012", true), ("01 78 c00c", true), ("00", true), ("c013", false), ("01 78 c013", false),
        ("c014", false), ("ffff", false), ("c000", false), ("c00b", false), ("40", false), ("80", false),
    ])
    func owners(_ owner: String, _ isGood: Bool) {
        let record = bytes(ofHex: owner) + hex("0001 0001 00000000 0004 01020304")
        let bytes = Self.query(counts: "0001 0000 0000 0001", Self.question + record)
        #expect((good(bytes) != nil) == isGood)
        #expect((rejected(bytes)?.responseCode == .formatError) == !isGood)
    }

    @Test func longestOwner() {
        let rest = hex("0001 0001 00000000 0004 01020304")
        let labels = (0..<127).flatMap { _ in hex("01 61") }
        let counts = "0001 0000 0000 0001"
        #expect(good(Self.query(counts: counts, Self.question + labels + [0] + rest)) != nil)
        #expect(rejected(Self.query(counts: counts, Self.question + labels + hex("01 61 00") + rest)) != nil)
    }

    /// Options of another version may have another form, and are not looked at.
    @Test func optionsOfAnotherVersion() {
        let bytes = Self.query(
            counts: "0001 0000 0000 0001", Self.question + hex("00 0029 1000 00 01 0000 0003 000a00"))
        #expect(rejected(bytes)?.responseCode == .badVersion)
    }

    @Test func numberOfOptions() throws {
        func bytes(_ count: Int) -> [UInt8] {
            var bytes = Self.query(counts: "0001 0000 0000 0001", Self.question + Self.opt.dropLast(2))
            bytes.append(uint16: UInt16(count * 4))
            return bytes + (0..<count).flatMap { _ in hex("fde9 0000") }
        }
        #expect(good(bytes(256)) != nil)
        #expect(rejected(bytes(257))?.responseCode == .formatError)
    }

    @Test(arguments: [
        ("CH", "0010 0003", ResponseCode.refused),  // version.bind is asked as TXT CH
        ("HS", "0001 0004", .refused),
        ("class ANY", "0001 00ff", .refused),
        ("class 0", "0001 0000", .refused),
        ("AXFR", "00fc 0001", .refused),
        ("IXFR", "00fb 0001", .refused),
        ("OPT", "0029 0001", .formatError),
        ("TSIG", "00fa 0001", .formatError),
        ("TKEY", "00f9 0001", .formatError),
        ("MAILA", "00fe 0001", .formatError),
        ("MAILB", "00fd 0001", .formatError),
        ("NXNAME", "0080 0001", .formatError),
    ])
    func refused(_ why: String, _ fields: String, _ code: ResponseCode) throws {
        let question = hex("01 41 00") + bytes(ofHex: fields)
        let rejection = try #require(rejected(Self.query(question)), "\(why)")
        #expect(rejection.responseCode == code)
        expect(rejection.encoded(), "1234", code == .refused ? "8185" : "8181", "0001 0000 0000 0000", text(question))
    }

    @Test func any() {
        guard case .minimalAny(let query) = IncomingQuery(Self.query(hex("01 41 00 00ff 0001"))) else {
            Issue.record("ANY is not marked")
            return
        }
        #expect(query.question.type == .any)
    }

    /// Records besides OPT are ignored when they are whole: a TSIG record behind OPT, an SOA record as IXFR has it.
    @Test func otherRecords() {
        let record = hex("c00c 00fa 00ff 00000000 0003 c0ffee")
        #expect(
            good(Self.query(counts: "0001 0001 0001 0002", Self.question + record + record + Self.opt + record)) != nil)
        // Also when a pointer in the data leads nowhere: the data is not looked at.
        let cname = hex("c00c 0005 0001 00000000 0002 ffff")
        #expect(good(Self.query(counts: "0001 0001 0000 0000", Self.question + cname)) != nil)
    }
}
