import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

/// The kernel module itself; skipped where there is none, run by `Tests/KernelVM`.
@Suite(.needsWireGuardModule, .serialized) struct KernelWireGuardTests {
    let secret = SecretKey(words: (0x4011_1111_1111_1111, 2, 3, 4))

    func withDevice(_ body: (KernelWireGuard, KernelLinks) throws -> Void) throws {
        try inNewNamespace {
            let socket = try RouteSocket()
            let wireguard = KernelWireGuard(links: socket, devices: try WireGuardSocket())
            try wireguard.create(LinkCreation(name: "wg0", implementation: .kernel, mtu: 1420))
            try body(wireguard, KernelLinks(socket))
        }
    }

    func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    /// The public key of peer `number`.
    func key(_ number: Int) -> PublicKey { PublicKey(words: (UInt64(number) + 1, 0x0102_0304_0506_0708, 3, 4)) }

    func peers(_ wireguard: KernelWireGuard) throws -> [PublicKey: ObservedPeer] {
        let device = try #require(try wireguard.observe("wg0"))
        return Dictionary(device.peers.map { ($0.publicKey, $0) }) { $1 }
    }

    @Test func linkIsMadeMarkedAndDown() throws {
        try withDevice { wireguard, links in
            #expect(try wireguard.isSupported())
            let link = try #require(try links.link(named: "wg0"))
            #expect(link.kind == "wireguard" && link.mtu == 1420 && link.isMarked && !link.isUp)
            let error = #expect(throws: BackendError.self) {
                try wireguard.create(LinkCreation(name: "wg0", implementation: .kernel, mtu: 1420))
            }
            #expect(error?.kind == .terminal && error?.message.contains("exists already") == true)
            for _ in 0..<2 { try wireguard.delete("wg0") }
            #expect(try wireguard.observe("wg0") == nil)
            shell("ip link add wg0 type dummy || ip link add wg0 type bridge")
            #expect(try wireguard.observe("wg0") == nil)
        }
    }

    @Test func deviceIsConfiguredAndReadBack() throws {
        try withDevice { wireguard, _ in
            let empty = try #require(try wireguard.observe("wg0"))
            #expect(empty.privateKey == nil && empty.publicKey == nil && empty.listenPort == 0 && empty.peers.isEmpty)
            try wireguard.configure("wg0", DeviceChange(privateKey: secret, listenPort: 51_999, fwmark: 7))
            let device = try #require(try wireguard.observe("wg0"))
            #expect(device.implementation == .kernel && device.listenPort == 51_999 && device.fwmark == 7)
            // The kernel clamps a private key, so its first and last byte may differ.
            #expect(device.privateKey?.words.1 == secret.words.1 && device.publicKey != nil)
            let text = try #require(device.publicKey).description
            shell("test \"$(wg show wg0 public-key)\" = '\(text)' && test \"$(wg show wg0 fwmark)\" = 0x7")
            try wireguard.configure("wg0", DeviceChange(fwmark: 0))
            #expect(try wireguard.observe("wg0")?.fwmark == 0)
        }
    }

    @Test func peersAreDeltas() throws {
        try withDevice { wireguard, _ in
            let endpoint = SocketAddress(try #require(IPAddress("2001:db8::1")), port: 51_820)
            try wireguard.configurePeers(
                "wg0",
                [
                    PeerOperation(
                        .add, publicKey: key(1), presharedKey: .key(secret), endpoint: endpoint,
                        persistentKeepalive: 25, addAllowedIPs: [try prefix("10.8.0.2/32"), try prefix("fd00::2/128")]),
                    PeerOperation(.add, publicKey: key(2), addAllowedIPs: [try prefix("10.8.0.3/32")]),
                    PeerOperation(.update, publicKey: key(3), addAllowedIPs: [try prefix("10.8.0.4/32")]),
                ])
            var found = try peers(wireguard)
            #expect(Set(found.keys) == [key(1), key(2)])
            let first = try #require(found[key(1)])
            #expect(first.presharedKey == secret && first.endpoint == endpoint && first.persistentKeepalive == 25)
            #expect(try first.allowedIPs == [prefix("10.8.0.2/32"), prefix("fd00::2/128")])
            #expect(first.lastHandshake == nil)
            // The prefix moves with one add; the rest of both peers stays.
            try wireguard.configurePeers(
                "wg0",
                [
                    PeerOperation(
                        .update, publicKey: key(2), addAllowedIPs: [try prefix("10.8.0.2/32")]),
                    PeerOperation(.update, publicKey: key(1), presharedKey: PeerOperation.PresharedKey.none),
                ])
            found = try peers(wireguard)
            #expect(try found[key(1)]?.allowedIPs == [prefix("fd00::2/128")] && found[key(1)]?.presharedKey == nil)
            #expect(found[key(1)]?.endpoint == endpoint)
            #expect(try found[key(2)]?.allowedIPs == [prefix("10.8.0.2/32"), prefix("10.8.0.3/32")])
            for _ in 0..<2 { try wireguard.configurePeers("wg0", [PeerOperation(.remove, publicKey: key(1))]) }
            #expect(try Set(peers(wireguard).keys) == [key(2)])
        }
    }

    /// Asked twice: first the kernel says whether it knows the flag, then that is known.
    @Test func onePrefixIsTakenAndNothingElseHappens() throws {
        try withDevice { wireguard, _ in
            let all = try (0..<6).map { try prefix("10.8.\($0).0/24") }
            try wireguard.configurePeers(
                "wg0",
                [
                    PeerOperation(.add, publicKey: key(1), persistentKeepalive: 9, addAllowedIPs: all),
                    PeerOperation(.add, publicKey: key(2), addAllowedIPs: [try prefix("10.9.0.0/24")]),
                ])
            for taken in 0..<2 {
                try wireguard.configurePeers(
                    "wg0",
                    [
                        PeerOperation(.update, publicKey: key(2), addAllowedIPs: [try prefix("10.9.\(taken).0/24")]),
                        PeerOperation(.update, publicKey: key(1), removeAllowedIPs: [all[taken]]),
                    ])
                let found = try peers(wireguard)
                #expect(Set(found.keys) == [key(1), key(2)])
                #expect(found[key(1)]?.allowedIPs == Array(all[(taken + 1)...]))
                #expect(found[key(1)]?.persistentKeepalive == 9)
                #expect(found[key(2)]?.allowedIPs.count == 1 + taken)
            }
        }
    }

    @Test func wakingSendsAHandshakeAndKeepsTheInterval() throws {
        try withDevice { wireguard, links in
            let endpoint = SocketAddress(IPAddress(v4: 0x7F00_0001), port: 9)
            shell("ip link set lo up; ip link set wg0 up")
            try wireguard.configure("wg0", DeviceChange(privateKey: secret))
            // A key with a meaning on the curve: the kernel sends nothing to others.
            let known = try #require(PublicKey("TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="))
            try wireguard.configurePeers(
                "wg0", [PeerOperation(.add, publicKey: known, endpoint: endpoint)])
            #expect(try peers(wireguard)[known]?.sentBytes == 0)
            try wireguard.configurePeers("wg0", [PeerOperation(.update, publicKey: known, wake: true)])
            // A handshake initiation has 148 bytes; it is sent by a worker of the kernel.
            shell("for i in 1 2 3 4 5 6 7 8 9; do wg show wg0 transfer | grep -q 148 && break; sleep 0.2; done")
            let woken = try #require(try peers(wireguard)[known])
            #expect(woken.sentBytes == 148 && woken.persistentKeepalive == 0)
        }
    }

    @Test func manyAllowedIPsOfOnePeer() throws {
        try withDevice { wireguard, _ in
            let prefixes = (0..<5000).map { Prefix(host: IPAddress(v4: 0x0A00_0000 + UInt32($0))) }
            try wireguard.configurePeers(
                "wg0", [PeerOperation(.add, publicKey: key(1), addAllowedIPs: prefixes)])
            #expect(try peers(wireguard)[key(1)]?.allowedIPs == prefixes)
        }
    }

    @Test func tenThousandPeers() throws {
        try withDevice { wireguard, _ in
            let operations = (0..<10_000).map {
                PeerOperation(
                    .add, publicKey: key($0), presharedKey: .key(secret),
                    addAllowedIPs: [Prefix(host: IPAddress(v4: 0x0A00_0000 + UInt32($0)))])
            }
            let clock = ContinuousClock()
            let write = try clock.measure { try wireguard.configurePeers("wg0", operations) }
            var device: ObservedDevice?
            let read = try clock.measure { device = try wireguard.observe("wg0") }
            let wg = clock.measure { shell("wg show wg0 dump > /dev/null") }
            print("10,000 peers in the kernel: write \(write), read \(read), wg show dump \(wg)")
            #expect(device?.peers.count == 10_000)
            #expect(device?.peers.allSatisfy { $0.allowedIPs.count == 1 && $0.presharedKey == secret } == true)
            let one = try clock.measure {
                try wireguard.configurePeers("wg0", [PeerOperation(.remove, publicKey: key(5000))])
            }
            print("removing one of them: \(one)")
            #expect(try wireguard.observe("wg0")?.peers.count == 9999)
        }
    }
}
