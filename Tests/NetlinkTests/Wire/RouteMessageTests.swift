import Testing

@testable import Netlink

@Suite struct RouteMessageTests {
    @Test func dump() {
        expect(
            Route.dumpRequest(.ipv4, RouteFilter(table: 51_820, linkIndex: 5, originator: 173)),
            "2c000000 1a00 0100 00000000 00000000",  // RTM_GETROUTE
            "02 00 00 00 00 ad 00 00 00000000",  // struct rtmsg: AF_INET, protocol 173
            "0800 0f00 6cca0000",  // RTA_TABLE: 51820
            "0800 0400 05000000")  // RTA_OIF: 5
    }

    @Test func get() {
        expect(
            Route.getRequest(.ipv4(0x0808_0808), mark: 7, from: .ipv4(0xC000_0201)),
            "34000000 1a00 0100 00000000 00000000",  // RTM_GETROUTE
            "02 20 20 00 00 00 00 00 00100000",  // struct rtmsg: /32 to /32, RTM_F_LOOKUP_TABLE
            "0800 0100 08080808",  // RTA_DST
            "0800 0200 c0000201",  // RTA_SRC
            "0800 1000 07000000")  // RTA_MARK
        expect(
            Route.getRequest(.ipv6(0x2001_0db8_0000_0000, 9), mark: nil, from: nil),
            "30000000 1a00 0100 00000000 00000000",
            "0a 80 00 00 00 00 00 00 00000000",  // AF_INET6, /128, no flag: IPv6 refuses RTM_F_LOOKUP_TABLE
            "1400 0100 20010db8000000000000000000000009")
    }

    @Test func add() {
        expect(
            Route(
                destination: NetlinkPrefix(.ipv4(0x0A09_0000), length: 16), table: 51_820, originator: 173,
                linkIndex: 5, preferredSource: .ipv4(0x0A00_0001), metric: 7, mtu: 1380
            ).addRequest,
            "50000000 1800 0106 00000000 00000000",  // RTM_NEWROUTE, NLM_F_REQUEST|EXCL|CREATE
            "02 10 00 00 fc ad fd 01 00000000",  // /16, RT_TABLE_COMPAT, protocol 173, RT_SCOPE_LINK, RTN_UNICAST
            "0800 0100 0a090000",  // RTA_DST
            "0800 0f00 6cca0000",  // RTA_TABLE: 51820
            "0800 0400 05000000",  // RTA_OIF: 5
            "0800 0700 0a000001",  // RTA_PREFSRC
            "0800 0600 07000000",  // RTA_PRIORITY: 7
            "0c00 0880",  // RTA_METRICS, nested
            "0800 0200 64050000")  // RTAX_MTU: 1380
    }

    @Test func replaceDefaultWithGatewayOfTheOtherFamily() {
        expect(
            Route(destination: .all(.ipv4), linkIndex: 5, gateway: .ipv6(0xfe80_0000_0000_0000, 1)).replaceRequest,
            "44000000 1800 0105 00000000 00000000",  // RTM_NEWROUTE, NLM_F_REQUEST|REPLACE|CREATE
            "02 00 00 00 fe 04 00 01 00000000",  // /0, main, RTPROT_STATIC, RT_SCOPE_UNIVERSE
            "0800 0f00 fe000000",  // RTA_TABLE: main
            "0800 0400 05000000",  // RTA_OIF
            "1600 1200 0a00 fe800000000000000000000000000001 0000")  // RTA_VIA: struct rtvia, padded
    }

    @Test func delete() {
        expect(
            Route(
                destination: NetlinkPrefix(.ipv6(0xfd00_0000_0000_0000, 0), length: 48),
                source: NetlinkPrefix(.ipv6(0xfd01_0000_0000_0000, 0), length: 64), originator: 173,
                gateway: .ipv6(0xfe80_0000_0000_0000, 1)
            ).deleteRequest,
            "60000000 1900 0100 00000000 00000000",  // RTM_DELROUTE
            "0a 30 40 00 fe ad 00 01 00000000",  // /48 from /64
            "1400 0100 fd000000000000000000000000000000",  // RTA_DST
            "1400 0200 fd010000000000000000000000000000",  // RTA_SRC
            "0800 0f00 fe000000",  // RTA_TABLE
            "1400 0500 fe800000000000000000000000000001")  // RTA_GATEWAY
    }

