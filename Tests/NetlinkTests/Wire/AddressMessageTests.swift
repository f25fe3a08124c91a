import Testing

@testable import Netlink

@Suite struct AddressMessageTests {
    @Test func dump() {
        expect(
            Address.dumpRequest(.ipv6, linkIndex: 5),
            "18000000 1600 0100 00000000 00000000",  // RTM_GETADDR
            "0a 00 00 00 05000000")  // struct ifaddrmsg: AF_INET6, link 5
    }

    @Test func addIPv4() {
        expect(
            Address(linkIndex: 5, prefix: NetlinkPrefix(.ipv4(0x0A00_0001), length: 24)).addRequest,
            "28000000 1400 0106 00000000 00000000",  // RTM_NEWADDR, NLM_F_REQUEST|EXCL|CREATE
            "02 18 00 00 05000000",  // struct ifaddrmsg: AF_INET, /24, no flags, RT_SCOPE_UNIVERSE, link 5
            "0800 0200 0a000001",  // IFA_LOCAL: 10.0.0.1
            "0800 0100 0a000001")  // IFA_ADDRESS
    }

    @Test func addIPv6() {
        expect(
            Address(
                linkIndex: 5, prefix: NetlinkPrefix(.ipv6(0xfd00_0000_0000_0000, 1), length: 64),
                flags: Address.noDuplicateDetection | Address.noPrefixRoute, originator: 173
            ).addRequest,
            "50000000 1400 0106 00000000 00000000",  // RTM_NEWADDR
            "0a 40 02 00 05000000",  // AF_INET6, /64, the lower eight flags, link 5
            "1400 0200 fd000000000000000000000000000001",  // IFA_LOCAL
            "1400 0100 fd000000000000000000000000000001",  // IFA_ADDRESS
            "0800 0800 02020000",  // IFA_FLAGS: NODAD|NOPREFIXROUTE
            "0500 0b00 ad000000")  // IFA_PROTO: 173
    }

    @Test func delete() {
        expect(
            Address(
                linkIndex: 5, prefix: .host(.ipv4(0x0A00_0001)), peer: .ipv4(0x0A00_0002), scope: 253
            ).deleteRequest,
            "28000000 1500 0100 00000000 00000000",  // RTM_DELADDR
            "02 20 00 fd 05000000",  // AF_INET, /32, RT_SCOPE_LINK
            "0800 0200 0a000001",  // IFA_LOCAL: our end
            "0800 0100 0a000002")  // IFA_ADDRESS: the other end
    }

    private func address(_ bytes: [UInt8]) throws -> Address? {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in try Address(decoding: message, in: bytes) }
    }

    @Test func replyIPv4() throws {
        let found = try address(
            hex(
                "40000000 1400 0200 01000000 11470000",  // RTM_NEWADDR, NLM_F_MULTI
                "02 18 80 00 05000000",  // AF_INET, /24, PERMANENT, universe, link 5
                "0800 0100 0a000001",  // IFA_ADDRESS
                "0800 0200 0a000001",  // IFA_LOCAL
                "0800 0300 77673000",  // IFA_LABEL: "wg0"
                "0800 0800 81020000",  // IFA_FLAGS: PERMANENT|SECONDARY|NOPREFIXROUTE
                "0500 0b00 ad000000"))  // IFA_PROTO: 173
        #expect(
            found
                == Address(
                    linkIndex: 5, prefix: NetlinkPrefix(.ipv4(0x0A00_0001), length: 24), flags: 0x281,
                    originator: 173))
    }

    @Test func replyIPv6() throws {
        let found = try address(
            hex(
                "2c000000 1400 0200 01000000 11470000",
                "0a 40 80 fd 05000000",  // AF_INET6, /64, PERMANENT, link scope
                "1400 0100 fe80000000000000000000000000abcd"))  // IFA_ADDRESS alone
        #expect(found?.prefix == NetlinkPrefix(.ipv6(0xfe80_0000_0000_0000, 0xabcd), length: 64))
        #expect(found?.scope == 253 && found?.flags == Address.permanent)
        #expect(found?.peer == nil && found?.originator == nil)
    }

    @Test func otherFamiliesAreLeftOut() throws {
        let found = try address(hex("18000000 1400 0200 01000000 11470000", "1d 00 00 00 05000000"))  // AF_CAN
        #expect(found == nil)
    }

    @Test(arguments: [
        "18000000 1400 0200 01000000 11470000 02 18 80 00 05000000",  // no address at all
        "20000000 1400 0200 01000000 11470000 02 21 80 00 05000000 0800 0100 0a000001",  // IPv4 /33
        "20000000 1400 0200 01000000 11470000 0a 18 80 00 05000000 0800 0100 0a000001",  // IPv6 with four bytes
        "20000000 1400 0200 01000000 11470000 02 18 80 00 05000000 0700 0100 0a000001",  // three bytes
        "14000000 1400 0200 01000000 11470000 02 18 80 00",  // half a header
    ]) func malformed(fields: String) {
        #expect(throws: NetlinkError.self) { try address(hex(fields)) }
    }
}
