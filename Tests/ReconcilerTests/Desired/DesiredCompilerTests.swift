import Credentials
import Model
import Reconciler
import Testing

@Suite struct DesiredCompilerTests {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let place = SourceLocation(path: "a.yaml", line: 1, column: 1)

    func interface(_ addresses: String..., port: UInt16 = 51820) -> Interface {
        Interface(
            name: "wg0", address: addresses.compactMap { InterfaceAddress($0) }, listenPort: port, location: Self.place)
    }

    func peer(_ name: String, _ ip: String...) throws -> Peer {
        let key = try #require(PublicKey(bytes: [UInt8](repeating: name.utf8.first ?? 0, count: 32)))
        return Peer(
            name: name, dnsName: name, interface: "wg0", ip: ip.compactMap { IPAddress($0) }, publicKey: key,
            location: Self.place)
    }

    func compiler(_ interfaces: [Interface], _ peers: [Peer] = [], observed: ObservedState? = nil) -> DesiredCompiler {
        let empty = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        return DesiredCompiler(
            catalog: Catalog(interfaces: interfaces, peers: peers),
            facts: HostFacts(observed ?? empty, inventory: InventorySnapshot()), now: Self.now,
            digest: BLAKE2b256())
    }

    @Test func mtuFollowsTheRouteToThePinnedEndpointElseTheDefaultRoute() throws {
        var observed = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        observed.defaultRouteMTU = 1500
        #expect(compiler([interface("10.8.0.1/24")], observed: observed).compile().interfaces[0].mtu == 1420)
        var site = try peer("site", "10.8.0.2")
        site.endpoint = Endpoint("192.0.2.1:51820")
        observed.routeMTUs[try #require(IPAddress("192.0.2.1"))] = 1400
        #expect(compiler([interface("10.8.0.1/24")], [site], observed: observed).compile().interfaces[0].mtu == 1320)
        var fixed = interface("10.8.0.1/24")
        fixed.mtu = .fixed(1300)
        #expect(compiler([fixed], observed: observed).compile().interfaces[0].mtu == 1300)
    }

    @Test func routesAreMadeOnlyForWhatTheInterfaceDoesNotCover() throws {
        var site = try peer("site", "10.8.0.2")
        site.routes = ["192.168.50.0/24", "10.8.0.128/25"].compactMap { Prefix($0) }
        let state = compiler([interface("10.8.0.1/24")], [site]).compile()
        #expect(state.routes.map(\.destination.description) == ["192.168.50.0/24"])
        #expect(state.rules.isEmpty)
        var off = interface("10.8.0.1/24")
        off.table = .off
        #expect(compiler([off], [site]).compile().routes.isEmpty)
        var numbered = interface("10.8.0.1/24")
        numbered.table = .number(77)
        #expect(compiler([numbered], [site]).compile().routes.map(\.table) == [77])
    }

    @Test func aDefaultRouteBehindAPeerGetsItsOwnTableMarkAndRules() throws {
        var exit = try peer("exit", "10.8.0.2")
        exit.routes = [try #require(Prefix("0.0.0.0/0"))]
        exit.endpoint = Endpoint("192.0.2.1:51820")
        let state = compiler([interface("10.8.0.1/24")], [exit]).compile()
        let mark = UInt32(0x1_0000 + 51820)
        #expect(state.interfaces[0].fwmark == mark)
        #expect(state.routes.map(\.table) == [mark])
        #expect(state.rules.count == 2)
        #expect(state.rules[0].suppressPrefixLength == 0)
        #expect(state.rules[1].inverted && state.rules[1].fwmark == mark && state.rules[1].table == mark)
        #expect(state.sysctls[.sourceValidMark] == "1")
        #expect(state.firewall?.policy.interfaces.first?.defaultRouteMark == mark)
    }

    @Test func aDefaultRouteForSomeSourcesLeavesEverythingElseAlone() throws {
        var exit = try peer("exit", "10.8.0.2")
        exit.routes = [try #require(Prefix("0.0.0.0/0"))]
        var limited = interface("10.8.0.1/24")
        limited.routeFrom = [try #require(Prefix("192.168.7.0/24"))]
        let rules = compiler([limited], [exit]).compile().rules
        #expect(rules.count == 2)
        #expect(rules.allSatisfy { $0.source == limited.routeFrom[0] && !$0.inverted })
    }

    @Test func forwardingIsSwitchedOnPerFamilyAndGuarded() throws {
        var observed = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        observed.routerAdvertisementLinks = ["eth0"]
        observed.links = [ObservedLink(index: 2, name: "eth0", kind: "", mtu: 1500, isUp: true)]
        let v4 = compiler([interface("10.8.0.1/24")], observed: observed).compile()
        #expect(v4.sysctls == [.ipv4Forwarding: "1"])
        let v6 = compiler([interface("fd42:8::1/64")], observed: observed).compile()
        #expect(v6.sysctls == [.ipv6Forwarding: "1", .acceptRouterAdvertisements("eth0"): "2"])
        // The route is gone for a moment: the guard that was set stays.
        observed.routerAdvertisementLinks = []
        var later = compiler([interface("fd42:8::1/64")], observed: observed)
        later.ownedSysctls = [.acceptRouterAdvertisements("eth0")]
        #expect(later.compile().sysctls[.acceptRouterAdvertisements("eth0")] == "2")
        var stopped = interface("10.8.0.1/24")
        stopped.enabled = false
        let none = compiler([stopped]).compile()
        #expect(none.sysctls.isEmpty && none.firewall == nil && none.interfaces[0].isUp == false)
    }

    @Test func disabledExpiredAndBlockedPeersAreRevoked() throws {
        var disabled = try peer("disabled", "10.8.0.2")
        disabled.enabled = false
        var expired = try peer("expired", "10.8.0.3")
        expired.expiresAt = Self.now
        let blocked = try peer("blocked", "10.8.0.4")
        var early = try peer("fine", "10.8.0.5")
        early.expiresAt = Self.now.advanced(bySeconds: 1)
        var compiler = compiler([interface("10.8.0.1/24")], [disabled, expired, blocked, early])
        compiler.revocations = [
            Revocation(publicKey: blocked.publicKey, until: Self.now.advanced(bySeconds: 1), author: "root")
        ]
        let state = compiler.compile()
        #expect(state.interfaces[0].peers.map(\.name) == ["wg0/fine"])
        #expect(state.revoked.count == 3)
        #expect(state.blockedKeys == [blocked.publicKey])
        compiler.revocations[0].until = Self.now
        #expect(compiler.compile().blockedKeys.isEmpty)
    }

    @Test func aClockThatWasSetBackUnexpiresNobody() throws {
        var peer = try peer("late", "10.8.0.3")
        let expiry = Self.now.advanced(bySeconds: 3600)
        peer.expiresAt = expiry
        var compiler = compiler([interface("10.8.0.1/24")], [peer])
        #expect(compiler.compile().revoked.isEmpty)
        compiler.expired = [PeerID(interface: "wg0", publicKey: peer.publicKey): expiry]
        #expect(compiler.compile().revoked.count == 1)
        // Another expiry is another decision of the admin.
        peer.expiresAt = Self.now.advanced(bySeconds: 7200)
        compiler.catalog = Catalog(interfaces: [interface("10.8.0.1/24")], peers: [peer])
        #expect(compiler.compile().revoked.isEmpty)
    }

    @Test func isolationCoversAddressesAndNetworksOfBothFamilies() throws {
        var lonely = try peer("lonely", "10.8.0.2", "fd42:8::2")
        lonely.routes = ["192.168.50.0/24", "fd50::/64"].compactMap { Prefix($0) }
        lonely.isolated = true
        var isolating = interface("10.8.0.1/24", "fd42:8::1/64")
        isolating.isolatePeers = true
        var social = try peer("social", "10.8.0.3")
        social.isolated = false
        let elements = try #require(compiler([isolating], [lonely, social]).compile().firewall).elements
        #expect(elements[.isolatedHosts4]?.map(\.description) == ["10.8.0.2/32"])
        #expect(elements[.isolatedHosts6]?.map(\.description) == ["fd42:8::2/128"])
        #expect(elements[.isolatedNetworks4]?.map(\.description) == ["192.168.50.0/24"])
        #expect(elements[.isolatedNetworks6]?.map(\.description) == ["fd50::/64"])
    }

    @Test(arguments: [
        ("fd42:8::1/64", nil as IPv6Mode?, true), ("2001:db8::1/64", nil, false), ("2001:db8::1/64", .nat66, true),
        ("fd42:8::1/64", .routed, false),
    ])
    func ipv6IsTranslatedByPrefixTypeUnlessSaid(_ address: String, _ mode: IPv6Mode?, _ translated: Bool) throws {
        var six = interface(address)
        six.ipv6 = mode
        let policy = try #require(compiler([six]).compile().firewall).policy
        #expect(policy.interfaces[0].masqueraded.isEmpty != translated)
        six.masquerade = .off
        #expect(try #require(compiler([six]).compile().firewall).policy.interfaces[0].masqueraded.isEmpty)
    }

    @Test func keepaliveAndEndpointReachTheGatewayOnlyWhenPinned() throws {
        var learned = try peer("learned", "10.8.0.2")
        learned.persistentKeepalive = 25
        var pinned = try peer("pinned", "10.8.0.3")
        pinned.endpoint = Endpoint("branch.example.net:51820")
        var compiler = compiler([interface("10.8.0.1/24")], [learned, pinned])
        let before = compiler.compile().interfaces[0].peers
        #expect(before.map(\.persistentKeepalive) == [0, 25])
        #expect(before.map(\.endpoint) == [nil, nil])
        compiler.addresses["branch.example.net"] = IPAddress("192.0.2.7")
        #expect(compiler.compile().interfaces[0].peers[1].endpoint?.description == "192.0.2.7:51820")
    }

    @Test func digestsFollowEveryComparedFieldAndNothingElse() throws {
        let base = try peer("alice", "10.8.0.2")
        let digest = { (peer: Peer) in
            self.compiler([self.interface("10.8.0.1/24")], [peer]).compile().interfaces[0].peers[0].digest
        }
        var renamed = base
        renamed.name = "another"
        renamed.description = "text"
        #expect(digest(renamed) == digest(base))
        var wider = base
        wider.routes = [try #require(Prefix("192.168.0.0/16"))]
        #expect(digest(wider) != digest(base))
        let state = compiler([interface("10.8.0.1/24")], [base]).compile()
        var key = compiler([interface("10.8.0.1/24")], [base])
        key.interfaceKeys["wg0"] = SecretKey(words: (1, 2, 3, 4))
        #expect(key.compile().interfaces[0].digest != state.interfaces[0].digest)
    }

    @Test func aPeerStaysWhoItWasAndOneThatIsGoneIsNobody() throws {
        let (first, second) = (try peer("a", "10.8.0.2"), try peer("b", "10.8.0.3"))
        let known = { (peer: Peer) in PeerID(interface: "wg0", publicKey: peer.publicKey) }
        var compiler = compiler([interface("10.8.0.1/24")], [first])
        let address = try #require(IPAddress("10.8.0.9"))
        compiler.known = [
            known(first): KnownPeer(id: "first", addresses: [address]),
            known(second): KnownPeer(id: "second", addresses: []),
        ]
        #expect(compiler.compile().peers == [known(first): KnownPeer(id: "first", addresses: first.ip)])
        var named = first
        named.id = "named"
        compiler = self.compiler([interface("10.8.0.1/24")], [named, second])
        compiler.known = [known(first): KnownPeer(id: "first", addresses: first.ip)]
        let peers = compiler.compile().peers
        #expect(peers.count == 2 && peers[known(first)]?.id == "named" && peers[known(second)]?.id.isEmpty == false)
    }
}
