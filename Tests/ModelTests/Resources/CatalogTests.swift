import Model
import Testing

@Suite struct CatalogTests {
    private let location = SourceLocation(path: "a.yaml", line: 1, column: 1)

    private func peer(_ name: String, on interface: String = "wg0") -> Peer {
        Peer(
            name: name, dnsName: "x", interface: interface, ip: [], publicKey: PublicKey(words: (0, 0, 0, 0)),
            location: location)
    }

    /// `String` orders and compares by canonical equivalence; git, SQLite and the kernel compare bytes, and so do we.
    @Test func peersOrderByInterfaceThenBytes() {
        let composed = "Caf\u{E9}"
        let decomposed = "Cafe\u{301}"
        let names = ["Z", "a", decomposed, "Caff", composed, "\u{1F600}", "\u{FFFD}", "B"]
        let expected = ["B", decomposed, "Caff", composed, "Z", "a", "\u{FFFD}", "\u{1F600}"]
        var random = SeededGenerator(seed: 9)
        for _ in 0..<50 {
            let peers = (names.map { peer($0, on: "wg1") } + [peer("zz", on: "wg0"), peer("0", on: "wg10")])
            let sorted = Catalog(interfaces: [], peers: peers.shuffled(using: &random)).peers
            #expect(sorted.map(\.interface) == ["wg0"] + names.map { _ in "wg1" } + ["wg10"])
            #expect(sorted.dropFirst().dropLast().map { Array($0.name.utf8) } == expected.map { Array($0.utf8) })
        }
    }

    @Test func interfacesOrderByBytes() {
        let names = ["wg10", "WG0", "wg-1", "wg0", "wg_1"]
        let interfaces = names.map { Interface(name: $0, address: [], listenPort: 1, location: location) }
        #expect(
            Catalog(interfaces: interfaces, peers: []).interfaces.map(\.name) == ["WG0", "wg-1", "wg0", "wg10", "wg_1"])
    }

    @Test func allowedIPsOnTheGatewayAreHostsAndRoutesSorted() throws {
        var peer = peer("a")
        peer.ip = [try #require(IPAddress("fd42::2")), try #require(IPAddress("10.8.0.2"))]
        peer.routes = [try #require(Prefix("192.168.50.0/24")), try #require(Prefix("10.0.0.0/8"))]
        #expect(
            peer.serverAllowedIPs.map(\.description) == ["10.0.0.0/8", "10.8.0.2/32", "192.168.50.0/24", "fd42::2/128"])
    }

    @Test func prefixesOfAnInterfaceAreDistinctAndSorted() {
        let addresses = ["fd42::1/64", "10.8.0.1/24", "10.8.0.3/24", "10.7.0.1/24"].compactMap(InterfaceAddress.init)
        let interface = Interface(name: "wg0", address: addresses, listenPort: 1, location: location)
        #expect(interface.prefixes.map(\.description) == ["10.7.0.0/24", "10.8.0.0/24", "fd42::/64"])
    }

    @Test func locationsOrderAndPrint() {
        let places = [("a.yaml", 2, 9), ("a.yaml", 10, 1), ("a.yaml", 10, 2), ("b.yaml", 1, 1)].map {
            SourceLocation(path: $0, line: $1, column: $2)
        }
        #expect(places.reversed().sorted() == places)
        #expect(places[0].description == "a.yaml:2:9")
    }
}
