import Model
import Testing

@Suite struct StateTests {
    /// `sysctl(8)` swaps dots and slashes: a link named `eth0.5` is `eth0/5` in the dotted form.
    @Test func sysctlsPrintAsSysctlNamesThem() {
        #expect(Sysctl.ipv4Forwarding.description == "net.ipv4.ip_forward")
        #expect(Sysctl.acceptRouterAdvertisements("eth0.5").path == "net/ipv6/conf/eth0.5/accept_ra")
        #expect(Sysctl.acceptRouterAdvertisements("eth0.5").description == "net.ipv6.conf.eth0/5.accept_ra")
        #expect(Sysctl.promoteSecondaries("wg0").description == "net.ipv4.conf.wg0.promote_secondaries")
        #expect(
            [Sysctl.ipv6Forwarding, .sourceValidMark, .ipv4Forwarding].sorted().map(\.path) == [
                "net/ipv4/conf/all/src_valid_mark", "net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding",
            ])
    }

    @Test(
        arguments: [(nil, false), (0, true), (179, true), (180, false), (10_000, false), (-5, true)] as [(Int64?, Bool)]
    )
    func aSessionLivesThreeMinutes(ago: Int64?, live: Bool) {
        let now = Timestamp(seconds: 1_800_000_000)
        let peer = ObservedPeer(
            publicKey: PublicKey(words: (1, 2, 3, 4)), lastHandshake: ago.map { now.advanced(bySeconds: -$0) })
        #expect(peer.isLive(at: now) == live)
    }

    @Test func onlyOurMarkMakesALinkOurs() {
        for (alias, marked) in [("wirebuddy", true), ("", false), ("WireBuddy", false), ("wirebuddy ", false)] {
            let link = ObservedLink(index: 2, name: "wg0", kind: "wireguard", mtu: 1420, isUp: true, alias: alias)
            #expect(link.isMarked == marked)
        }
    }
}
