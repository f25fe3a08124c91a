import Credentials
import Model
import Reconciler
import Testing

/// Whose DNS the firewall enforces, and where it goes.
@Suite("DNS enforcement") struct EnforcementTests {
    private static let place = SourceLocation(path: "a.yaml", line: 1, column: 1)
    private static let now = Timestamp(seconds: 1_800_000_000)

    private func interface(
        _ name: String = "wg0", _ addresses: String..., enforces: Bool = false
    ) -> Interface {
        var interface = Interface(
            name: name, address: addresses.compactMap { InterfaceAddress($0) }, listenPort: 51820,
            location: Self.place)
        interface.dnsEnforce = enforces
        return interface
    }

    private func peer(
        _ name: String, on interface: String = "wg0", _ ip: String..., routes: [String] = [], filtering: Bool = true,
        enforce: Bool = false
    ) throws -> Peer {
        let key = try #require(PublicKey(bytes: [UInt8](repeating: name.utf8.first ?? 0, count: 32)))
        var peer = Peer(
            name: name, dnsName: name, interface: interface, ip: ip.compactMap { IPAddress($0) }, publicKey: key,
            location: Self.place)
        peer.routes = routes.compactMap { Prefix($0) }
        peer.dns.filtering = filtering
        peer.dns.enforce = enforce
        return peer
    }

    private func firewall(
        _ interfaces: [Interface], _ peers: [Peer], settings: DNSSettings? = DNSSettings(location: place),
        foreign: [String] = []
    ) throws -> FirewallTable {
        var observed = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        observed.links = foreign.enumerated().map { number, name in
            ObservedLink(index: 20 + number, name: name, kind: "wireguard", mtu: 1420, isUp: true)
        }
        let compiler = DesiredCompiler(
            catalog: Catalog(interfaces: interfaces, peers: peers, dns: settings),
            facts: HostFacts(observed, inventory: InventorySnapshot()), now: Self.now, digest: BLAKE2b256())
        return try #require(compiler.compile().firewall)
    }

    /// The members of all sets, `dns_enforced_hosts4 wg0 . 10.8.0.2/32`.
    private func members(_ firewall: FirewallTable) -> [String] {
        firewall.elements.flatMap { set, members in members.map { "\(set.rawValue) \($0)" } }.sorted()
    }

