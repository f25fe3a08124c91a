import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

@Suite(.needsRoot) struct KernelLinksTests {
    /// A namespace with a tunnel of the kind that userspace WireGuard makes, down and unmarked.
    func withTunnel(_ body: (KernelLinks, ObservedLink) throws -> Void) throws {
        try inNewNamespace {
            shell("ip tuntap add dev wg0 mode tun")
            let links = KernelLinks(try RouteSocket())
            try body(links, try #require(try links.link(named: "wg0")))
        }
    }

    func address(_ text: String) throws -> InterfaceAddress { try #require(InterfaceAddress(text)) }

    @Test func observesLinksWithTheirAddresses() throws {
        try withTunnel { links, tunnel in
            shell("ip link set wg0 up mtu 1380; ip address add 10.8.0.1/24 dev wg0")
            shell("ip address add 10.8.0.2/24 dev wg0; ip address add fd00::1/64 dev wg0; ip link set lo up")
            let found = try links.observe()
            #expect(found.map(\.name) == ["lo", "wg0"])
            #expect(try found[0].addresses == [address("127.0.0.1/8"), address("::1/128")])
            let link = found[1]
            #expect(link.index == tunnel.index && link.kind == "tun" && link.mtu == 1380 && link.isUp)
            #expect(
                try link.addresses == [address("10.8.0.1/24"), address("10.8.0.2/24"), address("fd00::1/64")])
            #expect(!link.isMarked)
        }
    }

    @Test func linkLocalAddressOfTheKernelIsNotShown() throws {
        try inNewNamespace {
            shell("ip link add eth0 type veth peer name eth1; ip link set eth0 up; ip link set eth1 up")
            shell("ip -6 address show dev eth0 | grep -q 'inet6 fe80'")
            let found = try KernelLinks(try RouteSocket()).observe()
            #expect(found.count == 3 && found.allSatisfy(\.addresses.isEmpty))
        }
    }

    @Test func linkLocalAddressOfAnAdministratorIsShown() throws {
        try withTunnel { links, _ in
            shell("ip address add fe80::7/64 dev wg0; ip link set wg0 up")
            #expect(try links.observe()[1].addresses == [address("fe80::7/64")])
            // A kernel that doesn't say who made an address: all of that shape are left out.
            let old = KernelLinks(try RouteSocket(), kernel: KernelRelease(5, 15))
            #expect(try old.observe()[1].addresses == [])
        }
    }

    @Test func changesTheLinkMeant() throws {
        try withTunnel { links, tunnel in
            let reference = LinkReference(name: "wg0", index: tunnel.index)
            try links.change(reference, LinkChange(mtu: 1280, isUp: true, alias: LinkMark.text))
            let changed = try #require(try links.link(named: "wg0"))
            #expect(changed.mtu == 1280 && changed.isUp && changed.isMarked)
            try links.change("wg0", LinkChange(isUp: false))
            #expect(try links.link(named: "wg0")?.isUp == false)
            let stale = LinkReference(name: "wg0", index: tunnel.index + 1)
            let error = #expect(throws: BackendError.self) { try links.change(stale, LinkChange(mtu: 1300)) }
            #expect(error?.kind == .transient && error?.message.contains("made anew") == true)
            #expect(try links.link(named: "wg0")?.mtu == 1280)
            let refused = #expect(throws: BackendError.self) { try links.change("wg0", LinkChange(mtu: 9_999_999)) }
            #expect(refused?.kind == .terminal)
        }
    }

    @Test func addressesComeAndGoIdempotently() throws {
        try withTunnel { links, tunnel in
            let reference = LinkReference(name: "wg0", index: tunnel.index)
            shell("ip link set wg0 up")
            for text in ["10.8.0.1/24", "fd00::1/64"] {
                let address = try address(text)
                for _ in 0..<2 { try links.add(address, to: reference) }
                #expect(try links.observe()[1].addresses == [address])
                shell("ip address show dev wg0 | grep -q '\(text) .*scope global' ")
                for _ in 0..<2 { try links.remove(address, from: reference) }
                #expect(try links.observe()[1].addresses.isEmpty)
            }
            let gone = LinkReference(name: "nope", index: nil)
            #expect(throws: BackendError.self) { try links.add(address("10.8.0.1/24"), to: gone) }
            try links.remove(address("10.8.0.1/24"), from: gone)
        }
    }

    @Test func deletesTheLinkMeantOnly() throws {
        try withTunnel { links, tunnel in
            try links.delete(LinkReference(name: "wg0", index: tunnel.index + 1))
            #expect(try links.link(named: "wg0") != nil)
            try links.delete(LinkReference(name: "wg0", index: tunnel.index))
            #expect(try links.link(named: "wg0") == nil)
            try links.delete("wg0")
        }
    }
}

@Suite struct KernelReleaseTests {
    @Test func readsWhatUnamePrints() {
        #expect(KernelRelease("6.1.0-18-amd64") == KernelRelease(6, 1))
        #expect(KernelRelease("5.15-rc3") == KernelRelease(5, 15))
        #expect(KernelRelease("4.19.0") == KernelRelease(4, 19))
        #expect(KernelRelease("linux") == nil && KernelRelease("") == nil)
        #expect(KernelRelease(5, 18) > KernelRelease(5, 4) && KernelRelease(6, 1) > KernelRelease(5, 18))
        #expect(KernelRelease.running != nil)
    }
}
