import Testing

@testable import Netlink

@Suite struct ConnectionMessageTests {
    private static let translated = hex(
        "cc000000 0001 0200 01000000 11470000",  // 204 bytes, NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_NEW, NLM_F_MULTI
        "02 00 0000",  // struct nfgenmsg: AF_INET
        "3400 0180",  // CTA_TUPLE_ORIG
        "1400 0180 0800 0100 0a080002 0800 0200 c0000209",  // CTA_TUPLE_IP: 10.8.0.2 to 192.0.2.9
        "1c00 0280 0500 0100 06000000 0600 0200 d4310000 0600 0300 01bb0000",  // CTA_TUPLE_PROTO: TCP 54321 to 443
        "3400 0280",  // CTA_TUPLE_REPLY
        "1400 0180 0800 0100 c0000209 0800 0200 cb007101",  // 192.0.2.9 to 203.0.113.1
        "1c00 0280 0500 0100 06000000 0600 0200 01bb0000 0600 0300 d4310000",
        "1c00 0980 0c00 0100 0000000000000005 0c00 0200 0000000000000102",  // CTA_COUNTERS_ORIG: 5 packets, 258 bytes
        "1c00 0a80 0c00 0100 0000000000000007 0c00 0200 0000000100000000",  // CTA_COUNTERS_REPLY: 7 packets, 4 GiB
        "0800 0c00 deadbeef",  // CTA_ID
        "1000 1480 0c00 0100 17a0000000000001")  // CTA_TIMESTAMP: CTA_TIMESTAMP_START

    private static let uncounted = hex(
        "a4000000 0201 0000 00000000 00000000",  // IPCTNL_MSG_CT_DELETE
        "0a 00 0000",  // AF_INET6
        "4400 0180",  // CTA_TUPLE_ORIG
        "2c00 0180",  // CTA_TUPLE_IP
        "1400 0300 fd420008000000000000000000000002",  // CTA_IP_V6_SRC
        "1400 0400 20010db8000000000000000000000009",  // CTA_IP_V6_DST
        "1400 0280 0500 0100 3a000000 0600 0700 12340000",  // CTA_TUPLE_PROTO: ICMPv6, CTA_PROTO_ICMPV6_ID
        "4400 0280",  // CTA_TUPLE_REPLY
        "2c00 0180",
        "1400 0300 20010db8000000000000000000000009",
        "1400 0400 fd420008000000000000000000000002",
        "1400 0280 0500 0100 3a000000 0600 0700 12340000",
        "0800 0c00 00000001")

    private func connection(_ bytes: [UInt8]) throws -> Connection? {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in try Connection(decoding: message, in: bytes) }
    }

    @Test func theDumpLeavesTheCountersAlone() {
        expect(
            Connection.dumpRequest(),
            "14000000 0101 0100 00000000 00000000",  // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET (not 3, GET_CTRZERO)
            "00 00 0000")  // struct nfgenmsg: AF_UNSPEC
    }

    @Test func aTranslatedConnectionWithCounters() throws {
        let remote = NetlinkAddress.ipv4(0xC000_0209)
        #expect(
            try connection(Self.translated)
                == Connection(
                    id: 0xDEAD_BEEF, protocolNumber: 6,
                    original: .init(
                        source: .ipv4(0x0A08_0002), destination: remote, sourcePort: 54321, destinationPort: 443),
                    reply: .init(
                        source: remote, destination: .ipv4(0xCB00_7101), sourcePort: 443, destinationPort: 54321),
                    originalBytes: 258, replyBytes: 1 << 32, start: 0x17A0_0000_0000_0001))
    }

    @Test func aConnectionThatIsNotCountedHasNoPorts() throws {
        let found = try #require(try connection(Self.uncounted))
        #expect(found.id == 1 && found.protocolNumber == 58 && found.family == .ipv6)
        #expect(found.original.source == .ipv6(0xFD42_0008_0000_0000, 2))
        #expect(found.original.destination == .ipv6(0x2001_0DB8_0000_0000, 9))
        #expect(found.reply.source == found.original.destination && found.reply.destination == found.original.source)
        #expect(found.original.sourcePort == 0 && found.original.destinationPort == 0)
        #expect(found.originalBytes == nil && found.replyBytes == nil && found.start == nil)
    }

    @Test func whatIsNoConnectionIsRefused() throws {
        // Without CTA_ID and tuples; a family that has no addresses of ours is passed over.
        #expect(throws: NetlinkError.self) { try connection(hex("14000000 0001 0000 01000000 11470000 02000000")) }
        #expect(try connection(hex("14000000 0001 0000 01000000 11470000 07000000")) == nil)
        // A counter of four bytes.
        var short = Self.translated
        let place = try #require(short.firstRange(of: hex("0c00 0200 0000000000000102"))).lowerBound
        short[place] = 8
        #expect(throws: NetlinkError.self) { try connection(short) }
        // One address is missing.
        var half = Self.translated
        let address = try #require(half.firstRange(of: hex("0800 0200 c0000209"))).lowerBound
        half[address + 2] = 9
        #expect(throws: NetlinkError.self) { try connection(half) }
    }

    @Test func aDumpIsReadAsItComes() throws {
        let payload = Array(Self.translated[16...])
        let reply = FakeKernel.Reply(type: 0x100, flags: 2, payload: payload)
        let kernel = FakeKernel([[.messages([reply, reply]), .messages([reply]), .messages([.done()])]])
        var count = 0
        try NetfilterSocket(kernel).connections { _ in count += 1 }
        #expect(count == 3)
    }

    @Test func theEndOfAConnectionIsAnEvent() throws {
        let kernel = FakeKernel([[.bytes(Self.uncounted), .failure(.overrun)]])
        try kernel.send([])
        let heard = try EventSocket(kernel).receive()
        #expect(heard.count == 2 && heard[1].object == .overrun)
        guard case .connection(let connection) = try #require(heard.first).object else {
            Issue.record("no connection in \(heard)")
            return
        }
        #expect(connection.id == 1 && heard[0].isDeletion && heard[0].linkIndex == nil)
    }
}
