import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

@Suite struct MessageDecodingTests {
    static let question = hex("01 61 00", "0001 0001")  // a. A IN, at octet 12
    static let record = hex("c00c", "0001 0001 0000003c 0004 c0000201")
    static let opt = hex("00 0029 04d0 00000000 0000")

    private static func head(_ questions: UInt8, _ answers: UInt8, _ authority: UInt8, _ additional: UInt8) -> [UInt8] {
        hex("1234 8180") + [0, questions, 0, answers, 0, authority, 0, additional]
    }

    @Test func wholeMessage() throws {
        let message = try Message(
            decoding: hex(
                "1234 85b3",  // QR AA RD RA AD CD, rcode 3
                "0001 0001 0001 0002",
                "03 577777 02 6162 00 0001 0001",  // at 12: WWw.ab A IN
                "c00c 0005 0001 00000e10 0006 03 466f6f c010",  // CNAME Foo.ab, one hour
                "c010 0006 0001 ffffffff 0016 00 00",  // SOA of ab; its TTL is none
                "00000001 00000002 00000003 00000004 00000005",
                "00 0029 1000 01 00 8000 000a",  // OPT: 4096, extended code 1, version 0, DO
                "000f 0006 000f 68656c6c",  // EDE 15 "hell"
                "01 62 00 ff00 0001 00000001 0002 c00c"))  // an unknown type is opaque
        #expect(message.id == 0x1234)
        #expect(message.responseCode.rawValue == 0x13)
        #expect(
            message.flags == [
                .response, .authoritative, .recursionDesired, .recursionAvailable, .authenticData, .checkingDisabled,
            ])
        let name = try DomainName(text: "www.ab")
        #expect(message.questions == [Question(spelling: hex("03 577777 02 6162 00"), .a)])
        #expect(message.questions.first?.name == name)
        #expect(
            message.answers == [
                ResourceRecord(name: name, type: .cname, ttl: 3600, data: hex("03 466f6f 02 6162 00"))
            ])
        #expect(message.authority.first?.ttl == 0)
        #expect(message.authority.first?.startOfAuthority?.minimum == 5)
        #expect(message.edns?.payloadSize == 4096)
        #expect(message.edns?.isDNSSECOK == true)
        #expect(message.edns?.extendedErrors == [ExtendedError(.blocked, "hell")])
        #expect(
            message.additional == [
                ResourceRecord(
                    name: try DomainName(text: "b"), type: RecordType(rawValue: 0xFF00), ttl: 1, data: [0xC0, 0x0C])
            ])
    }

    @Test(arguments: [
        ("68c3a9", "hé"), ("68690000", "hi"), ("", ""), ("68ff", ""), ("c3", ""), ("eda080", ""),
    ])
    func textsOfExtendedErrors(octets: String, text: String) {
        let edns = EDNS(options: [
            EDNS.Option(code: 15, data: hex("00")), EDNS.Option(code: 15, data: hex("0009 \(octets)")),
            EDNS.Option(code: 10, data: hex("0006")),
        ])
        #expect(edns.extendedErrors == [ExtendedError(.init(rawValue: 9), text)])
    }

    @Test(
        arguments: [
            ("one question, none there", head(1, 0, 0, 0), WireFault.countsTooLarge),
            ("two questions, one there", head(2, 0, 0, 0) + question, .countsTooLarge),
            ("an answer, none there", head(1, 1, 0, 0) + question, .countsTooLarge),
            ("a question cut off", head(1, 0, 0, 0) + question.dropLast(), .truncated(offset: 17)),
            ("a record cut off", head(1, 1, 0, 0) + question + record.dropLast(), .truncated(offset: 31)),
            (
                "a record cut off in its fields",
                head(2, 0, 0, 1) + hex("00 0001 0001 00 0001 0001 00 0001 0001 000000"),
                .countsTooLarge
            ),
            ("an octet behind the end", head(1, 1, 0, 0) + question + record + [0], .trailingOctets(1)),
            ("octets behind the header", head(0, 0, 0, 0) + question, .trailingOctets(7)),
            ("two OPT", head(1, 0, 0, 2) + question + opt + opt, .repeatedOPT),
            ("OPT as answer", head(1, 1, 0, 0) + question + opt, .misplacedOPT),
            ("OPT as authority", head(1, 0, 1, 0) + question + opt, .misplacedOPT),
            ("OPT with an owner", head(1, 0, 0, 1) + question + [1, 0x61] + opt, .ownedOPT),
            ("OPT with a pointer as owner", head(1, 0, 0, 1) + question + hex("c00e") + opt.dropFirst(), .ownedOPT),
            (
                "option past the end", head(1, 0, 0, 1) + question + hex("00 0029 04d0 00000000 0004 0003 0001"),
                .truncated(offset: 34)
            ),
            (
                "half an option", head(1, 0, 0, 1) + question + hex("00 0029 04d0 00000000 0003 0003 00"),
                .truncated(offset: 32)
            ),
            (
                "OPT length past the end", head(1, 0, 0, 1) + question + hex("00 0029 04d0 00000000 0001"),
                .truncated(offset: 30)
            ),
        ] as [(String, [UInt8], WireFault)])
    func malformed(_ why: String, _ message: [UInt8], _ expected: WireFault) {
        #expect(fault(message) == expected, "\(why)")
    }

    /// The counts alone, without octets, take no memory.
    @Test func hugeCounts() {
        #expect(fault(hex("1234 8180 ffff ffff ffff ffff")) == .countsTooLarge)
        #expect(fault(hex("1234 8180 0001 ffff 0000 0000") + Self.question + Self.record) == .countsTooLarge)
    }

    @Test func numberOfOptions() {
        func message(_ count: Int) -> [UInt8] {
            Self.head(1, 0, 0, 1) + Self.question + hex("00 0029 04d0 00000000")
                + [UInt8((count * 4) >> 8), UInt8((count * 4) & 0xFF)]
                + (0..<count).flatMap { _ in hex("0003 0000") }
        }
        #expect(fault(message(256)) == nil)
        #expect(fault(message(257)) == .tooManyOptions)
    }

    @Test func noQuestionAndTwo() throws {
        #expect(try Message(decoding: Self.head(0, 0, 0, 0)).questions == [])
        let two = try Message(decoding: Self.head(2, 0, 0, 0) + Self.question + hex("01 62 c00c 001c 0001"))
        #expect(two.questions.map(\.name.description) == ["a", "b.a"])
        #expect(two.questions.last?.spelling == hex("01 62 01 61 00"))
    }

    @Test func sharedOwners() throws {
        let message = try Message(
            decoding: Self.head(1, 4, 0, 0) + Self.question
                + hex("c00c 0001 0001 00000001 0004 01020304")
                + hex("01 62 c00c 0001 0001 00000001 0004 01020304")  // at 35
                + hex("c023 0001 0001 00000001 0004 01020304")
                + hex("c00c 0001 0001 00000001 0004 01020304"))
        #expect(message.answers.map(\.name.description) == ["a", "b.a", "b.a", "a"])
    }

    @Test func negativeTTL() throws {
        let zone = try DomainName(text: "a")
        let authority = StartOfAuthority(
            primary: zone, mailbox: zone, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 60)
        var message = Message(id: 1, responseCode: .nameError)
        #expect(message.negativeTTL == nil)
        message.authority = [.soa(zone, authority, ttl: 3600)]
        #expect(message.negativeTTL == 60)
        message.authority = [.ptr(zone, zone, ttl: 1), .soa(zone, authority, ttl: 30)]
        #expect(message.negativeTTL == 30)
        message.authority[1].data.removeLast()
        #expect(message.negativeTTL == nil)
    }

    @Test func faultsAreSaid() {
        #expect(WireFault.truncated(offset: 3).description == "the field at octet 3 is cut off")
        #expect(WireFault.badRecordData(.mx, offset: 9).description == "the data at octet 9 is no MX record")
        #expect(WireFault.trailingOctets(2).description == "2 octets behind the last record")
    }
}
