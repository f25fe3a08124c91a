import Testing

@testable import Netlink

@Suite struct LinkMessageTests {
    @Test func dump() {
        expect(
            Link.dumpRequest(),
            "28000000 1200 0100 00000000 00000000",  // 40 bytes, RTM_GETLINK, NLM_F_REQUEST
            "00 00 0000 00000000 00000000 00000000",  // struct ifinfomsg
            "0800 1d00 08000000")  // IFLA_EXT_MASK: RTEXT_FILTER_SKIP_STATS
    }

    @Test func getByName() {
        expect(
            Link.getRequest(name: "wg0"),
            "30000000 1200 0100 00000000 00000000",  // RTM_GETLINK
            "00 00 0000 00000000 00000000 00000000",  // struct ifinfomsg
            "0800 0300 77673000",  // IFLA_IFNAME: "wg0"
            "0800 1d00 08000000")  // IFLA_EXT_MASK
    }

    @Test func getByIndex() {
        expect(
            Link.getRequest(index: 258),
            "28000000 1200 0100 00000000 00000000",  // RTM_GETLINK
            "00 00 0000 02010000 00000000 00000000",  // struct ifinfomsg: index 258
            "0800 1d00 08000000")  // IFLA_EXT_MASK
    }

    @Test func addWireGuard() {
        expect(
            Link.addRequest(name: "wg0", kind: .wireguard, mtu: 1420),
            "44000000 1000 0106 00000000 00000000",  // RTM_NEWLINK, NLM_F_REQUEST|EXCL|CREATE
            "00 00 0000 00000000 00000000 00000000",  // struct ifinfomsg
            "0800 0300 77673000",  // IFLA_IFNAME: "wg0"
            "0800 0400 8c050000",  // IFLA_MTU: 1420
            "1400 1280",  // IFLA_LINKINFO, nested
            "0e00 0100 776972656775617264000000")  // IFLA_INFO_KIND: "wireguard", padded
    }

    @Test func addVeth() {
        expect(
            Link.addRequest(name: "a", kind: .veth(peer: "b"), mtu: nil),
            "58000000 1000 0106 00000000 00000000",  // RTM_NEWLINK
            "00 00 0000 00000000 00000000 00000000",  // struct ifinfomsg
            "0600 0300 61000000",  // IFLA_IFNAME: "a"
            "3000 1280",  // IFLA_LINKINFO
            "0900 0100 7665746800000000",  // IFLA_INFO_KIND: "veth"
            "2000 0280",  // IFLA_INFO_DATA
            "1c00 0180",  // VETH_INFO_PEER
            "00 00 0000 00000000 00000000 00000000",  // struct ifinfomsg of the other end
            "0600 0300 62000000")  // IFLA_IFNAME: "b"
    }

    @Test func set() {
        expect(
            Link.setRequest(index: 7, LinkChanges(mtu: 1280, isUp: true, alias: "wirebuddy")),
            "38000000 1000 0100 00000000 00000000",  // RTM_NEWLINK
            "00 00 0000 07000000 01000000 01000000",  // struct ifinfomsg: index 7, IFF_UP, change IFF_UP
            "0800 0400 00050000",  // IFLA_MTU: 1280
            "0e00 1400 776972656275646479000000")  // IFLA_IFALIAS: "wirebuddy"
        expect(
            Link.setRequest(index: 7, LinkChanges(isUp: false)),
            "20000000 1000 0100 00000000 00000000",
            "00 00 0000 07000000 00000000 01000000")  // no flag, change IFF_UP
    }

    @Test func delete() {
        expect(
            Link.deleteRequest(index: 7),
            "20000000 1100 0100 00000000 00000000",  // RTM_DELLINK
            "00 00 0000 07000000 00000000 00000000")
    }

    @Test func reply() throws {
        let link = try decode(
            hex(
                "74000000 1000 0200 01000000 11470000",  // RTM_NEWLINK, NLM_F_MULTI
                "00 00 feff 05000000 d1100000 00000000",  // ARPHRD_NONE, index 5, UP|POINTOPOINT|RUNNING|NOARP|LOWER_UP
                "0800 0300 77673000",  // IFLA_IFNAME: "wg0"
                "0800 0400 8c050000",  // IFLA_MTU: 1420
                "0800 0500 09000000",  // IFLA_LINK: 9
                "0800 2500 00000000",  // IFLA_LINK_NETNSID: 0
                "0800 0a00 04000000",  // IFLA_MASTER: 4
                "0800 1400 6f757200",  // IFLA_IFALIAS: "our"
                "1400 1200",  // IFLA_LINKINFO, without the nested flag, as the kernel sends it
                "0e00 0100 776972656775617264000000",  // IFLA_INFO_KIND: "wireguard"
                "0500 ff3f 01000000",  // an attribute of a kernel to come
                "0500 1000 06000000")  // IFLA_OPERSTATE
        ) { (message, bytes) throws(NetlinkError) in try Link(decoding: message, in: bytes) }
        #expect(
            link
                == Link(
                    index: 5, name: "wg0", kind: "wireguard", hardwareType: 65534, flags: 0x10d1, mtu: 1420,
                    alias: "our", lowerIndex: 9, lowerNamespaceID: 0, masterIndex: 4))
        #expect(link.isUp && link.isRunning && !link.isLoopback)
    }

    @Test func statistics() throws {
        let message = hex(
            "4c000000 1000 0200 01000000 11470000",  // RTM_NEWLINK
            "00 00 feff 05000000 d1100000 00000000",
            "0800 0300 77673000",  // IFLA_IFNAME: "wg0"
            "2400 1700",  // IFLA_STATS64, cut off behind the fields that are read
            "0300000000000000 0500000000000000",  // rx_packets, tx_packets
            "0000000001000000 0102000000000000")  // rx_bytes: 4 GiB, tx_bytes: 513
        let link = try decode(message) { (message, bytes) throws(NetlinkError) in
            try Link(decoding: message, in: bytes, withStatistics: true)
        }
        #expect(
            link.statistics
                == Link.Statistics(receivedPackets: 3, sentPackets: 5, receivedBytes: 1 << 32, sentBytes: 513))
        // An event of it says nothing of what moved.
        let kernel = FakeKernel([[.bytes(message)]])
        try kernel.send([])
        #expect(
            try EventSocket(kernel).receive().map(\.object)
                == [.link(Link(index: 5, name: "wg0", hardwareType: 65534, flags: 0x10d1))])
        let short = hex(
            "30000000 1000 0200 01000000 11470000", "00 00 feff 05000000 d1100000 00000000",
            "1000 1700 0300000000000000 05000000")
        #expect(throws: NetlinkError.self) {
            try decode(short) { (message, bytes) throws(NetlinkError) in
                try Link(decoding: message, in: bytes, withStatistics: true)
            }
        }
    }

    @Test func whatIsNotEncodableIsKept() {
        #expect(Link.getRequest(name: "a\0b").problem != nil)
        #expect(Link.getRequest(name: String(repeating: "x", count: 70_000)).problem != nil)
    }
}
