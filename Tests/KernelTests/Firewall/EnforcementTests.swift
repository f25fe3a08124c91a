import Foundation
import Model
import Reconciler
import Testing

@testable import Kernel

/// Queries through our table. `a` is behind wg0 with an address of an enforced peer and one of another, `net` is the
/// internet with a resolver of its own: it knows every name, ours knows none.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces, nft, dig, dnsmasq"), .serialized)
struct EnforcementTests {
    /// What a query came to.
    private enum Answer: Equatable {
        /// Our forwarder answered.
        case forwarder
        /// The resolver that was asked did.
        case resolver
        /// Nobody did, and the device was told so at once.
        case refused
        case other(String)
    }

    private let enforced: FirewallElements = [
        .enforcedHosts4: members("wg0 . 10.8.0.2/32"), .enforcedHosts6: members("wg0 . fd42:8::2/128"),
        .enforcedNetworks4: members("wg0 . 192.168.50.0/25"),
    ]

    private func makeNetwork() throws {
        sh(
            """
            set -e
            for n in a net; do ip netns add $n; ip -n $n link set lo up; done
            ip link add wg0 type veth peer name eth0 netns a; ip link add eth0 type veth peer name eth0 netns net
            ip addr add 10.8.0.1/24 dev wg0; ip addr add fd42:8::1/64 dev wg0 nodad
            ip addr add 192.0.2.1/24 dev eth0; ip addr add 2001:db8::1/64 dev eth0 nodad
            for l in wg0 eth0; do ip link set $l up; done
            for h in 2 3; do ip -n a addr add 10.8.0.$h/24 dev eth0; ip -n a addr add fd42:8::$h/64 dev eth0 nodad; done
            for h in 7 130; do ip -n a addr add 192.168.50.$h/32 dev lo; done
            ip -n net addr add 192.0.2.9/24 dev eth0; ip -n net addr add 2001:db8::9/64 dev eth0 nodad
            for n in a net; do ip -n $n link set eth0 up; done
            ip -n a route add default via 10.8.0.1; ip -n a route add default via fd42:8::1
            ip -n net route add default via 192.0.2.1; ip -n net route add default via 2001:db8::1
            ip route add 192.168.50.0/24 via 10.8.0.2
            sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            for port in 53 853; do
                ip netns exec net dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --port=$port --user=root \\
                    --bind-interfaces --listen-address=192.0.2.9,2001:db8::9 --pid-file=/run/resolver-$port.pid \\
                    --address=/#/203.0.113.53
            done
            """)
        _ = try TestResponder(address: "10.8.0.1", device: "wg0")
        _ = try TestResponder(address: "fd42:8::1", device: "wg0")
    }

    private func table(
        _ elements: FirewallElements, input: InputPolicy = .allow, rejectsTLS: Bool = true
    ) -> FirewallTable {
        var interface = FirewallTable.homelab(input: input).policy.interfaces[0]
        interface.dns = FirewallDNS(
            forwarders: ["10.8.0.1", "fd42:8::1"].compactMap { IPAddress($0) }.map { SocketAddress($0, port: 53) },
            rejectsTLS: rejectsTLS)
        return FirewallTable(policy: FirewallPolicy(interfaces: [interface]), policyDigest: "0d", elements: elements)
    }

    /// Asks a resolver from an address of `a`; dig takes no answer from another address than the one it asked.
    private func ask(
        _ resolver: String = "192.0.2.9", from source: String, port: Int = 53, tcp: Bool = false
    ) -> Answer {
        let result = shell([
            "ip", "netns", "exec", "a", "dig", "-b", source, "@\(resolver)", "-p", "\(port)", tcp ? "+tcp" : "+notcp",
            "+tries=1", "+time=5", "+noedns", "some.name.example",
        ])
        let text = result.output
        if text.contains("status: NXDOMAIN"), text.contains("SERVER: \(resolver)#\(port)") { return .forwarder }
        if text.contains("203.0.113.53"), text.contains("SERVER: \(resolver)#\(port)") { return .resolver }
        return text.contains("connection refused") ? .refused : .other(text)
    }

    @Test func queriesOfEnforcedPeersReachTheForwarderWhereverTheyWereSent() async throws {
        try makeNetwork()
        try await makeFirewall().replace(table(enforced))
        for tcp in [false, true] {
            #expect(ask(from: "10.8.0.2", tcp: tcp) == .forwarder)
            #expect(ask("2001:db8::9", from: "fd42:8::2", tcp: tcp) == .forwarder)
            #expect(ask("192.0.2.77", from: "10.8.0.2", tcp: tcp) == .forwarder, "nobody has this address")
            #expect(ask("10.8.0.1", from: "10.8.0.2", tcp: tcp) == .forwarder)
            #expect(ask("fd42:8::1", from: "fd42:8::2", tcp: tcp) == .forwarder)
            #expect(ask(from: "192.168.50.7", tcp: tcp) == .forwarder, "a device behind an enforced peer")
            // Who is not enforced is left alone, but may ask the forwarder.
            #expect(ask(from: "10.8.0.3", tcp: tcp) == .resolver)
            #expect(ask("2001:db8::9", from: "fd42:8::3", tcp: tcp) == .resolver)
            #expect(ask(from: "192.168.50.130", tcp: tcp) == .resolver)
            #expect(ask("10.8.0.1", from: "10.8.0.3", tcp: tcp) == .forwarder)
        }
    }

