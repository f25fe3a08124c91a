import Model

/// Catalogs for the controller's tests.
enum Sample {
    static let place = SourceLocation(path: "a.yaml", line: 1, column: 1)

    static func key(_ number: Int) -> PublicKey { PublicKey(words: (UInt64(number), 1, 1, 1)) }

    static func interface(_ name: String = "wg0", port: UInt16 = 51820, _ addresses: String...) -> Interface {
        let list = addresses.isEmpty ? ["10.8.0.1/24"] : addresses
        return Interface(
            name: name, address: list.compactMap { InterfaceAddress($0) }, listenPort: port, location: place)
    }

    static func peer(_ number: Int, interface: String = "wg0", _ change: (inout Peer) -> Void = { _ in }) -> Peer {
        var peer = Peer(
            name: "p\(number)", dnsName: "p\(number)", interface: interface,
            ip: [IPAddress(v4: 0x0A08_0000 + UInt32(number) + 1)], publicKey: key(number), location: place)
        change(&peer)
        return peer
    }

    static func catalog(
        _ interfaces: [Interface] = [interface()], peers: [Peer], _ change: (inout Settings) -> Void = { _ in }
    ) -> Catalog {
        var settings = Settings()
        change(&settings)
        return Catalog(interfaces: interfaces, peers: peers, settings: settings)
    }

    /// A forwarder and an interface that enforces it, with a way out for all by a peer that is not enforced, and
    /// networks of one that is.
    static let enforcedDNS: Catalog = {
        var enforcing = interface("wg0", port: 51820, "10.8.0.1/24", "fd42:8::1/64")
        enforcing.dnsEnforce = true
        let peers = [
            peer(1), peer(2) { $0.dns.filtering = false },
            peer(3) { $0.routes = ["192.168.0.0/16", "fd00:50::/64"].compactMap { Prefix($0) } },
            peer(4) {
                $0.routes = ["192.168.50.0/24"].compactMap { Prefix($0) }
                $0.dns.filtering = false
            },
        ]
        return Catalog(interfaces: [enforcing], peers: peers, dns: DNSSettings(location: place))
    }()

    /// One catalog per feature that reaches the kernel.
    static let scenarios: [(name: String, catalog: Catalog)] = {
        var dual = interface("wg0", port: 51820, "10.8.0.1/24", "fd42:8::1/64")
        dual.isolatePeers = true
        var stopped = interface("wg1", port: 51821, "10.9.0.1/24")
        stopped.enabled = false
        var site = peer(1) { $0.routes = ["192.168.50.0/24", "fd00:50::/64"].compactMap { Prefix($0) } }
        site.endpoint = Endpoint("192.0.2.9:51820")
        var exit = peer(2) { $0.routes = ["0.0.0.0/0"].compactMap { Prefix($0) } }
        exit.endpoint = Endpoint("192.0.2.10:51820")
        return [
            ("one interface, two peers", catalog(peers: [peer(1), peer(2)])),
            ("dual stack with isolation", catalog([dual], peers: [peer(1), peer(2), peer(3)])),
            ("site behind a peer", catalog(peers: [site, peer(2)])),
            ("default route behind a peer", catalog(peers: [peer(1), exit])),
            ("a stopped interface", catalog([interface(), stopped], peers: [peer(1), peer(200, interface: "wg1")])),
            (
                "disabled and expired peers",
                catalog(peers: [
                    peer(1), peer(2) { $0.enabled = false },
                    peer(3) { $0.expiresAt = Timestamp(seconds: 1_700_000_000) },
                ])
            ),
            ("no peer at all", catalog(peers: [])), ("enforced DNS", enforcedDNS),
            ("a DNS policy", DNSProjectionTests.catalog()),
        ]
    }()
}
