import Model
import Reconciler
import Testing

@testable import Kernel

/// The rules of enforcement in the kernel, as `nft` shows them to an administrator.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct EnforcementTableTests {
    private func table(_ elements: FirewallElements = [:]) -> FirewallTable {
        var policy = FirewallTable.twoSites.policy
        policy.interfaces[0].dns = FirewallDNS(forwarders: forwarders("10.8.0.1"), rejectsTLS: false)
        policy.interfaces[1].dns = FirewallDNS(forwarders: forwarders("10.9.0.1", "2001:db8::1"), rejectsTLS: true)
        for index in policy.interfaces.indices {
            policy.interfaces[index].masqueraded = []
            policy.interfaces[index].mssClampMTU = nil
            policy.interfaces[index].defaultRouteMark = nil
        }
        policy.interfaces[0].input = .services(["udp/53"].compactMap { Service($0) })
        return FirewallTable(policy: policy, policyDigest: "ee", elements: elements)
    }

    private func forwarders(_ addresses: String...) -> [SocketAddress] {
        addresses.compactMap { IPAddress($0) }.map { SocketAddress($0, port: 53) }
    }

    @Test func itReadsAsAnAdministratorWouldWriteIt() async throws {
        try await makeFirewall().replace(
            table([
                .enforcedHosts4: members("wg0 . 10.8.0.3/32", "wg0 . 10.8.0.2/32"),
                .enforcedHosts6: members("wg1 . 2001:db8::2/128"),
                .enforcedNetworks4: members("wg1 . 192.168.50.0/24", "wg0 . 192.168.0.0/16"),
            ]))
        let text = sh("nft list table inet wirebuddy")
        #expect(
            text.contains(
                """
                	set dns_enforced_hosts4 {
                		type ifname . ipv4_addr
                		elements = { "wg0" . 10.8.0.2,
                			     "wg0" . 10.8.0.3 }
                	}

                	set dns_enforced_hosts6 {
                		type ifname . ipv6_addr
                		elements = { "wg1" . 2001:db8::2 }
                	}

                	set dns_enforced_networks4 {
                		type ifname . ipv4_addr
                		flags interval
                		elements = { "wg0" . 192.168.0.0/16,
                			     "wg1" . 192.168.50.0/24 }
                	}

                	set dns_enforced_networks6 {
                		type ifname . ipv6_addr
                		flags interval
                	}

                """), "\(text)")
        let rules = text.firstRange(of: "\tchain dns_bypass").map { String(text[$0.lowerBound...]) }
        let dns4 = "iifname . ip saddr @dns_enforced"
        let dns6 = "iifname . ip6 saddr @dns_enforced"
        let managed = #"iifname { "wg0", "wg1" } oifname { "wg0", "wg1" }"#
        #expect(
            rules == """
                	chain dns_bypass {
                		meta l4proto tcp \(dns4)_hosts4 reject with tcp reset
                		\(dns4)_hosts4 reject
                		meta l4proto tcp \(dns4)_networks4 reject with tcp reset
                		\(dns4)_networks4 reject
                		meta l4proto tcp \(dns6)_hosts6 reject with tcp reset
                		\(dns6)_hosts6 reject
                		meta l4proto tcp \(dns6)_networks6 reject with tcp reset
                		\(dns6)_networks6 reject
                	}

                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		\(managed) ip saddr @isolated_hosts4 drop
                		\(managed) ip daddr @isolated_hosts4 drop
                		\(managed) ip6 saddr @isolated_hosts6 drop
                		\(managed) ip6 daddr @isolated_hosts6 drop
                		\(managed) ip saddr @isolated_networks4 drop
                		\(managed) ip daddr @isolated_networks4 drop
                		\(managed) ip6 saddr @isolated_networks6 drop
                		\(managed) ip6 daddr @isolated_networks6 drop
                		iifname "wg0" meta l4proto { tcp, udp } th dport 53 jump dns_bypass
                		iifname "wg1" meta l4proto { tcp, udp } th dport { 53, 853 } jump dns_bypass
                	}

                	chain input {
                		type filter hook input priority filter; policy accept;
                		iifname "wg0" ct state established,related ct direction reply accept
                		iifname "wg0" udp dport 53 accept
                		iifname "wg0" tcp dport 53 accept
                		iifname "wg0" drop
                	}

                	chain dns {
                		type nat hook prerouting priority dstnat; policy accept;
                		iifname "wg0" meta l4proto { tcp, udp } th dport 53 \(dns4)_hosts4 dnat ip to 10.8.0.1:53
                		iifname "wg0" meta l4proto { tcp, udp } th dport 53 \(dns4)_networks4 dnat ip to 10.8.0.1:53
                		iifname "wg1" meta l4proto { tcp, udp } th dport 53 \(dns4)_hosts4 dnat ip to 10.9.0.1:53
                		iifname "wg1" meta l4proto { tcp, udp } th dport 53 \(dns4)_networks4 dnat ip to 10.9.0.1:53
                		iifname "wg1" meta l4proto { tcp, udp } th dport 53 \(dns6)_hosts6 dnat ip6 to [2001:db8::1]:53
                		iifname "wg1" meta l4proto { tcp, udp } th dport 53 \(dns6)_networks6 dnat ip6 to [2001:db8::1]:53
                	}
                }

                """)
    }

    @Test func theSecondLookIsEqual() async throws {
        let elements: FirewallElements = [
            .enforcedHosts4: members("wg0 . 10.8.0.2/32"), .enforcedHosts6: members("wg0 . 2001:db8::2/128"),
            .enforcedNetworks4: members("wg0 . 0.0.0.0/1", "wg1 . 0.0.0.0/0"),
            .enforcedNetworks6: members("wg1 . fd00:1::/48", "a-b_c:d.efghijk . ::/0"),
        ]
        let firewall = try makeFirewall()
        try await firewall.replace(table(elements))
        let first = try await firewall.observe()
        #expect(first.elements == elements)
        try await firewall.replace(table(elements))
        #expect(try await firewall.observe() == first)
        // Members come and go without the structure.
        try await firewall.change(
            add: [.enforcedNetworks4: members("wg0 . 0.0.0.0/0")],
            remove: [.enforcedNetworks4: members("wg0 . 0.0.0.0/1"), .enforcedHosts6: members("wg0 . 2001:db8::2/128")])
        let second = try await firewall.observe()
        #expect(second.structure == first.structure)
        #expect(second.elements[.enforcedNetworks4] == members("wg0 . 0.0.0.0/0", "wg1 . 0.0.0.0/0"))
        #expect(second.elements[.enforcedHosts6] == nil)
    }

    @Test(arguments: [
        "nft flush chain inet wirebuddy dns", "nft insert rule inet wirebuddy dns accept",
        "nft insert rule inet wirebuddy dns_bypass return",
        "nft add element inet wirebuddy dns_enforced_networks4 '{ wg0 . 224.1.2.3-224.1.2.7 }'",
    ])
    func tamperingIsFound(command: String) async throws {
        let firewall = try makeFirewall()
        try await firewall.replace(table())
        let before = try await firewall.observe()
        sh(command)
        #expect(try await firewall.observe().structure?.listingDigest != before.structure?.listingDigest)
        try await firewall.replace(table())
        #expect(try await firewall.observe() == before)
    }

    @Test(arguments: ["wg0\"", "@set", "", "wg*"]) func linkNamesOfMembersAreChecked(name: String) async throws {
        let firewall = try makeFirewall()
        try await firewall.replace(table())
        let before = try await firewall.observe()
        let member = FirewallMember(try #require(Prefix("10.8.0.2/32")), on: name)
        await #expect(throws: BackendError.self) {
            try await firewall.change(add: [.enforcedHosts4: [member]], remove: [:])
        }
        #expect(try await firewall.observe() == before)
    }

    @Test func oneMoreOfTenThousandIsOneMember() async throws {
        let hosts = Set(
            (0..<10_000).map { FirewallMember(Prefix(host: IPAddress(v4: 0x0A08_0000 + UInt32($0))), on: "wg0") })
        let firewall = try makeFirewall()
        let clock = ContinuousClock()
        let write = try await clock.measure { try await firewall.replace(table([.enforcedHosts4: hosts])) }
        let more = members("wg0 . 10.9.0.1/32")
        let change = try await clock.measure { try await firewall.change(add: [.enforcedHosts4: more], remove: [:]) }
        var observed = ObservedFirewall()
        let read = try await clock.measure { observed = try await firewall.observe() }
        print("10,000 enforced peers: written in \(write), one more in \(change), read in \(read)")
        #expect(observed.elements == [.enforcedHosts4: hosts.union(more)])
    }
}
