import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

@Suite struct RecordDataTests {
    /// The data of the answer in a message whose question is `Ab.` at octet 12.
    private func data(_ type: UInt16, _ fields: String, recordClass: UInt16 = 1) throws(WireFault) -> ResourceRecord? {
        let data = bytes(ofHex: fields)
        var message = hex("1234 8180 0001 0001 0000 0000", "02 4162 00 0001 0001", "c00c")
        message.append(uint16: type)
        message.append(uint16: recordClass)
        message.append(uint32: 60)
        message.append(uint16: UInt16(data.count))
        return try Message(decoding: message + data).answers.first
    }

    /// Types whose names are decompressed: data in the message, data of the record.
    @Test(
        arguments: [
            (2, "c00c", "02416200"),  // NS
            (3, "c00c", "02416200"),  // MD
            (4, "c00c", "02416200"),  // MF
            (5, "0178c00c", "017802416200"),  // CNAME
            (
                6, "c00cc00f 00000001 00000002 00000003 00000004 00000005",
                "02416200 00 0000000100000002000000030000000400000005"
            ),
            (7, "c00c", "02416200"),  // MB
            (8, "c00c", "02416200"),  // MG
            (9, "c00c", "02416200"),  // MR
            (12, "c00c", "02416200"),  // PTR
            (14, "c00cc00c", "0241620002416200"),  // MINFO
            (15, "000ac00c", "000a02416200"),  // MX
            (17, "c00c00", "0241620000"),  // RP
            (18, "0001c00c", "000102416200"),  // AFSDB
            (21, "0001c00c", "000102416200"),  // RT
            // SIG, with 18 octets before the name
            (24, "000102030405060708090a0b0c0d0e0f1011c00cabcd", "000102030405060708090a0b0c0d0e0f101102416200abcd"),
            (26, "0001c00cc00c", "00010241620002416200"),  // PX
            (30, "c00c62", "0241620062"),  // NXT
            (33, "000100020003c00c", "00010002000302416200"),  // SRV
            (35, "00010002 0173 0161 00 c00c", "00010002 0173 0161 00 02416200"),  // NAPTR
            (36, "0001c00c", "000102416200"),  // KX
            (39, "c00c", "02416200"),  // DNAME
            // Opaque: what looks like a pointer stays.
            (16, "c00c", "c00c"),  // TXT
            (46, "c00c", "c00c"),  // RRSIG
            (64, "0001c00c", "0001c00c"),  // SVCB
            (10, "", ""),  // NULL
            (65280, "c00c", "c00c"),
            (1, "01020304", "01020304"),
            (28, "00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff"),
        ] as [(UInt16, String, String)])
    func decompressed(_ type: UInt16, _ fields: String, _ expected: String) throws {
        let record = try #require(try data(type, fields))
        #expect(text(record.data) == expected.replacing(" ", with: ""))
        #expect(record.type.rawValue == type)
    }

    /// The data starts at octet 32.
    @Test(
        arguments: [
            ("NS without data", 2, "", WireFault.badRecordData(.ns, offset: 32)),
            ("the name is longer than the data", 5, "0178", .badRecordData(.cname, offset: 32)),
            ("an octet behind the name", 5, "c00c00", .badRecordData(.cname, offset: 32)),
            ("half a pointer", 12, "c0", .badRecordData(.ptr, offset: 32)),
            ("MX without name", 15, "000a", .badRecordData(.mx, offset: 32)),
            ("MX of one octet", 15, "00", .badRecordData(.mx, offset: 32)),
            ("SOA of one name", 6, "c00c", .badRecordData(.soa, offset: 32)),
            (
                "SOA of four numbers", 6, "c00cc00c 00000001 00000002 00000003 00000004",
                .badRecordData(.soa, offset: 32)
            ),
            (
                "SOA of six numbers", 6, "c00cc00c 00000001 00000002 00000003 00000004 00000005 00000006",
                .badRecordData(.soa, offset: 32)
            ),
            ("SRV of four octets", 33, "00010002", .badRecordData(.srv, offset: 32)),
            ("NAPTR with a string past the end", 35, "00010002 05 73", .badRecordData(.naptr, offset: 32)),
            ("NAPTR without a name", 35, "00010002 00 00 00", .badRecordData(.naptr, offset: 32)),
            ("A of three octets", 1, "010203", .badRecordData(.a, offset: 32)),
            ("A of five octets", 1, "0102030405", .badRecordData(.a, offset: 32)),
            ("AAAA of four octets", 28, "01020304", .badRecordData(.aaaa, offset: 32)),
            ("a pointer to itself", 5, "c020", .badPointer(offset: 32)),
            ("a pointer to the owner, which points on", 5, "c014", nil),
            ("a reserved label", 2, "4000", .reservedLabel(0x40, offset: 32)),
        ] as [(String, UInt16, String, WireFault?)])
    func malformed(_ why: String, _ type: UInt16, _ fields: String, _ expected: WireFault?) {
        do {
            _ = try data(type, fields)
            #expect(expected == nil, "\(why)")
        } catch {
            #expect(error == expected, "\(why)")
        }
    }

