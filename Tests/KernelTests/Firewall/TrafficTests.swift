import Foundation
import Model
import Netlink
import Reconciler
import Testing

@testable import Kernel

/// Packets through our table. The peers and the internet are namespaces, the tunnels are veth pairs with our names: the
/// firewall sees links, not what is behind them.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct TrafficTests {
    /// The gateway is the test's own namespace; `a` is behind wg0, `b` behind wg1, `net` behind eth0.
    private func makeNetwork() {
        sh(
            """
            set -e
            for n in a b net; do ip netns add $n; ip -n $n link set lo up; done
            ip link add wg0 type veth peer name eth0 netns a; ip link add wg1 type veth peer name eth0 netns b
            ip link add eth0 type veth peer name eth0 netns net
            for l in wg0 wg1 eth0; do ip link set $l up; done
            ip addr add 10.8.0.1/24 dev wg0; ip addr add 10.9.0.1/24 dev wg1; ip addr add 192.0.2.1/24 dev eth0
            ip -n a addr add 10.8.0.2/24 dev eth0; ip -n b addr add 10.9.0.2/24 dev eth0
            ip -n net addr add 192.0.2.9/24 dev eth0
            for n in a b net; do ip -n $n link set eth0 up; done
            ip -n a route add default via 10.8.0.1; ip -n b route add default via 10.9.0.1
            sysctl -qw net.ipv4.ip_forward=1
            """)
    }

    private func table(_ elements: FirewallElements = [:], input: InputPolicy = .allow) -> FirewallTable {
        let interface = { (name: String, prefix: String) in
            FirewallInterface(
                name: name, prefixes: prefixes(prefix), masqueraded: prefixes(prefix), masqueradeOutputs: [],
                input: input, mssClampMTU: 1380)
        }
        return FirewallTable(
            policy: FirewallPolicy(interfaces: [interface("wg0", "10.8.0.0/24"), interface("wg1", "10.9.0.0/24")]),
            policyDigest: "00", elements: elements)
    }

    private func reaches(_ address: String, from namespace: String = "a") -> Bool {
        shell(["ip", "netns", "exec", namespace, "ping", "-c1", "-W1", address]).status == 0
    }

    @Test func isolationStopsARunningFlow() async throws {
        makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table())
        #expect(reaches("10.9.0.2"))
        sh("ip netns exec a ping -i0.1 -c30 -W1 10.9.0.2 > /run/ping.log 2>&1 &")
        try await Task.sleep(for: .seconds(1))
        try await firewall.change(add: [.isolatedHosts4: members("10.8.0.2/32")], remove: [:])
        let text = sh("while ! grep -q received /run/ping.log; do sleep 0.1; done; cat /run/ping.log")
        let received = text.firstMatch(of: /(\d+) received/).flatMap { Int($0.1) } ?? -1
        #expect((5...14).contains(received), "\(text)")
        // Isolated from peers, in both directions, but neither from the gateway nor from the internet.
        #expect(!reaches("10.9.0.2"))
        #expect(!reaches("10.8.0.2", from: "b"))
        #expect(reaches("10.9.0.1"))
        #expect(reaches("192.0.2.9"))
        try await firewall.change(add: [:], remove: [.isolatedHosts4: members("10.8.0.2/32")])
        #expect(reaches("10.9.0.2"))
    }

    @Test func connectionsAreTrackedWhereSomebodyCountsThem() async throws {
        makeNetwork()
        let firewall = try makeFirewall()
        let socket = try NetfilterSocket()
        let tracked = {
            var count = 0
            try socket.connections { _ in count += 1 }
            return count
        }
        var policy = table().policy
        for index in policy.interfaces.indices { policy.interfaces[index].masqueraded = [] }
        try await firewall.replace(FirewallTable(policy: policy, policyDigest: "00", elements: [:]))
        #expect(reaches("10.9.0.2"))
        #expect(try tracked() == 0)
        policy.tracksConnections = true
        try await firewall.replace(FirewallTable(policy: policy, policyDigest: "00", elements: [:]))
        #expect(reaches("10.9.0.2"))
        #expect(try tracked() == 1)
        #expect(try await firewall.observe().structure?.policyDigest == "00")
    }

    @Test func networksAreIsolatedToo() async throws {
        makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table([.isolatedNetworks4: members("10.9.0.0/25")]))
        #expect(!reaches("10.9.0.2"))
        #expect(!reaches("10.8.0.2", from: "b"))
        #expect(reaches("192.0.2.9"))
    }

    @Test func theInternetSeesTheGatewayAndPeersSeeEachOther() async throws {
        makeNetwork()
        try await makeFirewall().replace(table())
        for namespace in ["net", "b"] {
            sh("ip netns exec \(namespace) nft 'add table ip seen'")
            sh("ip netns exec \(namespace) nft 'add set ip seen sources { type ipv4_addr; flags dynamic; }'")
            sh("ip netns exec \(namespace) nft 'add chain ip seen c { type filter hook input priority 0; }'")
            sh("ip netns exec \(namespace) nft 'add rule ip seen c icmp type echo-request add @sources { ip saddr }'")
        }
        // net has no route to the peers: an answer means that the source was the gateway's.
        #expect(reaches("192.0.2.9"))
        #expect(reaches("10.9.0.2"))
        #expect(sh("ip netns exec net nft list set ip seen sources").contains("elements = { 192.0.2.1 }"))
        #expect(sh("ip netns exec b nft list set ip seen sources").contains("elements = { 10.8.0.2 }"))
    }

    @Test func servicesOfTheGatewayAreLimited() async throws {
        makeNetwork()
        let firewall = try makeFirewall()
        try await firewall.replace(table(input: .services(["udp/53"].compactMap { Service($0) })))
        #expect(!reaches("10.8.0.1"))
        #expect(!reaches("192.0.2.1"))
        #expect(reaches("192.0.2.9"))
        // What the gateway itself begins is answered.
        #expect(shell(["ping", "-c1", "-W1", "10.8.0.2"]).status == 0)
        try await firewall.replace(table(input: .services(["icmp"].compactMap { Service($0) })))
        #expect(reaches("10.8.0.1"))
    }

    @Test func segmentsFitTheTunnel() async throws {
        makeNetwork()
        sh("ip link set wg0 mtu 1380; ip -n a link set eth0 mtu 1380")
        try await makeFirewall().replace(table())
        // A SYN that promises 1460 in either direction arrives with what fits the tunnel: 1380 - 40.
        for namespace in ["a", "net"] {
            sh("ip netns exec \(namespace) nft 'add table ip seen'")
            sh("ip netns exec \(namespace) nft 'add chain ip seen c { type filter hook input priority 0; }'")
            let fits = "tcp flags syn tcp option maxseg size 1340 counter name fits"
            sh("ip netns exec \(namespace) nft 'add counter ip seen fits; add rule ip seen c \(fits)'")
        }
        sh("ip -n net route add 10.8.0.0/24 via 192.0.2.1")
        _ = shell(["ip", "netns", "exec", "net", "nc", "-w1", "-z", "10.8.0.2", "9"])
        sh("ip -n a link set eth0 mtu 1500")
        _ = shell(["ip", "netns", "exec", "a", "nc", "-w1", "-z", "192.0.2.9", "9"])
        for namespace in ["a", "net"] {
            let counter = sh("ip netns exec \(namespace) nft list counter ip seen fits")
            #expect(counter.contains("packets 1"), "\(namespace): \(counter)")
        }
    }
}
