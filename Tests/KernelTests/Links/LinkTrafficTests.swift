import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

@Suite struct LinkTrafficTests {
    private func traffic(_ kind: String?, packets: UInt64, bytes: UInt64) -> TrafficBytes {
        TrafficBytes(
            Link.Statistics(receivedPackets: packets, sentPackets: packets, receivedBytes: bytes, sentBytes: bytes),
            kind: kind)
    }

    @Test func theModulesOwnBytesAreTakenOff() {
        #expect(traffic("wireguard", packets: 10, bytes: 10_000) == TrafficBytes(received: 9680, sent: 9680))
        // Keepalives are nothing but a header and a tag.
        #expect(traffic("wireguard", packets: 3, bytes: 96).isZero)
        #expect(traffic("wireguard", packets: 3, bytes: 40).isZero)
        #expect(traffic("wireguard", packets: .max, bytes: .max).isZero)
    }

    @Test func otherLinksCountWhatTheyCarry() {
        for kind in ["tun", "veth", nil] {
            #expect(traffic(kind, packets: 10, bytes: 10_000) == TrafficBytes(received: 10_000, sent: 10_000))
        }
    }
}

/// Echoes through a real tunnel between two namespaces.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and wireguard-go"), .serialized)
struct TunnelTrafficTests {
    private let count: UInt64 = 40
    /// A payload of 1000 bytes, the headers of ICMP and IP.
    private let size: UInt64 = 1000 + 8 + 20

    /// Makes wg0 here and wg1 in the namespace `peer` by this command (`NAME` stands for the link), connects them and sends
    /// echoes; what moved on wg0.
    private func echoes(_ make: String) async throws -> TrafficBytes {
        let (here, there) = (try makeKey(), try makeKey())
        sh(
            """
            set -e
            sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
            ip netns add peer
            ip link add eth0 type veth peer name eth0 netns peer
            ip addr add 192.0.2.1/24 dev eth0; ip link set eth0 up
            ip -n peer addr add 192.0.2.2/24 dev eth0; ip -n peer link set eth0 up
            ip netns exec peer sysctl -qw net.ipv6.conf.default.disable_ipv6=1
            \(make.replacing("NAME", with: "wg0")) > /run/log 2>&1
            ip netns exec peer \(make.replacing("NAME", with: "wg1")) > /run/log 2>&1
            echo '\(here.secret.exposedText())' > /run/here; echo '\(there.secret.exposedText())' > /run/there
            wg set wg0 private-key /run/here listen-port 51820 peer \(there.key) \
            endpoint 192.0.2.2:51820 allowed-ips 10.8.0.2/32
            ip netns exec peer wg set wg1 private-key /run/there listen-port 51820 peer \(here.key) \
            endpoint 192.0.2.1:51820 allowed-ips 10.8.0.1/32
            ip addr add 10.8.0.1/24 dev wg0; ip link set wg0 up mtu 1420
            ip -n peer addr add 10.8.0.2/24 dev wg1; ip -n peer link set wg1 up mtu 1420
            ping -q -c \(count) -i 0.02 -W 2 -s 1000 10.8.0.2
            """)
        let state = try await makeBackend().observe(ObservationRequest(interfaces: ["wg0"]))
        return try #require(state.links.first { $0.name == "wg0" }?.traffic)
    }

    @Test func theProgramsLinkCountsInnerPackets() async throws {
        let traffic = try await echoes("wireguard-go NAME")
        #expect(traffic == TrafficBytes(received: count * size, sent: count * size))
        sh("ip link del wg0; ip -n peer link del wg1")
    }

    @Test(.needsWireGuardModule) func theModulesLinkIsBroughtToInnerPackets() async throws {
        let traffic = try await echoes("ip link add NAME type wireguard")
        // Each packet is padded to 16 bytes; one handshake and a keepalive come on top.
        let padded = count * ((size + 15) / 16 * 16)
        #expect((padded...padded + 1000).contains(traffic.received), "\(traffic), padded: \(padded)")
        #expect((padded...padded + 1000).contains(traffic.sent), "\(traffic), padded: \(padded)")
    }
}