    @Test func lengthPastTheEnd() {
        let message = hex(
            "1234 8180 0001 0001 0000 0000", "02 4162 00 0001 0001", "c00c 0010 0001 0000003c 0005 03616263")
        #expect(fault(message) == .truncated(offset: 32))
    }

    @Test func addresses() throws {
        #expect(try data(1, "c0000201")?.address == IPAddress("192.0.2.1"))
        #expect(try data(28, "20010db8000000000000000000000001")?.address == IPAddress("2001:db8::1"))
        #expect(try data(28, "00000000000000000000ffffc0000201")?.address == IPAddress(v6: 0, 0xFFFF_C000_0201))
        #expect(try data(1, "c0000201", recordClass: 3)?.address == nil)
        #expect(try data(16, "03616263")?.address == nil)
        let name = try DomainName(text: "a")
        #expect(ResourceRecord(name: name, type: .a, ttl: 0, data: [1, 2, 3]).address == nil)
        #expect(ResourceRecord(name: name, type: .aaaa, ttl: 0, data: [1, 2, 3, 4]).address == nil)
    }

    @Test func targets() throws {
        for type in [2, 5, 12, 39] as [UInt16] {
            #expect(try data(type, "0158c00c")?.target?.description == "x.ab")
        }
        #expect(try data(15, "000ac00c")?.target == nil)
        let name = try DomainName(text: "a")
        #expect(ResourceRecord(name: name, type: .cname, ttl: 0, data: [0xC0, 0x0C]).target == nil)
    }

    @Test func startOfAuthority() throws {
        let fields = "0141c00c 0142c00c 00000001 00000002 00000003 00000004 00000005"
        let authority = try #require(try data(6, fields)?.startOfAuthority)
        #expect(
            authority
                == StartOfAuthority(
                    primary: try DomainName(text: "a.ab"), mailbox: try DomainName(text: "b.ab"), serial: 1, refresh: 2,
                    retry: 3, expire: 4, minimum: 5))
        #expect(StartOfAuthority(data: authority.data) == authority)
        for count in authority.data.indices {
            #expect(StartOfAuthority(data: Array(authority.data.prefix(count))) == nil)
        }
        #expect(StartOfAuthority(data: authority.data + [0]) == nil)
        #expect(StartOfAuthority(data: [0xC0, 0x0C] + authority.data) == nil)
    }

    @Test func made() throws {
        let name = try DomainName(text: "a")
        let four = try #require(IPAddress("192.0.2.1"))
        let six = try #require(IPAddress("::"))
        #expect(ResourceRecord.address(name, four, ttl: 10).data == [192, 0, 2, 1])
        #expect(ResourceRecord.address(name, four, ttl: 10).type == .a)
        #expect(ResourceRecord.address(name, six, ttl: 10).data == [UInt8](repeating: 0, count: 16))
        #expect(ResourceRecord.address(name, six, ttl: 10).type == .aaaa)
        #expect(ResourceRecord.cname(name, name, ttl: 7).target == name)
        #expect(ResourceRecord.cname(name, name, ttl: 7).ttl == 7)
        #expect(ResourceRecord.ptr(name, name, ttl: 7).type == .ptr)
        #expect(text(ResourceRecord.hinfo(name, ttl: 7).data) == "07" + text("RFC8482".utf8) + "00")
        let long = String(repeating: "x", count: 300)
        #expect(ResourceRecord.hinfo(name, cpu: long, ttl: 7).data.count == 1 + 255 + 1)
        #expect(ResourceRecord.txt(name, ["ab", ""], ttl: 7).data == [2, 0x61, 0x62, 0])
        #expect(ResourceRecord.txt(name, [], ttl: 7).data == [0])
        #expect(ResourceRecord.txt(name, [long], ttl: 7).data.count == 302)
        #expect(ResourceRecord.txt(name, [long], ttl: 7).data[256] == 45)
        #expect(ResourceRecord.txt(name, [String(repeating: "x", count: 255)], ttl: 7).data.count == 256)
    }
}