    @Test func anInterfaceSpeaksForThoseWhoAreFiltered() throws {
        let peers = [
            try peer("a", "10.8.0.2", "fd42:8::2"), try peer("b", "10.8.0.3", filtering: false),
            try peer("c", "10.8.0.4", filtering: false, enforce: true),
            try peer("site", "10.8.0.5", routes: ["192.168.50.0/24", "fd50::/64"]),
        ]
        let firewall = try firewall([interface("wg0", "10.8.0.1/24", "fd42:8::1/64", enforces: true)], peers)
        #expect(
            members(firewall) == [
                "dns_enforced_hosts4 wg0 . 10.8.0.2/32", "dns_enforced_hosts4 wg0 . 10.8.0.4/32",
                "dns_enforced_hosts4 wg0 . 10.8.0.5/32", "dns_enforced_hosts6 wg0 . fd42:8::2/128",
                "dns_enforced_networks4 wg0 . 192.168.50.0/24", "dns_enforced_networks6 wg0 . fd50::/64",
            ])
        let dns = try #require(firewall.policy.interfaces[0].dns)
        #expect(dns.forwarders.map(\.description) == ["10.8.0.1:53", "[fd42:8::1]:53"] && dns.rejectsTLS)
    }

    @Test func aPeerSpeaksForItself() throws {
        let interfaces = [interface("wg0", "10.8.0.1/24"), interface("wg1", "10.8.0.9/24")]
        let peers = [
            try peer("a", "10.8.0.2", enforce: true), try peer("b", "10.8.0.3"), try peer("c", on: "wg1", "10.8.0.2"),
        ]
        let firewall = try firewall(interfaces, peers)
        #expect(members(firewall) == ["dns_enforced_hosts4 wg0 . 10.8.0.2/32"])
        #expect(firewall.policy.interfaces[0].dns != nil && firewall.policy.interfaces[1].dns == nil)
    }

    @Test func anAddressIsThatOfTheLongestPrefix() throws {
        let peers = [
            try peer("exit", "10.8.0.2", routes: ["0.0.0.0/0"], enforce: true),
            try peer("b", "64.0.0.1", routes: ["128.0.0.0/1"]),
            try peer("c", "192.0.2.1", routes: ["192.168.0.0/16"], enforce: true),
        ]
        let firewall = try firewall([interface("wg0", "10.8.0.1/24")], peers)
        let networks = firewall.elements[.enforcedNetworks4, default: []].map(\.prefix)
        #expect(networks.contains { $0.description == "192.168.0.0/16" })
        let hosts = firewall.elements[.enforcedHosts4, default: []].map(\.prefix)
        let isEnforced = { (text: String) in
            try (networks + hosts).contains { $0.contains(try #require(IPAddress(text))) }
        }
        for inside in ["0.0.0.0", "63.255.255.255", "64.0.0.0", "64.0.0.2", "127.255.255.255", "192.168.7.7"] {
            #expect(try isEnforced(inside), "\(inside)")
        }
        for outside in ["64.0.0.1", "128.0.0.0", "192.167.255.255", "192.169.0.0", "255.255.255.255"] {
            #expect(try !isEnforced(outside), "\(outside)")
        }
        // 0.0.0.0/1 without one host, which leaves its neighbour alone, and the network inside the other half.
        #expect(networks.count == 31)
        #expect(
            firewall.elements[.enforcedHosts4]?.sorted().map(\.description)
                == ["wg0 . 10.8.0.2/32", "wg0 . 64.0.0.0/32", "wg0 . 192.0.2.1/32"])
    }

    @Test func nobodyIsSentWhereNobodyAnswers() throws {
        var settings = DNSSettings(location: Self.place)
        let one = interface("wg0", "10.8.0.1/24", enforces: true)
        let peers = [try peer("a", "10.8.0.2", enforce: true)]
        let isEnforced = { (settings: DNSSettings?) throws -> Bool in
            let firewall = try firewall([one], peers, settings: settings)
            #expect((firewall.policy.interfaces[0].dns == nil) == firewall.elements.isEmpty)
            return firewall.policy.interfaces[0].dns != nil
        }
        #expect(try isEnforced(settings))
        #expect(try !isEnforced(nil))
        settings.enabled = false
        #expect(try !isEnforced(settings))
        settings.enabled = true
        settings.listen = .addresses([SocketAddress(try #require(IPAddress("127.0.0.1")), port: 53)])
        #expect(try !isEnforced(settings))
        // A link that somebody else made is left alone until its adoption.
        let both = [one, interface("wg1", "10.9.0.1/24", enforces: true)]
        let others = peers + [try peer("b", on: "wg1", "10.9.0.2")]
        let left = try firewall(both, others, foreign: ["wg1"])
        #expect(members(left) == ["dns_enforced_hosts4 wg0 . 10.8.0.2/32"])
        #expect(left.policy.interfaces.map(\.name) == ["wg0"])
    }

    @Test func theForwarderIsWhereItListens() throws {
        var settings = DNSSettings(location: Self.place)
        let addresses = ["10.9.0.1", "10.8.0.1", "10.8.1.1", "fd42:8::1"].compactMap { IPAddress($0) }
        settings.listen = .addresses(addresses.map { SocketAddress($0, port: 5353) })
        settings.enforcement.rejectDoT = false
        let one = interface("wg0", "fd42:8::1/64", "10.8.1.1/24", "10.8.0.1/24", enforces: true)
        let dns = try #require(try firewall([one], [], settings: settings).policy.interfaces[0].dns)
        #expect(dns.forwarders.map(\.description) == ["10.8.0.1:5353", "[fd42:8::1]:5353"] && !dns.rejectsTLS)
        settings.listen = .interfaces
        let all = try #require(try firewall([one], [], settings: settings).policy.interfaces[0].dns)
        #expect(all.forwarders.map(\.description) == ["10.8.1.1:53", "[fd42:8::1]:53"])
    }

    @Test func theStructureFollowsFromWhatIsDeclared() throws {
        let one = interface("wg0", "10.8.0.1/24")
        let a = try peer("a", "10.8.0.2", enforce: true)
        let digest = try firewall([one], [a]).policyDigest
        #expect(try firewall([one], [a, try peer("b", "10.8.0.3", enforce: true)]).policyDigest == digest)
        var disabled = a
        disabled.enabled = false
        let revoked = try firewall([one], [disabled])
        #expect(revoked.policyDigest == digest && revoked.elements.isEmpty)
        #expect(try firewall([one], [try peer("a", "10.8.0.2")]).policyDigest != digest)
        var settings = DNSSettings(location: Self.place)
        settings.enforcement.rejectDoT = false
        #expect(try firewall([one], [a], settings: settings).policyDigest != digest)
        // Who enforces nothing keeps the table that was written before there was enforcement.
        let plain = try firewall([one], [try peer("a", "10.8.0.2")], settings: nil)
        #expect(try firewall([one], [try peer("a", "10.8.0.2")]).policyDigest == plain.policyDigest)
    }
}
