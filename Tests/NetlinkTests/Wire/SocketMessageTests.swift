import Testing

@testable import Netlink

@Suite struct SocketMessageTests {
    private func socket(_ bytes: [UInt8]) throws -> InetSocket? {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in try InetSocket(decoding: message, in: bytes) }
    }

    @Test func theDumpNamesFamilyProtocolAndStates() {
        expect(
            InetSocket.dumpRequest(.ipv6, 6, [.established, .listening]),
            "48000000 1400 0100 00000000 00000000",  // SOCK_DIAG_BY_FAMILY
            "0a 06 00 00 02040000",  // struct inet_diag_req_v2: AF_INET6, IPPROTO_TCP, 1 << 1 | 1 << 10
            String(repeating: "00", count: 48))  // struct inet_diag_sockid
    }

    @Test func aConnection() throws {
        let found = try socket(
            hex(
                "58000000 1400 0200 01000000 11470000",  // 88 bytes, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI
                "02 01 00 00",  // struct inet_diag_msg: AF_INET, TCP_ESTABLISHED
                "0016 d431",  // struct inet_diag_sockid: ports 22 and 54321
                "c0000201 000000000000000000000000", "cb007109 000000000000000000000000",  // 192.0.2.1, 203.0.113.9
                "00000000 0100000000000000",  // link, cookie
                "00000000 00000000 00000000 e8030000 39300000"))  // expires, queues, uid, inode 12345
        #expect(
            found
                == InetSocket(
                    local: NetlinkEndpoint(address: .ipv4(0xC000_0201), port: 22),
                    remote: NetlinkEndpoint(address: .ipv4(0xCB00_7109), port: 54321), state: .established,
                    inode: 12345))
    }

    @Test func aListenerOfIPv6() throws {
        let found = try socket(
            hex(
                "58000000 1400 0200 01000000 11470000", "0a 0a 00 00",  // AF_INET6, TCP_LISTEN
                "1f90 0000", "20010db8000000000000000000000001", "00000000000000000000000000000000",
                "00000000 0100000000000000", "00000000 00000000 00000000 00000000 07000000"))
        #expect(
            found
                == InetSocket(
                    local: NetlinkEndpoint(address: .ipv6(0x2001_0db8_0000_0000, 1), port: 8080),
                    remote: NetlinkEndpoint(address: .ipv6(0, 0), port: 0), state: .listening, inode: 7))
    }

    @Test func otherStatesAreLeftOutAndShortMessagesRefused() throws {
        let rest = String(repeating: "00", count: 68)
        #expect(try socket(hex("58000000 1400 0200 01000000 11470000", "02 06 00 00", rest)) == nil)  // TCP_TIME_WAIT
        #expect(throws: NetlinkError.self) {
            _ = try socket(hex("14000000 1400 0200 01000000 11470000", "02 01 00 00"))
        }
    }
}
