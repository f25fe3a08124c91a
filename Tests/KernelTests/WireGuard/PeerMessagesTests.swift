import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

@Suite struct PeerMessagesTests {
    let alice = PublicKey(words: (1, 2, 3, 4))
    let bob = PublicKey(words: (5, 6, 7, 8))
    let throwaway = WireGuardKey(words: (9, 9, 9, 9))

    func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    func peers(
        _ operations: [PeerOperation], _ removal: PeerMessages.Removal = .flag, keepalive: UInt16 = 0
    ) -> [WireGuardPeerConfiguration] {
        PeerMessages.peers(of: operations, removal: removal) { _ in keepalive }
    }

    @Test func addSetsWhatItNames() throws {
        let secret = SecretKey(words: (1, 1, 1, 1))
        let endpoint = SocketAddress(try #require(IPAddress("192.0.2.1")), port: 51_820)
        let sent = peers([
            PeerOperation(
                .add, publicKey: alice, presharedKey: .key(secret), endpoint: endpoint, persistentKeepalive: 7,
                addAllowedIPs: [try prefix("10.8.0.2/32"), try prefix("fd00::2/128")])
        ])
        #expect(sent.count == 1 && sent[0].flags == [])
        #expect(PublicKey(sent[0].publicKey) == alice && sent[0].publicKey.bytes == alice.bytes)
        #expect(sent[0].presharedKey.map { SecretKey($0) } == secret)
        #expect(sent[0].endpoint.map { SocketAddress($0) } == endpoint && sent[0].persistentKeepalive == 7)
        #expect(sent[0].allowedIPs.map { Prefix($0.prefix).description } == ["10.8.0.2/32", "fd00::2/128"])
        #expect(!sent[0].allowedIPs.contains { $0.isRemoved })
    }

    @Test func updateLeavesAloneWhatItDoesNotName() {
        let sent = peers([PeerOperation(.update, publicKey: alice)])
        #expect(sent.count == 1 && sent[0].flags == .updateOnly && sent[0].allowedIPs.isEmpty)
        #expect(sent[0].presharedKey == nil && sent[0].endpoint == nil && sent[0].persistentKeepalive == nil)
        let cleared = peers([
            PeerOperation(.update, publicKey: alice, presharedKey: PeerOperation.PresharedKey.none)
        ])
        #expect(cleared[0].presharedKey?.isZero == true)
    }

    @Test func removeSaysNothingElse() throws {
        let operation = PeerOperation(
            .remove, publicKey: alice, persistentKeepalive: 7, removeAllowedIPs: [try prefix("10.8.0.2/32")],
            wake: true)
        for removal in [PeerMessages.Removal.flag, .throwaway(throwaway)] {
            let sent = peers([operation], removal)
            #expect(sent.count == 1 && sent[0].flags == .removeMe && sent[0].allowedIPs.isEmpty)
        }
    }

    @Test func prefixIsTakenByFlagBeforeOthersAreAdded() throws {
        let sent = peers([
            PeerOperation(
                .update, publicKey: alice, addAllowedIPs: [try prefix("10.8.0.3/32")],
                removeAllowedIPs: [try prefix("10.8.0.2/32")])
        ])
        #expect(sent.count == 1)
        #expect(
            sent[0].allowedIPs.map { "\(Prefix($0.prefix)) \($0.isRemoved)" } == [
                "10.8.0.2/32 true", "10.8.0.3/32 false",
            ])
    }

    /// The throwaway peer takes a prefix from whoever has it, so it comes before the peer that is to get it.
    @Test func prefixIsTakenByAThrowawayPeerFirst() throws {
        let moving = try prefix("10.8.0.2/32")
        let sent = peers(
            [
                PeerOperation(.add, publicKey: bob, addAllowedIPs: [moving]),
                PeerOperation(.update, publicKey: alice, removeAllowedIPs: [moving, try prefix("10.8.0.9/32")]),
            ], .throwaway(throwaway))
        #expect(sent.map(\.publicKey) == [throwaway, throwaway, bob.netlink, alice.netlink])
        #expect(sent.map(\.flags) == [[], .removeMe, [], .updateOnly])
        #expect(sent[0].allowedIPs.map { Prefix($0.prefix).description } == ["10.8.0.2/32", "10.8.0.9/32"])
        #expect(!sent.contains { $0.flags.contains(.replaceAllowedIPs) || $0.allowedIPs.contains(where: \.isRemoved) })
        #expect(sent[3].allowedIPs.isEmpty)
        #expect(peers([PeerOperation(.update, publicKey: alice)], .throwaway(throwaway)).count == 1)
    }

    @Test(
        arguments: [(nil, 0, [0, 25, 0]), (nil, 25, [0, 25]), (nil, 7, [0, 25, 7]), (9, 25, [0, 25, 9])]
            as [(UInt16?, UInt16, [UInt16])])
    func wakingEndsWithTheIntervalWanted(declared: UInt16?, before: UInt16, intervals: [UInt16]) {
        let operation = PeerOperation(.add, publicKey: alice, persistentKeepalive: declared, wake: true)
        let sent = peers([operation], keepalive: before)
        #expect(sent.compactMap(\.persistentKeepalive) == intervals)
        #expect(sent.map(\.flags) == [[]] + Array(repeating: .updateOnly, count: intervals.count - 1))
    }

    @Test func valuesSurviveTheWayThereAndBack() throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<200 {
            let words = (generator.next(), generator.next(), generator.next(), generator.next())
            let key = PublicKey(words: words)
            #expect(PublicKey(key.netlink) == key && key.netlink.bytes == key.bytes)
            let four = IPAddress(v4: UInt32(truncatingIfNeeded: words.0))
            let six = IPAddress(v6: words.1, words.2)
            for address in [four, six] {
                #expect(IPAddress(address.netlink) == address)
                let length = Int(words.3 % UInt64(address.family.bits + 1))
                #expect(Prefix(Prefix(address, length: length).netlink) == Prefix(address, length: length))
            }
        }
    }
}
