import Glibc
import Testing

@testable import Netlink

@Suite(.needsRoot) struct KernelEventTests {
    @Test func everyKindOfChangeIsHeard() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let events = try EventSocket.route()
            #expect(events.fileDescriptor >= 0)
            #expect(try events.receive().isEmpty)
            let link = try socket.addLink(named: "br0", kind: .named("bridge"))
            try socket.setLink(index: link.index, LinkChanges(isUp: true))
            var heard = try events.receive()
            #expect(heard.contains { $0.linkIndex == link.index && !$0.isDeletion })

            let prefix = NetlinkPrefix(.ipv4(0xC000_0201), length: 24)
            try socket.addAddress(Address(linkIndex: link.index, prefix: prefix))
            heard = try events.receive()
            let added = heard.first { if case .address(let it) = $0.object { it.prefix == prefix } else { false } }
            #expect(added?.originator == socket.portID && added?.linkIndex == link.index)
            #expect(heard.contains { if case .route(let route) = $0.object { route.table == 255 } else { false } })

            let rule = Rule(family: .ipv6, priority: 9, table: 7, originator: 173)
            try socket.addRule(rule)
            try socket.deleteRule(rule)
            heard = try events.receive()
            #expect(heard.filter { $0.object == .rule(rule) }.map(\.isDeletion) == [false, true])

            shell("echo 1 > /proc/sys/net/ipv4/conf/br0/forwarding")
            heard = try events.receive()
            #expect(heard.contains { if case .netconf(let it) = $0.object { it.isForwarding == true } else { false } })

            try socket.deleteLink(index: link.index)
            heard = try events.receive()
            #expect(heard.contains { if case .link = $0.object { $0.isDeletion } else { false } })
        }
    }

    @Test func aPortThatLeavesItsBridgeIsNoDeletion() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let bridge = try socket.addLink(named: "br0", kind: .named("bridge"))
            let port = try socket.addLink(named: "left", kind: .veth(peer: "right"))
            let events = try EventSocket.route()
            shell("ip link set left master br0")
            let joined = try events.receive().compactMap { if case .link(let link) = $0.object { link } else { nil } }
            #expect(joined.contains { $0.index == port.index && $0.masterIndex == bridge.index })
            shell("ip link set left nomaster")
            let heard = try events.receive()
            #expect(heard.contains { $0.linkIndex == port.index } && !heard.contains { $0.isDeletion })
        }
    }

    @Test func aFullReceiveBufferIsAnOverrun() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let events = try EventSocket.route()
            var size: Int32 = 1
            let result = unsafe setsockopt(
                events.fileDescriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            #expect(result == 0)
            for number in 0..<20 { _ = try socket.addLink(named: "br\(number)", kind: .named("bridge")) }
            #expect(try events.receive().contains { $0.object == .overrun })
            _ = try events.receive()
            try socket.deleteLink(index: socket.link(named: "br0").index)
            #expect(try !events.receive().isEmpty)
        }
    }

    @Test func aRulesetTransactionMovesTheGeneration() throws {
        try inNewNamespace {
            let socket = try NetfilterSocket()
            let events = try EventSocket.ruleset()
            let before = try socket.generation()
            #expect(try socket.generation().id == before.id)
            shell("nft add table inet wirebuddy-test")
            let after = try socket.generation()
            #expect(after.id == before.id + 1)
            let heard = try events.receive()
            #expect(heard.count == 1)
            guard case .ruleset(let generation) = heard.first?.object else {
                Issue.record("no ruleset event in \(heard)")
                return
            }
            #expect(generation.id == after.id && generation.processName == "nft")
        }
    }

    @Test func genericFamiliesAreFoundByName() throws {
        let socket = try GenericSocket()
        let control = try socket.family(named: "nlctrl")
        #expect(control.id == 16 && control.version >= 1)
        #expect(control.groups.map(\.name) == ["notify"])
        let missing = #expect(throws: NetlinkError.self) { try socket.family(named: "no-such") }
        #expect(missing == .noSuchFamily("no-such"))
    }
}
