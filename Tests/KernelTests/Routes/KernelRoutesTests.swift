import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

@Suite(.needsRoot) struct KernelRoutesTests {
    struct Host {
        let links: KernelLinks
        let routes: KernelRoutes
        let tunnel: Int

        func observe() throws -> [Model.Route] {
            try routes.routes(through: [tunnel], links: try links.observe()).sorted { $0.destination < $1.destination }
        }
    }

    /// A namespace with a tunnel `wg0` and a link `eth0`, both up.
    func withHost(_ body: (Host) throws -> Void) throws {
        try inNewNamespace {
            shell("ip tuntap add dev wg0 mode tun; ip link add eth0 mtu 1492 type veth peer name eth1")
            shell("ip link set wg0 up; ip link set eth0 up; ip link set eth1 up; ip link set lo up")
            shell("ip address add 10.8.0.1/24 dev wg0; ip address add 192.0.2.2/24 dev eth0")
            shell("ip -6 address add 2001:db8::2/64 dev eth0 nodad")
            let socket = try RouteSocket()
            let links = KernelLinks(socket)
            let tunnel = try #require(try links.link(named: "wg0"))
            try body(Host(links: links, routes: KernelRoutes(socket), tunnel: tunnel.index))
        }
    }

    func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    func route(_ text: String, interface: String = "wg0", table: UInt32 = Model.Route.mainTable) throws -> Model.Route {
        let prefix = try prefix(text)
        return Model.Route(
            destination: prefix, interface: interface, table: table, metric: prefix.family == .ipv6 ? 1024 : 0)
    }

    @Test func routesAreAddedAndRemovedIdempotently() throws {
        try withHost { host in
            #expect(try host.observe() == [])
            let wanted = [
                try route("10.9.0.0/16"), try route("0.0.0.0/0", table: 117_356), try route("fd01::/48"),
                try route("::/0", table: 117_356),
            ].sorted { $0.destination < $1.destination }
            for route in wanted + wanted { try host.routes.add(route) }
            #expect(try host.observe() == wanted)
            for route in wanted + wanted { try host.routes.remove(route) }
            #expect(try host.observe() == [])
        }
    }

    @Test func foreignRoutesThroughOurLinkAreSeenButKernelOnesAreNot() throws {
        try withHost { host in
            shell("ip route add 10.9.0.0/16 dev wg0 proto 4; ip route add 10.10.0.0/16 dev eth0")
            shell("ip route add 10.11.0.0/16 dev eth0 proto 173; ip route add blackhole 10.12.0.0/16")
            let found = try host.observe()
            #expect(try found.map(\.destination) == [prefix("10.9.0.0/16"), prefix("10.11.0.0/16")])
            #expect(found.map(\.routeProtocol) == [4, 173] && found.map(\.interface) == ["wg0", "eth0"])
            // Its protocol is part of what is removed: the foreign one stays.
            try host.routes.remove(route("10.9.0.0/16"))
            #expect(try host.observe() == found)
        }
    }

