import Glibc
import Testing

@testable import Netlink

@Suite(.needsRoot) struct KernelRouteTests {
    static let subnet = NetlinkPrefix(.ipv4(0xC000_0201), length: 24)
    static let subnet6 = NetlinkPrefix(.ipv6(0x2001_0db8_0000_0000, 1), length: 64)

    /// A namespace with a bridge that is up.
    func withBridge(_ body: (RouteSocket, Int32) throws -> Void) throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let link = try socket.addLink(named: "br0", kind: .named("bridge"))
            try socket.setLink(index: 1, LinkChanges(isUp: true))
            try socket.setLink(index: link.index, LinkChanges(isUp: true))
            try body(socket, link.index)
        }
    }

    @Test func addressesOfBothFamilies() throws {
        try withBridge { socket, link in
            let four = Address(linkIndex: link, prefix: Self.subnet, originator: 173)
            let six = Address(
                linkIndex: link, prefix: Self.subnet6, flags: Address.noDuplicateDetection, originator: 173)
            try socket.addAddress(four)
            try socket.addAddress(six)
            let found = try socket.addresses(linkIndex: link)
                .filter { $0.prefix == Self.subnet || $0.prefix == Self.subnet6 }
            #expect(found.map(\.prefix) == [Self.subnet, Self.subnet6])
            #expect(found.allSatisfy { $0.originator == 173 && $0.scope == 0 && $0.peer == nil })
            #expect(found.allSatisfy { $0.flags & Address.permanent != 0 && $0.flags & Address.tentative == 0 })
            #expect(try socket.addresses().contains { $0.linkIndex == 1 && $0.prefix.address == .ipv4(0x7F00_0001) })
            let twice = #expect(throws: NetlinkError.self) { try socket.addAddress(four) }
            #expect(twice?.isAlreadyExisting == true)
            try socket.deleteAddress(four)
            try socket.deleteAddress(six)
            let gone = #expect(throws: NetlinkError.self) { try socket.deleteAddress(four) }
            #expect(gone?.isNotFound == true)
            #expect(try socket.addresses(linkIndex: link).allSatisfy { $0.originator != 173 })
        }
    }

    @Test func secondAddressOfASubnetIsSecondary() throws {
        try withBridge { socket, link in
            try socket.addAddress(Address(linkIndex: link, prefix: Self.subnet))
            try socket.addAddress(
                Address(linkIndex: link, prefix: NetlinkPrefix(.ipv4(0xC000_0202), length: 24)))
            let flags = try socket.addresses(linkIndex: link).filter { $0.prefix.address.family == .ipv4 }
                .map { $0.flags & Address.secondary }
            #expect(flags == [0, Address.secondary])
        }
    }

    @Test func pointToPointAddressKeepsItsPeer() throws {
        try withBridge { socket, link in
            let address = Address(
                linkIndex: link, prefix: .host(.ipv4(0x0A00_0001)), peer: .ipv4(0x0A00_0002), scope: Route.linkScope)
            try socket.addAddress(address)
            let found = try #require(try socket.addresses(linkIndex: link).first { $0.peer != nil })
            #expect(found.prefix == address.prefix && found.peer == address.peer && found.scope == 253)
        }
    }

    @Test func routesOfBothFamilies() throws {
        try withBridge { socket, link in
            try socket.addAddress(Address(linkIndex: link, prefix: Self.subnet))
            try socket.addAddress(
                Address(linkIndex: link, prefix: Self.subnet6, flags: Address.noDuplicateDetection))
            let routes = [
                Route(
                    destination: NetlinkPrefix(.ipv4(0x0A09_0000), length: 16), originator: 173, linkIndex: link,
                    preferredSource: Self.subnet.address, metric: 7, mtu: 1380),
                Route(
                    destination: .all(.ipv4), table: 51_820, originator: 173, linkIndex: link,
                    gateway: .ipv4(0xC000_02FE)),
                Route(
                    destination: NetlinkPrefix(.ipv6(0xfd00_0000_0000_0000, 0), length: 48), originator: 173,
                    linkIndex: link, metric: 1024),
                Route(destination: .all(.ipv6), table: 70_000, originator: 173, linkIndex: link, metric: 1024),
            ]
            for route in routes { try socket.addRoute(route) }
            let found = try socket.routes(RouteFilter(originator: 173))
            #expect(Set(found) == Set(routes))
            #expect(try socket.routes(RouteFilter(table: 51_820)) == [routes[1]])
            #expect(try socket.routes(RouteFilter(family: .ipv6, linkIndex: link, originator: 173)).count == 2)
            #expect(try socket.routes(RouteFilter(table: 4242)).isEmpty)
            let twice = #expect(throws: NetlinkError.self) { try socket.addRoute(routes[0]) }
            #expect(twice?.isAlreadyExisting == true)
            var changed = routes[0]
            changed.mtu = 1300
            try socket.replaceRoute(changed)
            #expect(try socket.routes(RouteFilter(originator: 173)).contains(changed))
            for route in [changed] + routes[1...] { try socket.deleteRoute(route) }
            #expect(try socket.routes(RouteFilter(originator: 173)).isEmpty)
            let gone = #expect(throws: NetlinkError.self) { try socket.deleteRoute(changed) }
            #expect(gone?.isNotFound == true)
        }
    }

    @Test func lookupFollowsRoutesAndMarks() throws {
        try withBridge { socket, link in
            try socket.addAddress(Address(linkIndex: link, prefix: Self.subnet))
            let nowhere = #expect(throws: NetlinkError.self) { try socket.routeGet(.ipv4(0x0808_0808)) }
            #expect(nowhere?.errno == ENETUNREACH)
            try socket.addRoute(
                Route(destination: .all(.ipv4), linkIndex: link, gateway: .ipv4(0xC000_02FE), mtu: 1390))
            let route = try socket.routeGet(.ipv4(0x0808_0808))
            #expect(route.linkIndex == link && route.gateway == .ipv4(0xC000_02FE) && route.mtu == 1390)
            #expect(route.preferredSource == Self.subnet.address && route.table == Route.mainTable)
            try socket.addRoute(Route(destination: .all(.ipv4), table: 99, linkIndex: link))
            try socket.addRule(Rule(family: .ipv4, priority: 500, table: 99, mark: 7, originator: 173))
            let marked = try socket.routeGet(.ipv4(0x0808_0808), mark: 7)
            #expect(marked.table == 99 && marked.gateway == nil)
            let sourced = try socket.routeGet(.ipv4(0x0808_0808), from: Self.subnet.address)
            #expect(sourced.linkIndex == link)
            try socket.addRoute(Route(destination: .all(.ipv6), linkIndex: link))
            #expect(try socket.routeGet(.ipv6(0x2001_0db8_0000_0000, 9)).linkIndex == link)
        }
    }

    @Test(arguments: NetlinkFamily.allCases) func rules(family: NetlinkFamily) throws {
        try withBridge { socket, _ in
            let before = try socket.rules(family)
            #expect(before.contains { $0.priority == 32_766 && $0.table == Route.mainTable })
            let source: NetlinkPrefix = family == .ipv4 ? Self.subnet : Self.subnet6
            let network = NetlinkPrefix(
                family == .ipv4 ? .ipv4(0xC000_0200) : .ipv6(0x2001_0db8_0000_0000, 0), length: source.length)
            let rules = [
                Rule(
                    family: family, priority: 31_000, table: Route.mainTable, suppressPrefixLength: 0, originator: 173),
                Rule(
                    family: family, priority: 31_001, table: 117_356, mark: 117_356, markMask: 0xffff_ffff,
                    isInverted: true, originator: 173),
                Rule(
                    family: family, priority: 31_002, table: 99, source: network, destination: network,
                    inputLink: "br0", originator: 173),
            ]
            for rule in rules { try socket.addRule(rule) }
            #expect(try socket.rules(family).filter { $0.originator == 173 } == rules)
            let twice = #expect(throws: NetlinkError.self) { try socket.addRule(rules[1]) }
            #expect(twice?.isAlreadyExisting == true)
            for rule in rules { try socket.deleteRule(rule) }
            #expect(try socket.rules(family) == before)
            let gone = #expect(throws: NetlinkError.self) { try socket.deleteRule(rules[1]) }
            #expect(gone?.isNotFound == true)
        }
    }

    /// `rule_find` and `rule_exists` of the kernel compare the originator, but not the inversion.
    @Test func deletedRuleIsTheOneMeant() throws {
        try withBridge { socket, _ in
            let rule = Rule(family: .ipv4, priority: 500, table: 99, mark: 7, markMask: .max, originator: 173)
            var other = rule
            other.originator = 4
            var inverted = rule
            inverted.isInverted = true
            try socket.addRule(other)
            try socket.addRule(rule)
            let same = #expect(throws: NetlinkError.self) { try socket.addRule(inverted) }
            #expect(same?.isAlreadyExisting == true)
            try socket.deleteRule(rule)
            #expect(try socket.rules(.ipv4).filter { $0.priority == 500 } == [other])
        }
    }

    @Test func netconfTellsForwarding() throws {
        try withBridge { socket, link in
            shell("echo 1 > /proc/sys/net/ipv4/conf/br0/forwarding")
            let found = try socket.netconf()
            let four = found.first { $0.family == .ipv4 && $0.linkIndex == link }
            #expect(four?.isForwarding == true && four?.reversePathFilter != nil)
            #expect(found.contains { $0.family == .ipv6 && $0.linkIndex == link && $0.isForwarding == false })
            for special in [Netconf.allLinks, Netconf.defaultLink] {
                #expect(found.filter { $0.linkIndex == special }.count == 2)
            }
            #expect(try socket.netconf(.ipv6).allSatisfy { $0.family == .ipv6 })
        }
    }
}
