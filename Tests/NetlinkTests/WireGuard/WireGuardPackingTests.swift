import Testing

@testable import Netlink

@Suite struct WireGuardPackingTests {
    typealias Peer = WireGuardPeerConfiguration

    /// The public key of peer `number`.
    func numbered(_ number: Int) -> WireGuardKey { WireGuardKey(words: (UInt64(number) + 1, 2, 3, 4)) }

    func allowedIPs(_ range: Range<Int>) -> [Peer.AllowedIP] {
        range.map { .init(.host(.ipv4(0x0A00_0000 + UInt32($0)))) }
    }

    func pack(_ peers: [Peer], limit: Int = WireGuardPacking.messageLimit) -> [[SentPeer]] {
        let messages = WireGuardPacking.messages(
            WireGuardConfiguration(peers: peers), of: .index(5), family: wireguard, limit: limit)
        #expect(messages.allSatisfy { $0.count <= limit && $0.count % 4 == 0 })
        return messages.map(SentPeer.peers)
    }

    @Test func noPeersIsOneMessage() {
        let messages = WireGuardPacking.messages(
            WireGuardConfiguration(fwmark: 0), of: .index(5), family: wireguard)
        #expect(messages.map(\.count) == [36])
        #expect(pack([]).count == 1)
    }

    @Test func deviceAttributesAreInTheFirstMessageOnly() {
        let configuration = WireGuardConfiguration(
            privateKey: key(0x11), listenPort: 1, peers: (0..<100).map { Peer(publicKey: numbered($0)) })
        let messages = WireGuardPacking.messages(configuration, of: .index(5), family: wireguard, limit: 1024)
        #expect(messages.count > 1)
        let privateKey = key(0x11).bytes
        let carriers = messages.filter { message in
            (0...(message.count - 32)).contains { Array(message[$0..<($0 + 32)]) == privateKey }
        }
        #expect(carriers == [messages[0]])
    }

    @Test func tenThousandPeersKeepTheirOrder() {
        let peers = (0..<10_000).map { number in
            Peer(
                publicKey: numbered(number), presharedKey: key(0x33),
                endpoint: NetlinkEndpoint(address: .ipv4(UInt32(number)), port: 1), persistentKeepalive: 25,
                allowedIPs: allowedIPs(number..<(number + 1)))
        }
        let clock = ContinuousClock()
        var sent: [[UInt8]] = []
        let duration = clock.measure {
            sent = WireGuardPacking.messages(WireGuardConfiguration(peers: peers), of: .index(5), family: wireguard)
        }
        print("packing of 10,000 peers (\(sent.reduce(0) { $0 + $1.count }) bytes): \(duration)")
        let messages = sent.map(SentPeer.peers)
        #expect(messages.joined().map(\.key) == peers.map { $0.publicKey.bytes })
        #expect(messages.joined().allSatisfy { $0.attributes == [1, 2, 4, 5, 9] && $0.allowedIPs.count == 1 })
        // All but the last are filled to within one peer.
        #expect(sent.dropLast().allSatisfy { $0.count > WireGuardPacking.messageLimit - 300 })
    }

    @Test func manyAllowedIPsAppendAfterTheFirstPart() {
        let peer = Peer(
            publicKey: numbered(1), flags: .replaceAllowedIPs, presharedKey: key(0x33),
            endpoint: NetlinkEndpoint(address: .ipv4(1), port: 1), persistentKeepalive: 25,
            allowedIPs: allowedIPs(0..<5000))
        let messages = pack([Peer(publicKey: numbered(0)), peer, Peer(publicKey: numbered(2))])
        #expect(messages.count > 3)
        let parts = messages.joined().filter { $0.key == numbered(1).bytes }
        #expect(parts.map(\.flags) == [2] + [UInt32](repeating: 4, count: parts.count - 1))
        #expect(parts[0].attributes == [1, 3, 2, 4, 5, 9])
        #expect(parts.dropFirst().allSatisfy { $0.attributes == [1, 3, 9] && !$0.allowedIPs.isEmpty })
        let whole = pack([Peer(publicKey: numbered(1), allowedIPs: allowedIPs(0..<400))])[0][0].allowedIPs
        #expect(Array(parts.flatMap(\.allowedIPs).prefix(400)) == whole)
        #expect(parts.flatMap(\.allowedIPs).count == 5000)
        #expect(messages.last?.last?.key == numbered(2).bytes)
    }

    @Test func updateOnlyStaysOnEveryPart() {
        let parts = pack([
            Peer(publicKey: numbered(1), flags: .updateOnly, allowedIPs: allowedIPs(0..<3000))
        ]).joined()
        #expect(parts.count > 1 && parts.allSatisfy { $0.flags == 4 })
    }

    @Test func removedPeerCarriesNothingElse() {
        let peer = Peer(
            publicKey: numbered(1), flags: .removeMe, presharedKey: key(0x33), persistentKeepalive: 25,
            allowedIPs: allowedIPs(0..<3))
        #expect(pack([peer]) == [[SentPeer(key: numbered(1).bytes, flags: 1, attributes: [1, 3])]])
    }

    @Test(arguments: 0..<40) func throwawayPeerIsMadeAndRemovedInOneMessage(before: Int) {
        let throwaway = numbered(999)
        let peers =
            (0..<before).map { Peer(publicKey: numbered($0)) } + [
                Peer(publicKey: throwaway, allowedIPs: allowedIPs(0..<3)), Peer(publicKey: throwaway, flags: .removeMe),
                Peer(publicKey: numbered(1), flags: .updateOnly, allowedIPs: allowedIPs(3..<4)),
            ]
        let messages = pack(peers, limit: 1024)
        let holders = messages.filter { $0.contains { $0.key == throwaway.bytes } }
        #expect(holders.count == 1)
        #expect(holders[0].filter { $0.key == throwaway.bytes }.map(\.flags) == [0, 1])
        #expect(messages.joined().map(\.key) == peers.map { $0.publicKey.bytes })
    }

    @Test func anythingFitsIntoTheSmallestMessage() {
        let peer = Peer(
            publicKey: numbered(1), flags: [.updateOnly, .replaceAllowedIPs], presharedKey: key(0x33),
            endpoint: NetlinkEndpoint(address: .ipv6(1, 2), port: 1, scopeID: 3), persistentKeepalive: 25,
            allowedIPs: (0..<50).map { .init(.host(.ipv6(1, $0)), isRemoved: true) })
        let messages = pack([peer, peer], limit: 512)
        #expect(messages.joined().reduce(0) { $0 + $1.allowedIPs.count } == 100)
    }
}