    @Test func addressesOfAnotherInterfaceAreOthers() async throws {
        try makeNetwork()
        try await makeFirewall().replace(table([.enforcedHosts4: members("wg1 . 10.8.0.2/32")]))
        #expect(ask(from: "10.8.0.2") == .resolver)
    }

    @Test func encryptedQueriesAreRefusedAtOnce() async throws {
        try makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table(enforced))
        for (resolver, source, other) in [
            ("192.0.2.9", "10.8.0.2", "10.8.0.3"), ("2001:db8::9", "fd42:8::2", "fd42:8::3"),
            ("192.0.2.9", "192.168.50.7", "192.168.50.130"),
        ] {
            for tcp in [false, true] {
                #expect(ask(resolver, from: source, port: 853, tcp: tcp) == .refused)
                #expect(ask(resolver, from: other, port: 853, tcp: tcp) == .resolver)
            }
        }
        try await firewall.replace(table(enforced, rejectsTLS: false))
        #expect(ask(from: "10.8.0.2", port: 853, tcp: true) == .resolver)
        #expect(ask(from: "10.8.0.2") == .forwarder)
    }

    @Test func enforcementComesAndGoesWithMembers() async throws {
        try makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table([:]))
        #expect(ask(from: "10.8.0.2") == .resolver)
        try await firewall.change(add: enforced, remove: [:])
        #expect(ask(from: "10.8.0.2") == .forwarder)
        #expect(try await firewall.observe().elements == enforced)
        try await firewall.change(add: [:], remove: enforced)
        #expect(ask(from: "10.8.0.2") == .resolver)
        #expect(ask(from: "10.8.0.2", port: 853, tcp: true) == .resolver)
    }

    @Test func aConversationFromBeforeIsRefused() async throws {
        try makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table([:]))
        // dig asks from a port of its own each time, unless it is told one: then connection tracking knows the pair.
        #expect(ask(from: "10.8.0.2#40000") == .resolver)
        try await firewall.change(add: enforced, remove: [:])
        #expect(ask(from: "10.8.0.2#40000") == .refused)
        #expect(ask(from: "10.8.0.2#40001") == .forwarder)
    }

    @Test func theForwarderIsReachedWhateverElseIsClosed() async throws {
        try makeNetwork()
        try await makeFirewall().replace(table(enforced, input: .services(["icmp"].compactMap { Service($0) })))
        #expect(ask(from: "10.8.0.2") == .forwarder)
        #expect(ask("2001:db8::9", from: "fd42:8::2", tcp: true) == .forwarder)
        #expect(ask("10.8.0.1", from: "10.8.0.2") == .forwarder)
    }

    @Test func theForwarderMayHaveAnotherPort() async throws {
        try makeNetwork()
        _ = try TestResponder(address: "10.8.0.1", port: 5353, device: "wg0")
        let address = try #require(IPAddress("10.8.0.1"))
        var policy = table([:], input: .services([])).policy
        policy.interfaces[0].dns?.forwarders = [SocketAddress(address, port: 5353)]
        try await makeFirewall().replace(FirewallTable(policy: policy, policyDigest: "0f", elements: enforced))
        for tcp in [false, true] {
            #expect(ask(from: "10.8.0.2", tcp: tcp) == .forwarder)
            #expect(ask("10.8.0.1", from: "10.8.0.2", tcp: tcp) == .forwarder)
            #expect(ask(from: "10.8.0.3", tcp: tcp) == .resolver)
        }
    }

    @Test func withoutAForwarderOfItsFamilyAQueryIsRefused() async throws {
        try makeNetwork()
        var policy = table([:]).policy
        policy.interfaces[0].dns?.forwarders.removeLast()
        try await makeFirewall().replace(FirewallTable(policy: policy, policyDigest: "0e", elements: enforced))
        #expect(ask(from: "10.8.0.2") == .forwarder)
        for tcp in [false, true] { #expect(ask("2001:db8::9", from: "fd42:8::2", tcp: tcp) == .refused) }
        #expect(ask("2001:db8::9", from: "fd42:8::3") == .resolver)
    }
}
