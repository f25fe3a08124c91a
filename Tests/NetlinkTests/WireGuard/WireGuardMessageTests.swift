import Testing

@testable import Netlink

/// A key of 32 equal bytes, as it stands in a message.
func key(_ byte: UInt8) -> WireGuardKey {
    WireGuardKey(bytes: [UInt8](repeating: byte, count: 32)) ?? .zero
}

let wireguard = GenericFamily(name: "wireguard", id: 29, version: 1, groups: [])

@Suite struct WireGuardMessageTests {
    static let key11 = String(repeating: "11", count: 32)
    static let key22 = String(repeating: "22", count: 32)
    static let key33 = String(repeating: "33", count: 32)

    @Test func get() {
        expect(
            WireGuardDevice.getRequest(wireguard, .name("wg0")),
            "1c000000 1d00 0100 00000000 00000000",  // the family's id, NLM_F_REQUEST
            "00 01 0000",  // struct genlmsghdr: WG_CMD_GET_DEVICE, version 1
            "0800 0200 77673000")  // WGDEVICE_A_IFNAME
        expect(
            WireGuardDevice.getRequest(wireguard, .index(5)),
            "1c000000 1d00 0100 00000000 00000000", "00 01 0000",
            "0800 0100 05000000")  // WGDEVICE_A_IFINDEX
    }

