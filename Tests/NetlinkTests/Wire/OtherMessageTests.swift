import Testing

@testable import Netlink

@Suite struct NetconfMessageTests {
    @Test func dump() {
        expect(
            Netconf.dumpRequest(.ipv4),
            "14000000 5200 0100 00000000 00000000",  // RTM_GETNETCONF
            "02 000000")  // struct netconfmsg: AF_INET, padded
    }

    @Test func reply() throws {
        let found = try decode(
            hex(
                "34000000 5000 0200 01000000 11470000",  // RTM_NEWNETCONF
                "02 000000",  // AF_INET
                "0800 0100 ffffffff",  // NETCONFA_IFINDEX: all
                "0800 0200 01000000",  // NETCONFA_FORWARDING
                "0800 0300 02000000",  // NETCONFA_RP_FILTER: loose
                "0800 0900 01000000")  // NETCONFA_FORCE_FORWARDING
        ) { (message, bytes) throws(NetlinkError) in try Netconf(decoding: message, in: bytes) }
        #expect(
            found
                == Netconf(
                    family: .ipv4, linkIndex: Netconf.allLinks, isForwarding: true, reversePathFilter: 2,
                    isForceForwarding: true))
    }
}

@Suite struct GenericFamilyMessageTests {
    @Test func get() {
        expect(
            GenericFamily.getRequest(name: "wireguard"),
            "24000000 1000 0100 00000000 00000000",  // GENL_ID_CTRL
            "03 01 0000",  // struct genlmsghdr: CTRL_CMD_GETFAMILY, version 1
            "0e00 0200 776972656775617264000000")  // CTRL_ATTR_FAMILY_NAME
    }

    @Test func reply() throws {
        let found = try decode(
            hex(
                "50000000 1000 0000 01000000 11470000",
                "01 02 0000",  // CTRL_CMD_NEWFAMILY
                "0e00 0200 776972656775617264000000",  // CTRL_ATTR_FAMILY_NAME: "wireguard"
                "0600 0100 1d000000",  // CTRL_ATTR_FAMILY_ID: 29
                "0800 0300 01000000",  // CTRL_ATTR_VERSION: 1
                "1c00 0700",  // CTRL_ATTR_MCAST_GROUPS
                "1800 0100",  // the first
                "0800 0200 05000000",  // CTRL_ATTR_MCAST_GRP_ID: 5
                "0a00 0100 706565727300 0000")  // CTRL_ATTR_MCAST_GRP_NAME: "peers"
        ) { (message, bytes) throws(NetlinkError) in try GenericFamily(decoding: message, in: bytes) }
        #expect(
            found == GenericFamily(name: "wireguard", id: 29, version: 1, groups: [.init(name: "peers", id: 5)]))
    }

    @Test func aFamilyWithoutAnIDIsRefused() {
        #expect(throws: NetlinkError.self) {
            try decode(hex("14000000 1000 0000 01000000 11470000 01020000")) {
                (message, bytes) throws(NetlinkError) in try GenericFamily(decoding: message, in: bytes)
            }
        }
    }
}

@Suite struct RulesetGenerationMessageTests {
    @Test func get() {
        expect(
            RulesetGeneration.getRequest(),
            "14000000 100a 0100 00000000 00000000",  // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN
            "00 00 0000")  // struct nfgenmsg
    }

    private func generation(_ bytes: [UInt8]) throws -> RulesetGeneration {
        try decode(bytes) { (message, bytes) throws(NetlinkError) in
            try RulesetGeneration(decoding: message, in: bytes)
        }
    }

    @Test func reply() throws {
        let found = try generation(
            hex(
                "2c000000 0f0a 0000 01000000 11470000",  // NFT_MSG_NEWGEN
                "00 00 0007",
                "0800 0100 00010207",  // NFTA_GEN_ID: 66055, network byte order
                "0800 0200 000004d2",  // NFTA_GEN_PROC_PID: 1234
                "0800 0300 6e667400"))  // NFTA_GEN_PROC_NAME: "nft"
        #expect(found == RulesetGeneration(id: 66_055, processID: 1234, processName: "nft"))
        #expect(throws: NetlinkError.self) { try generation(hex("14000000 0f0a 0000 01000000 11470000 00000007")) }
    }
}