    private func route(_ bytes: [UInt8], cached: Bool = false) throws -> Route? {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in
            try Route(decoding: message, in: bytes, cached: cached)
        }
    }

    @Test func reply() throws {
        let found = try route(
            hex(
                "58000000 1800 0200 01000000 11470000",  // RTM_NEWROUTE, NLM_F_MULTI
                "02 18 00 00 fc ad 00 01 00000000",  // AF_INET, /24, RT_TABLE_COMPAT, protocol 173
                "0800 0f00 6cca0000",  // RTA_TABLE: 51820
                "0800 0100 0a090000",  // RTA_DST
                "0800 0600 07000000",  // RTA_PRIORITY
                "0c00 0800",  // RTA_METRICS
                "0800 0200 64050000",  // RTAX_MTU: 1380
                "0800 0700 0a000001",  // RTA_PREFSRC
                "0800 0500 c00002fe",  // RTA_GATEWAY
                "0800 0400 05000000"))  // RTA_OIF
        #expect(
            found
                == Route(
                    destination: NetlinkPrefix(.ipv4(0x0A09_0000), length: 24), table: 51_820, originator: 173,
                    scope: 0, linkIndex: 5, gateway: .ipv4(0xC000_02FE), preferredSource: .ipv4(0x0A00_0001),
                    metric: 7, mtu: 1380))
    }

    @Test func replyWithGatewayOfTheOtherFamily() throws {
        let found = try route(
            hex(
                "40000000 1800 0200 01000000 11470000",
                "02 00 00 00 fe 04 00 01 00000000",  // AF_INET, default
                "1600 1200 0a00 fe800000000000000000000000000001 0000",  // RTA_VIA
                "0c00 0900 0800 0000 05000000"))  // RTA_MULTIPATH: struct rtnexthop, link 5
        #expect(found?.destination == .all(.ipv4) && found?.gateway == .ipv6(0xfe80_0000_0000_0000, 1))
        #expect(found?.isMultipath == true && found?.linkIndex == 5)
    }

    @Test func cachedEntriesAreOnlyForLookups() throws {
        let bytes = hex(
            "24000000 1800 0000 01000000 11470000",
            "02 20 00 00 fe 00 00 01 00020000",  // RTM_F_CLONED
            "0800 0100 08080808")
        #expect(try route(bytes) == nil)
        #expect(try route(bytes, cached: true)?.destination == .host(.ipv4(0x0808_0808)))
    }

    @Test(arguments: [
        "1c000000 1800 0200 01000000 11470000 02 21 00 00 fe 04 00 01 00000000",  // IPv4 /33
        "30000000 1800 0200 01000000 11470000 02 20 00 00 fe 04 00 01 00000000"
            + "1400 0100 fd000000000000000000000000000001",  // IPv6 destination in an IPv4 route
        "24000000 1800 0200 01000000 11470000 02 20 00 00 fe 04 00 01 00000000 0600 0400 05000000",  // short RTA_OIF
        "24000000 1800 0200 01000000 11470000 02 20 00 00 fe 04 00 01 00000000 0300 0400 05000000",  // length 3
        "24000000 1800 0200 01000000 11470000 02 20 00 00 fe 04 00 01 00000000 0900 0400 05000000",  // beyond the end
    ]) func malformed(fields: String) {
        #expect(throws: NetlinkError.self) { try route(hex(fields)) }
    }

    @Test func filterTakesWhatItNames() {
        let route = Route(destination: .all(.ipv4), table: 7, originator: 173, linkIndex: 5)
        #expect(RouteFilter().matches(route))
        #expect(RouteFilter(family: .ipv4, table: 7, linkIndex: 5, originator: 173).matches(route))
        for filter in [
            RouteFilter(family: .ipv6), RouteFilter(table: 8), RouteFilter(linkIndex: 6), RouteFilter(originator: 4),
        ] {
            #expect(!filter.matches(route))
        }
    }
}