    @Test func setDeviceAndPeer() {
        let configuration = WireGuardConfiguration(
            privateKey: key(0x11), listenPort: 51_820, fwmark: 7,
            peers: [
                WireGuardPeerConfiguration(
                    publicKey: key(0x22), flags: .updateOnly, presharedKey: key(0x33),
                    endpoint: NetlinkEndpoint(address: .ipv4(0xC000_0201), port: 51_820), persistentKeepalive: 25,
                    allowedIPs: [
                        .init(NetlinkPrefix(.ipv4(0x0A00_0000), length: 8)),
                        .init(NetlinkPrefix(.ipv6(0xfd00_0000_0000_0000, 0), length: 64), isRemoved: true),
                    ])
            ])
        let messages = WireGuardPacking.messages(configuration, of: .index(5), family: wireguard)
        #expect(messages.count == 1)
        #expect(
            text(messages[0])
                == text(
                    hex(
                        "14010000 1d00 0100 00000000 00000000",
                        "01 01 0000",  // WG_CMD_SET_DEVICE, version 1
                        "0800 0100 05000000",  // WGDEVICE_A_IFINDEX: 5
                        "2400 0300", Self.key11,  // WGDEVICE_A_PRIVATE_KEY
                        "0600 0600 6cca0000",  // WGDEVICE_A_LISTEN_PORT: 51820
                        "0800 0700 07000000",  // WGDEVICE_A_FWMARK
                        "c400 0880",  // WGDEVICE_A_PEERS
                        "c000 0080",  // the first
                        "2400 0100", Self.key22,  // WGPEER_A_PUBLIC_KEY
                        "0800 0300 04000000",  // WGPEER_A_FLAGS: UPDATE_ONLY
                        "2400 0200", Self.key33,  // WGPEER_A_PRESHARED_KEY
                        "1400 0400 0200 ca6c c0000201 0000000000000000",  // WGPEER_A_ENDPOINT: struct sockaddr_in
                        "0600 0500 19000000",  // WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL: 25
                        "5000 0980",  // WGPEER_A_ALLOWEDIPS
                        "1c00 0080",  // the first
                        "0600 0100 02000000",  // WGALLOWEDIP_A_FAMILY: AF_INET
                        "0800 0200 0a000000",  // WGALLOWEDIP_A_IPADDR
                        "0500 0300 08000000",  // WGALLOWEDIP_A_CIDR_MASK: 8
                        "3000 0080",  // the second
                        "0600 0100 0a000000",  // AF_INET6
                        "1400 0200 fd000000000000000000000000000000",
                        "0500 0300 40000000",  // 64
                        "0800 0400 01000000")))  // WGALLOWEDIP_A_FLAGS: REMOVE_ME
    }

    @Test func setIPv6Endpoint() {
        let endpoint = NetlinkEndpoint(address: .ipv6(0xfe80_0000_0000_0000, 1), port: 258, scopeID: 3)
        let configuration = WireGuardConfiguration(peers: [
            WireGuardPeerConfiguration(publicKey: key(0x22), endpoint: endpoint)
        ])
        let message = WireGuardPacking.messages(configuration, of: .name("wg0"), family: wireguard)[0]
        #expect(
            text(message)
                == text(
                    hex(
                        "68000000 1d00 0100 00000000 00000000", "01 01 0000",
                        "0800 0200 77673000",  // WGDEVICE_A_IFNAME
                        "4c00 0880 4800 0080",  // WGDEVICE_A_PEERS, the first
                        "2400 0100", Self.key22,
                        "2000 0400",  // WGPEER_A_ENDPOINT: struct sockaddr_in6
                        "0a00 0102 00000000",  // AF_INET6, port 258, no flow
                        "fe800000000000000000000000000001",
                        "03000000")))  // sin6_scope_id
    }

    private func device(_ datagrams: [UInt8]...) throws -> WireGuardDevice {
        var device = WireGuardDevice(index: 0, name: "")
        for datagram in datagrams {
            try decode(datagram) { (message, bytes) throws(NetlinkError) in try device.merge(message, in: bytes) }
        }
        return device
    }

    @Test func reply() throws {
        let found = try device(
            hex(
                "7c010000 1d00 0200 01000000 11470000",  // NLM_F_MULTI
                "00 01 0000",  // WG_CMD_GET_DEVICE
                "0600 0600 6cca0000",  // WGDEVICE_A_LISTEN_PORT: 51820
                "0800 0700 07000000",  // WGDEVICE_A_FWMARK: 7
                "0800 0100 05000000",  // WGDEVICE_A_IFINDEX: 5
                "0800 0200 77673000",  // WGDEVICE_A_IFNAME: "wg0"
                "2400 0300", Self.key11,  // WGDEVICE_A_PRIVATE_KEY
                "2400 0400", Self.key33,  // WGDEVICE_A_PUBLIC_KEY
                "0001 0880",  // WGDEVICE_A_PEERS
                "bc00 0080",  // the first
                "2400 0100", Self.key22,  // WGPEER_A_PUBLIC_KEY
                "2400 0200", String(repeating: "00", count: 32),  // WGPEER_A_PRESHARED_KEY: none
                "1400 0600 0200000000000000 0300000000000000",  // WGPEER_A_LAST_HANDSHAKE_TIME: 2 s, 3 ns
                "0600 0500 19000000",  // WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL: 25
                "0c00 0800 0500000000000000",  // WGPEER_A_TX_BYTES
                "0c00 0700 0400000000000000",  // WGPEER_A_RX_BYTES
                "0800 0a00 01000000",  // WGPEER_A_PROTOCOL_VERSION
                "1400 0400 0200 ca6c c0000201 0000000000000000",  // WGPEER_A_ENDPOINT
                "2000 0980",  // WGPEER_A_ALLOWEDIPS
                "1c00 0080 0500 0300 08000000 0600 0100 02000000 0800 0200 0a000000",  // 10.0.0.0/8
                "4000 0080",  // the second
                "2400 0100", Self.key33,
                "0600 0500 00000000",
                "1000 0980 0c00 0080 0600 0100 1d000000")  // an allowed IP of a family we don't know
        )
        let peer = WireGuardPeer(
            publicKey: key(0x22), endpoint: NetlinkEndpoint(address: .ipv4(0xC000_0201), port: 51_820),
            persistentKeepalive: 25, lastHandshakeSeconds: 2, lastHandshakeNanoseconds: 3, receivedBytes: 4,
            sentBytes: 5, protocolVersion: 1, allowedIPs: [NetlinkPrefix(.ipv4(0x0A00_0000), length: 8)])
        #expect(
            found
                == WireGuardDevice(
                    index: 5, name: "wg0", privateKey: key(0x11), publicKey: key(0x33), listenPort: 51_820, fwmark: 7,
                    peers: [peer, WireGuardPeer(publicKey: key(0x33))]))
    }

    @Test func peerSplitOverMessagesIsMerged() throws {
        let found = try device(
            hex(
                "84000000 1d00 0200 01000000 11470000", "00 01 0000", "0800 0100 05000000",
                "6800 0880 6400 0080",
                "2400 0100", Self.key22,
                "0600 0500 19000000",  // keepalive: in the first part only
                "1400 0600 0200000000000000 0300000000000000",
                "2000 0980 1c00 0080 0500 0300 08000000 0600 0100 02000000 0800 0200 0a000000"),
            hex(
                "94000000 1d00 0200 01000000 11470000", "00 01 0000",
                "8000 0880",
                "5400 0080",  // goes on: key and allowed IPs
                "2400 0100", Self.key22,
                "2c00 0980 2800 0080 0500 0300 40000000 0600 0100 0a000000",
                "1400 0200 fd000000000000000000000000000000",
                "2800 0080",
                "2400 0100", Self.key33))
        #expect(found.peers.map(\.publicKey) == [key(0x22), key(0x33)])
        #expect(found.peers[0].persistentKeepalive == 25 && found.peers[0].lastHandshakeSeconds == 2)
        #expect(found.peers[0].allowedIPs.map(\.length) == [8, 64])
        #expect(found.peers[0].allowedIPs[1].address == .ipv6(0xfd00_0000_0000_0000, 0))
    }

    @Test func ipv6EndpointKeepsItsScope() throws {
        let found = try device(
            hex(
                "60000000 1d00 0200 01000000 11470000", "00 01 0000", "4c00 0880 4800 0080", "2400 0100", Self.key22,
                "2000 0400 0a00 0102 00000000 fe800000000000000000000000000001 03000000"))
        #expect(
            found.peers[0].endpoint
                == NetlinkEndpoint(address: .ipv6(0xfe80_0000_0000_0000, 1), port: 258, scopeID: 3))
    }

    @Test(arguments: [
        "24000000 1d00 0200 01000000 11470000 00010000 1000 0880 0c00 0080 0600 0500 19000000",  // no public key
        "24000000 1d00 0200 01000000 11470000 00010000 1000 0300 112233441122334411223344",  // a key of twelve bytes
        "10000000 1d00 0200 01000000 11470000",  // no struct genlmsghdr
    ]) func malformed(fields: String) {
        #expect(throws: NetlinkError.self) { try device(hex(fields)) }
    }

    @Test(arguments: [
        "0500 0300 21000000 0600 0100 02000000 0800 0200 0a000000",  // IPv4 /33
        "0500 0300 08000000 0600 0100 0a000000 0800 0200 0a000000",  // IPv6 with four bytes
        "0600 0100 02000000 0800 0200 0a000000 0500 ff00 00000000",  // no prefix length
    ]) func malformedAllowedIP(fields: String) {
        #expect(throws: NetlinkError.self) {
            try device(
                hex(
                    "64000000 1d00 0200 01000000 11470000 00010000 4c00 0880 4800 0080 2400 0100", Self.key22,
                    "2000 0980 1c00 0080", fields))
        }
    }

    @Test func keysNeverPrint() {
        let secret = key(0x42)
        let peer = WireGuardPeer(publicKey: secret, presharedKey: secret)
        var dumped = ""
        dump(peer, to: &dumped)
        for shown in ["\(secret)", String(reflecting: secret), "\(peer)", dumped] {
            #expect(!shown.contains("66") && !shown.contains("42") && !shown.contains("4774451407313060418"))
            #expect(shown.contains("<redacted>"))
        }
        #expect(secret.bytes == [UInt8](repeating: 0x42, count: 32))
        #expect(WireGuardKey(bytes: (0..<32).map { UInt8($0) })?.bytes == (0..<32).map { UInt8($0) })
        #expect(WireGuardKey(bytes: [1, 2, 3]) == nil)
        #expect(WireGuardKey.zero.isZero && !secret.isZero)
    }
}
