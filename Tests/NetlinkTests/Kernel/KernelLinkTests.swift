import Glibc
import Testing

@testable import Netlink

@Suite(.needsRoot) struct KernelLinkTests {
    @Test func anEmptyNamespaceHasLoopbackOnly() throws {
        try inNewNamespace {
            let links = try RouteSocket().links()
            #expect(links.map(\.name) == ["lo"])
            #expect(links[0].index == 1)
            #expect(links[0].isLoopback && !links[0].isUp)
            #expect(links[0].mtu == 65536)
        }
    }

    @Test func linkLivesFromAddToDelete() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let made = try socket.addLink(named: "br0", kind: .named("bridge"), mtu: 1400, alias: "ours")
            #expect(made.kind == "bridge" && made.mtu == 1400 && made.alias == "ours" && !made.isUp)
            #expect(try socket.link(index: made.index) == made)
            try socket.setLink(index: made.index, LinkChanges(mtu: 1300, isUp: true, alias: "still ours"))
            let changed = try socket.link(named: "br0")
            #expect(changed.mtu == 1300 && changed.isUp && changed.alias == "still ours")
            try socket.setLink(index: made.index, LinkChanges(isUp: false, alias: ""))
            #expect(try !socket.link(named: "br0").isUp)
            #expect(try socket.link(named: "br0").alias == nil)
            try socket.deleteLink(index: made.index)
            #expect(try socket.links().map(\.name) == ["lo"])
        }
    }

    @Test func whatMovesIsCountedForWhoAsks() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            shell("ip link set lo up; ping -q -i 0.01 -c 10 -s 1000 127.0.0.1 > /dev/null")
            let statistics = try #require(try socket.links(withStatistics: true).first?.statistics)
            // Ten questions and ten answers: ICMP and IP headers, and the empty Ethernet header of the loopback device.
            #expect(statistics.sentPackets >= 20 && statistics.sentBytes >= 20 * (1000 + 8 + 20))
            #expect(statistics.receivedPackets == statistics.sentPackets)
            #expect(statistics.receivedBytes == statistics.sentBytes)
            #expect(try socket.links().allSatisfy { $0.statistics == nil })
            #expect(try socket.link(named: "lo").statistics == nil)
        }
    }

    @Test func vethEndsKnowEachOther() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let left = try socket.addLink(named: "left", kind: .veth(peer: "right"))
            let right = try socket.link(named: "right")
            #expect(left.lowerIndex == right.index && right.lowerIndex == left.index)
            #expect(left.lowerNamespaceID == nil)
        }
    }

    @Test func linkMovesToAnotherNamespace() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let left = try socket.addLink(named: "left", kind: .veth(peer: "right"))
            let right = try socket.link(named: "right")
            try inNewNamespace {
                let there = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
                defer { close(there) }
                // The socket still speaks for the namespace it was opened in.
                #expect(try socket.links().count == 3)
                try socket.setLink(index: right.index, LinkChanges(namespaceDescriptor: there))
                #expect(try RouteSocket().links().map(\.name) == ["lo", "right"])
                let inside = try NetworkNamespace.run(inDescriptor: there) { try RouteSocket().links().count }
                #expect(inside == 2)
            }
            #expect(try socket.link(index: left.index).lowerNamespaceID != nil)
        }
    }

    @Test func refusalsAreRecognisable() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let missing = #expect(throws: NetlinkError.self) { try socket.link(named: "nope") }
            #expect(missing?.isNotFound == true)
            #expect(missing?.description.hasPrefix("show link nope: no such device (errno 19)") == true)
            let unknown = #expect(throws: NetlinkError.self) {
                try socket.addLink(named: "x0", kind: .named("nonsense"))
            }
            #expect(unknown?.isNotSupported == true)
            #expect("\(try #require(unknown))".hasSuffix("Unknown device type"))
            _ = try socket.addLink(named: "br0", kind: .named("bridge"))
            let twice = #expect(throws: NetlinkError.self) { try socket.addLink(named: "br0", kind: .named("bridge")) }
            #expect(twice?.isAlreadyExisting == true)
            #expect(throws: NetlinkError.self) { try socket.addLink(named: "far-too-long-name", kind: .dummy) }
            #expect(throws: NetlinkError.self) { try socket.addLink(named: "zero\0", kind: .dummy) }
            // The socket is still in step after all these.
            #expect(try socket.links().map(\.name) == ["lo", "br0"])
        }
    }

    @Test func aKernelWithoutWireGuardSaysSo() throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            do {
                let link = try socket.addLink(named: "wg0", kind: .wireguard, mtu: 1420)
                #expect(link.kind == "wireguard")
                #expect(try WireGuardSocket().device(.name("wg0")).peers.isEmpty)
            } catch let error as NetlinkError {
                #expect(error.isNotSupported)
                let family = #expect(throws: NetlinkError.self) { try WireGuardSocket().checkSupport() }
                #expect(family == .noSuchFamily("wireguard"))
                #expect(family?.isNotSupported == true)
            }
        }
    }

    @Test func namespaceThatDoesNotExistIsAnError() {
        let error = #expect(throws: NetlinkError.self) {
            try NetworkNamespace.run(inPath: "/nowhere/netns") {}
        }
        #expect(error?.errno == ENOENT)
    }
}
