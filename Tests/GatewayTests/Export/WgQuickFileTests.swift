import Model
import Testing

@testable import Gateway

@Suite("Interfaces as files of wg-quick")
struct WgQuickFileTests {
    private let now = Timestamp("2026-06-01T00:00:00Z") ?? Timestamp(seconds: 0)
    private let place = SourceLocation(path: "x.yaml", line: 1, column: 1)

    private func interface(_ addresses: [String] = ["10.8.0.1/24", "fd42:8::1/64"]) -> Interface {
        Interface(
            name: "wg0", address: addresses.compactMap { InterfaceAddress($0) }, listenPort: 51820, location: place)
    }

    private func peer(_ name: String, _ number: UInt8, _ change: (inout Peer) -> Void = { _ in }) -> Peer {
        var peer = Peer(
            name: name, dnsName: name, interface: "wg0", ip: [IPAddress("10.8.0.\(number)")].compactMap { $0 },
            publicKey: SampleKey.publicKey(number), location: place)
        change(&peer)
        return peer
    }

    private func export(_ interface: Interface, _ peers: [Peer]) -> WgQuickFile {
        let other = Interface(name: "wg1", address: [], listenPort: 51821, location: place)
        return WgQuickFile(
            interface, in: Catalog(interfaces: [interface, other], peers: peers), privateKey: SampleKey.privateKey,
            presharedKeys: [SampleKey.publicKey(2): SampleKey.presharedKey], now: now)
    }

    @Test("the file of a plain gateway")
    func plain() {
        let text = export(interface(), [peer("anna", 2), peer("otto", 3) { $0.enabled = false }]).exposedText()
        #expect(
            text == """
                # Interface wg0, written by wirebuddy export.
                [Interface]
                PrivateKey = \(SampleKey.privateKey.exposedText())
                Address = 10.8.0.1/24, fd42:8::1/64
                ListenPort = 51820
                PostUp = sysctl -q -w net.ipv4.ip_forward=1
                PostUp = sysctl -q -w net.ipv6.conf.all.forwarding=1
                PostUp = nft 'add table inet wg-quick-%i; add chain inet wg-quick-%i forward { type filter hook forward priority 0; }; add rule inet wg-quick-%i forward oifname "%i" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu; add rule inet wg-quick-%i forward iifname "%i" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu; add chain inet wg-quick-%i postrouting { type nat hook postrouting priority 100; }; add rule inet wg-quick-%i postrouting ip saddr { 10.8.0.0/24 } oifname != { "wg0", "wg1" } masquerade; add rule inet wg-quick-%i postrouting ip6 saddr { fd42:8::/64 } oifname != { "wg0", "wg1" } masquerade'
                PostDown = nft delete table inet wg-quick-%i

                [Peer]
                # Name = anna
                PublicKey = \(SampleKey.publicKey(2))
                PresharedKey = \(SampleKey.presharedKey.exposedText())
                AllowedIPs = 10.8.0.2/32

                """)
    }

    /// What an interface means for the host, as far as wg-quick can say it.
    private func state(_ interface: Interface, _ peers: [Peer]) -> [String] {
        let head = [
            "\(interface.name) \(interface.address) \(interface.listenPort) \(interface.mtu) \(interface.table)",
            "\(interface.fwmark) \(interface.masquerade) \(interface.masqueradedPrefixes) \(interface.isolatePeers)",
        ]
        return head
            + peers.filter { $0.enabled && $0.expiresAt.map { $0 > now } ?? true }
            .sorted { $0.publicKey < $1.publicKey }.map { peer in
                let endpoint = peer.endpoint.map { "\($0) \(peer.persistentKeepalive ?? 25)" } ?? "learned"
                return "\(peer.name) \(peer.publicKey) \(peer.ip) \(peer.routes) \(endpoint)"
            }
    }

    @Test("what was exported imports as the same state", arguments: 0..<200)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var interface = interface(
            random.pick([["10.8.0.1/24"], ["10.8.0.1/24", "fd42:8::1/64"], ["10.8.0.1/24", "2001:db8::1/64"]]))
        interface.mtu = random.pick([.auto, .fixed(1380)])
        interface.table = random.pick([.auto, .off, .number(1000)])
        interface.fwmark = random.pick([0, 0xCA6C])
        interface.masquerade = random.pick([.on, .off, .outputs(["eth0"]), .outputs(["eth0", "wlan0"])])
        interface.ipv6 = random.pick([nil, .nat66, .routed])
        interface.isolatePeers = random.pick([true, false])
        let names = ["anna", "Otto's phone", "C#", "Büro (deadbeef)", "a = b: c", "Name", "end of all", "# x"]
        let peers = names.prefix(Int(random.next() % 9)).enumerated().map { index, name in
            peer(name, UInt8(index + 2)) { peer in
                if random.next() % 3 == 0 { peer.routes = [Prefix("192.168.\(index).0/24")].compactMap { $0 } }
                if random.next() % 5 == 0, !peer.routes.isEmpty { peer.ip = [] }
                if random.next() % 3 == 0 { peer.endpoint = Endpoint("site\(index).example.net:51820") }
                peer.persistentKeepalive = random.pick([nil, 0, 15])
                peer.enabled = random.next() % 5 != 0
            }
        }
        let file = try WireGuardFile(
            origin: "wg0.conf", bytes: Array(export(interface, peers).exposedText().utf8))
        let back = try ImportedInterface(file, name: "wg0", freePort: 1)
        #expect(state(back.interface, back.peers.map(\.peer)) == state(interface, peers))
        #expect(back.privateKey == SampleKey.privateKey)
        #expect(back.notImported == [] && back.warnings == [])
        for peer in back.peers where peer.peer.publicKey == SampleKey.publicKey(2) {
            #expect(peer.presharedKey == SampleKey.presharedKey)
        }
    }

    @Test("what wg-quick can't say is told")
    func remarks() {
        var odd = interface()
        odd.enabled = false
        odd.input = .dnsOnly
        odd.routeFrom = [Prefix("10.8.0.0/24")].compactMap { $0 }
        let peers = [
            peer("anna", 2) { $0.expiresAt = Timestamp("2027-01-01T00:00:00Z") },
            peer("otto", 3) { $0.expiresAt = Timestamp("2026-01-01T00:00:00Z") }, peer("zoe", 4) { $0.isolated = true },
        ]
        #expect(export(odd, peers).remarks.count == 6)
        #expect(export(interface(), [peer("anna", 2)]).remarks == [])
    }
}

/// Generated choices that every run repeats.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(next() % UInt64(values.count))] }
}