    @Test func aPlaceTakenByAnotherLinkIsAnErrorThatSaysSo() throws {
        try withHost { host in
            shell("ip route add 10.9.0.0/16 dev eth0; ip -6 route add fd01::/48 dev eth0 metric 1024")
            for text in ["10.9.0.0/16", "fd01::/48"] {
                let error = #expect(throws: BackendError.self) { try host.routes.add(route(text)) }
                #expect(error?.kind == .terminal && error?.message.contains(text) == true)
            }
            shell("ip route add 10.10.0.0/16 dev wg0 proto 4")
            try host.routes.add(route("10.10.0.0/16"))
            let gone = #expect(throws: BackendError.self) {
                try host.routes.add(route("10.9.1.0/24", interface: "wg9"))
            }
            #expect(gone?.kind == .transient)
            try host.routes.remove(route("10.9.1.0/24", interface: "wg9"))
        }
    }

    /// A network behind a peer that moves to another of our interfaces: the new link takes the place of the old one.
    @Test func aRouteOfOursMovesToAnotherLink() throws {
        try withHost { host in
            for text in ["10.9.0.0/16", "fd01::/48"] {
                let (old, new) = (try route(text, interface: "eth0"), try route(text))
                try host.routes.add(old)
                try host.routes.add(new)
                #expect(try host.observe() == [new])
                // The plan's removal of the old one comes later and leaves the new one alone.
                try host.routes.remove(old)
                #expect(try host.observe() == [new])
                try host.routes.remove(new)
            }
        }
    }

    @Test func rulesAreAddedAndRemovedIdempotently() throws {
        try withHost { host in
            let rules = try AddressFamily.allCases.flatMap { family in
                [
                    Model.Rule(family: family, priority: 31_000, table: 254, suppressPrefixLength: 0),
                    Model.Rule(family: family, priority: 31_001, fwmark: 117_356, inverted: true, table: 117_356),
                    Model.Rule(
                        family: family, priority: 31_002,
                        source: try prefix(family == .ipv4 ? "10.8.0.0/24" : "fd00::/64"), table: 99),
                ]
            }
            for rule in rules + rules { try host.routes.add(rule) }
            #expect(try host.routes.rules() == rules)
            // Somebody else's: without our number, or with a selector that ours never have.
            shell("ip rule add pref 7 from 10.0.0.0/8 table 9; ip rule add pref 8 iif eth0 table 9 proto 173")
            #expect(try host.routes.rules() == rules)
            for rule in rules + rules { try host.routes.remove(rule) }
            #expect(try host.routes.rules() == [])
            shell("ip rule | grep -q '^7:' && ip rule | grep -q '^8:'")
        }
    }

    @Test func mtusFollowTheRouteOfTheEndpointNotOfItsTunnel() throws {
        try withHost { host in
            let outside = try #require(IPAddress("203.0.113.1"))
            let outside6 = try #require(IPAddress("2001:db8:1::1"))
            func look() throws -> (mtus: [IPAddress: Int], standard: Int?) {
                let links = try host.links.observe()
                return (
                    try host.routes.mtus(
                        to: [outside, outside6], links: links, managed: [host.tunnel], rules: try host.routes.rules()),
                    try host.routes.defaultRouteMTU(links: links, managed: [host.tunnel])
                )
            }
            #expect(try look() == ([:], nil))
            shell("ip route add default via 192.0.2.1 mtu 1400; ip -6 route add default via 2001:db8::1")
            #expect(try look() == ([outside: 1400, outside6: 1492], 1400))
            // A /0 behind a peer, as it is planned.
            try host.routes.add(route("0.0.0.0/0", table: 117_356))
            try host.routes.add(Model.Rule(family: .ipv4, priority: 31_000, table: 254, suppressPrefixLength: 0))
            try host.routes.add(
                Model.Rule(family: .ipv4, priority: 31_001, fwmark: 117_356, inverted: true, table: 117_356))
            #expect(try look() == ([outside: 1400, outside6: 1492], 1400))
            shell("ip route add 203.0.113.0/24 dev wg0")
            #expect(try look().mtus[outside] == nil)
            shell("ip route replace unreachable 203.0.113.0/24")
            #expect(try look().mtus[outside] == nil)
        }
    }

    @Test func defaultRoutesOfRouterAdvertisementsAreFound() throws {
        try withHost { host in
            let links = try host.links.observe()
            #expect(try host.routes.routerAdvertisementLinks(links: links) == [])
            shell("ip -6 route add default via 2001:db8::1 dev eth0 proto ra")
            shell("ip -6 route add 2001:db8:9::/64 via 2001:db8::1 dev eth1 proto ra || true")
            #expect(try host.routes.routerAdvertisementLinks(links: links) == ["eth0"])
        }
    }
}
