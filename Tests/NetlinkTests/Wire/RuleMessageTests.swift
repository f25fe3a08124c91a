import Testing

@testable import Netlink

@Suite struct RuleMessageTests {
    @Test func dump() {
        expect(
            Rule.dumpRequest(.ipv6),
            "1c000000 2200 0100 00000000 00000000",  // RTM_GETRULE
            "0a 00 00 00 00 0000 00 00000000")  // struct fib_rule_hdr: AF_INET6
    }

    @Test func addAsWgQuickDoes() {
        expect(
            Rule(
                family: .ipv4, priority: 31_001, table: 51_820, mark: 51_820, isInverted: true, originator: 173
            ).addRequest,
            "3c000000 2000 0106 00000000 00000000",  // RTM_NEWRULE, NLM_F_REQUEST|EXCL|CREATE
            "02 00 00 00 fc 0000 01 02000000",  // RT_TABLE_COMPAT, FR_ACT_TO_TBL, FIB_RULE_INVERT
            "0800 0600 19790000",  // FRA_PRIORITY: 31001
            "0800 0f00 6cca0000",  // FRA_TABLE: 51820
            "0800 0a00 6cca0000",  // FRA_FWMARK: 51820
            "0500 1500 ad000000")  // FRA_PROTOCOL: 173
    }

    @Test func deleteWithEverything() {
        expect(
            Rule(
                family: .ipv4, priority: 5, table: 254, mark: 1, markMask: 0xff, suppressPrefixLength: 0,
                source: NetlinkPrefix(.ipv4(0x0A00_0000), length: 8),
                destination: NetlinkPrefix(.ipv4(0xC000_0200), length: 24), inputLink: "wg0", outputLink: "eth0",
                originator: 173
            ).deleteRequest,
            "70000000 2100 0100 00000000 00000000",  // RTM_DELRULE
            "02 18 08 00 fe 0000 01 00000000",  // to /24, from /8, main
            "0800 0600 05000000",  // FRA_PRIORITY
            "0800 0f00 fe000000",  // FRA_TABLE
            "0800 0a00 01000000",  // FRA_FWMARK
            "0800 1000 ff000000",  // FRA_FWMASK
            "0800 0e00 00000000",  // FRA_SUPPRESS_PREFIXLEN
            "0800 0200 0a000000",  // FRA_SRC
            "0800 0100 c0000200",  // FRA_DST
            "0800 0300 77673000",  // FRA_IIFNAME: "wg0"
            "0900 1100 6574683000 000000",  // FRA_OIFNAME: "eth0", padded
            "0500 1500 ad000000")  // FRA_PROTOCOL
    }

    private func rule(_ bytes: [UInt8]) throws -> Rule? {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in try Rule(decoding: message, in: bytes) }
    }

    @Test func reply() throws {
        let found = try rule(
            hex(
                "58000000 2000 0200 01000000 11470000",  // RTM_NEWRULE, NLM_F_MULTI
                "02 00 08 00 fc 0000 01 02000000",  // from /8, RT_TABLE_COMPAT, FR_ACT_TO_TBL, FIB_RULE_INVERT
                "0800 0f00 6cca0000",  // FRA_TABLE
                "0800 0e00 ffffffff",  // FRA_SUPPRESS_PREFIXLEN: -1, none
                "0800 0600 19790000",  // FRA_PRIORITY
                "0800 0a00 6cca0000",  // FRA_FWMARK
                "0800 1000 ffffffff",  // FRA_FWMASK
                "0800 0200 0a000000",  // FRA_SRC
                "0500 1500 ad000000",  // FRA_PROTOCOL
                "0400 1400"))  // FRA_UID_RANGE without payload: not ours to read
        #expect(
            found
                == Rule(
                    family: .ipv4, priority: 31_001, table: 51_820, mark: 51_820, markMask: .max, isInverted: true,
                    source: NetlinkPrefix(.ipv4(0x0A00_0000), length: 8), originator: 173))
    }

    @Test func replyWithSuppression() throws {
        let found = try rule(
            hex(
                "24000000 2000 0200 01000000 11470000", "0a 00 00 00 fe 0000 01 00000000",
                "0800 0e00 00000000"))  // FRA_SUPPRESS_PREFIXLEN: 0
        #expect(found?.suppressPrefixLength == 0 && found?.priority == 0 && found?.table == 254)
        #expect(found?.isInverted == false && found?.mark == nil)
    }

    @Test func malformed() {
        #expect(throws: NetlinkError.self) {
            try rule(hex("1c000000 2000 0200 01000000 11470000", "02 00 21 00 fe 0000 01 00000000"))
        }
        #expect(throws: NetlinkError.self) { try rule(hex("14000000 2000 0200 01000000 11470000", "02000000")) }
    }

    /// A prefix of IPv4 with a length of IPv6 would be none.
    @Test(arguments: ["0800 0200", "0800 0100"]) func prefixesOfAnotherFamily(attribute: String) {
        #expect(throws: NetlinkError.self) {
            try rule(
                hex(
                    "24000000 2000 0200 01000000 11470000", "0a 40 40 00 fe 0000 01 00000000",  // IPv6, to and from /64
                    "\(attribute) 0a080000"))  // FRA_SRC, FRA_DST: 10.8.0.0
        }
    }
}
