import Model
import Reconciler
import Testing

@testable import Kernel

/// Our table in the kernel, as `nft` shows it to an administrator.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct FirewallTableTests {
    @Test func homelabReadsAsAnAdministratorWouldWriteIt() async throws {
        try await makeFirewall().replace(.homelab())
        #expect(
            sh("nft list table inet wirebuddy") == """
                table inet wirebuddy {
                	set isolated_hosts4 {
                		type ipv4_addr
                	}

                	set isolated_hosts6 {
                		type ipv6_addr
                	}

                	set isolated_networks4 {
                		type ipv4_addr
                		flags interval
                	}

                	set isolated_networks6 {
                		type ipv6_addr
                		flags interval
                	}

                	chain version {
                		return comment "wirebuddy 0123abcd"
                	}

                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		iifname "wg0" oifname "wg0" ip saddr @isolated_hosts4 drop
                		iifname "wg0" oifname "wg0" ip daddr @isolated_hosts4 drop
                		iifname "wg0" oifname "wg0" ip6 saddr @isolated_hosts6 drop
                		iifname "wg0" oifname "wg0" ip6 daddr @isolated_hosts6 drop
                		iifname "wg0" oifname "wg0" ip saddr @isolated_networks4 drop
                		iifname "wg0" oifname "wg0" ip daddr @isolated_networks4 drop
                		iifname "wg0" oifname "wg0" ip6 saddr @isolated_networks6 drop
                		iifname "wg0" oifname "wg0" ip6 daddr @isolated_networks6 drop
                		oifname "wg0" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                		iifname "wg0" meta nfproto ipv4 tcp flags syn / syn,rst tcp option maxseg size set 1380
                		iifname "wg0" meta nfproto ipv6 tcp flags syn / syn,rst tcp option maxseg size set 1360
                	}

                	chain input {
                		type filter hook input priority filter; policy accept;
                		iifname "wg0" ct state established,related ct direction reply accept
                		iifname "wg0" udp dport 53 accept
                		iifname "wg0" tcp dport 53 accept
                		iifname "wg0" drop
                	}

                	chain postrouting {
                		type nat hook postrouting priority srcnat; policy accept;
                		oifname != { "lo", "wg0" } ip saddr 10.8.0.0/24 masquerade
                		oifname != { "lo", "wg0" } ip6 saddr fd42:8::/64 masquerade
                	}
                }

                """)
    }

    @Test func twoSitesReadAsAnAdministratorWouldWriteThem() async throws {
        try await makeFirewall().replace(.twoSites)
        #expect(
            sh("nft list table inet wirebuddy") == """
                table inet wirebuddy {
                	set isolated_hosts4 {
                		type ipv4_addr
                		elements = { 10.8.0.2, 10.8.0.3 }
                	}

                	set isolated_hosts6 {
                		type ipv6_addr
                		elements = { 2001:db8::2 }
                	}

                	set isolated_networks4 {
                		type ipv4_addr
                		flags interval
                		elements = { 0.0.0.0/1, 192.168.50.0/24 }
                	}

                	set isolated_networks6 {
                		type ipv6_addr
                		flags interval
                		elements = { fd00:1::/48 }
                	}

                	chain version {
                		return comment "wirebuddy ff00"
                	}

                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip saddr @isolated_hosts4 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip daddr @isolated_hosts4 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip6 saddr @isolated_hosts6 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip6 daddr @isolated_hosts6 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip saddr @isolated_networks4 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip daddr @isolated_networks4 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip6 saddr @isolated_networks6 drop
                		iifname { "wg0", "wg1" } oifname { "wg0", "wg1" } ip6 daddr @isolated_networks6 drop
                		oifname "wg1" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                		iifname "wg1" meta nfproto ipv4 tcp flags syn / syn,rst tcp option maxseg size set 1240
                		iifname "wg1" meta nfproto ipv6 tcp flags syn / syn,rst tcp option maxseg size set 1220
                	}

                	chain input {
                		type filter hook input priority filter; policy accept;
                		iifname "wg0" ct state established,related ct direction reply accept
                		iifname "wg0" meta l4proto { icmp, ipv6-icmp } accept
                		iifname "wg0" tcp dport 22 accept
                		iifname "wg0" tcp dport 8000-8100 accept
                		iifname "wg0" udp dport 53 accept
                		iifname "wg0" drop
                	}

                	chain mark_in {
                		type filter hook prerouting priority mangle; policy accept;
                		meta l4proto udp ct mark 0x0000ca6c meta mark set 0x0000ca6c
                	}

                	chain mark_out {
                		type filter hook postrouting priority mangle; policy accept;
                		meta l4proto udp meta mark 0x0000ca6c ct mark set 0x0000ca6c
                	}

                	chain postrouting {
                		type nat hook postrouting priority srcnat; policy accept;
                		oifname { "eth0", "eth1" } ip saddr 10.8.0.0/24 masquerade
                		oifname != { "lo", "wg0", "wg1" } ip saddr { 10.9.0.0/24, 10.10.0.0/24 } masquerade
                	}
                }

                """)
    }

    @Test func theSecondLookIsEqualAndListsNothing() async throws {
        let firewall = try makeFirewall()
        #expect(try await firewall.observe() == ObservedFirewall())
        try await firewall.replace(.twoSites)
        let first = try await firewall.observe()
        #expect(first.elements == FirewallTable.twoSites.elements)
        #expect(first.structure?.policyDigest == "ff00")
        let listings = firewall.listings
        #expect(try await firewall.observe() == first)
        #expect(firewall.listings == listings)
        // Written again, the table is the same although its handles are not.
        try await firewall.replace(.twoSites)
        #expect(try await firewall.observe() == first)
        #expect(firewall.listings == listings + 1)
    }

    @Test func membersChangeWithoutTheStructure() async throws {
        let firewall = try makeFirewall()
        try await firewall.replace(.twoSites)
        let before = try await firewall.observe()
        try await firewall.change(
            add: [
                .isolatedHosts4: members("10.8.0.9/32"), .isolatedNetworks4: members("192.168.0.0/16"),
                .isolatedNetworks6: members("::/0"),
            ],
            remove: [
                .isolatedHosts4: members("10.8.0.3/32"),
                .isolatedNetworks4: members("192.168.50.0/24", "0.0.0.0/1"),
                .isolatedNetworks6: members("fd00:1::/48"),
            ])
        let after = try await firewall.observe()
        #expect(after.structure == before.structure)
        #expect(
            after.elements == [
                .isolatedHosts4: members("10.8.0.2/32", "10.8.0.9/32"),
                .isolatedNetworks4: members("192.168.0.0/16"), .isolatedHosts6: members("2001:db8::2/128"),
                .isolatedNetworks6: members("::/0"),
            ])
    }

    @Test(arguments: [
        "nft add rule inet wirebuddy forward accept", "nft flush chain inet wirebuddy forward",
        "nft insert rule inet wirebuddy forward iifname wg0 accept", "nft add chain inet wirebuddy mine",
        "nft add set inet wirebuddy mine '{ type ipv4_addr; }'", "nft delete chain inet wirebuddy postrouting",
        "nft add element inet wirebuddy isolated_networks4 '{ 224.1.2.3-224.1.2.7 }'",
    ])
    func tamperingIsFound(command: String) async throws {
        let firewall = try makeFirewall()
        try await firewall.replace(.twoSites)
        let before = try await firewall.observe()
        sh(command.contains("delete chain") ? "nft flush chain inet wirebuddy postrouting; \(command)" : command)
        let after = try await firewall.observe()
        #expect(after.structure?.listingDigest != before.structure?.listingDigest)
        try await firewall.replace(.twoSites)
        #expect(try await firewall.observe() == before)
    }

    @Test func othersAreNotTouched() async throws {
        sh("nft add table ip foreign; nft add chain ip foreign c '{ type filter hook forward priority 5; }'")
        sh("nft add rule ip foreign c ip saddr 10.0.0.0/8 counter drop")
        let foreign = sh("nft list table ip foreign")
        let firewall = try makeFirewall()
        for _ in 0..<3 { try await firewall.replace(.homelab()) }
        try await firewall.delete()
        try await firewall.delete()
        #expect(try await firewall.observe() == ObservedFirewall())
        #expect(sh("nft list table ip foreign") == foreign)
    }

    @Test func aRefusedTransactionChangesNothing() async throws {
        let firewall = try makeFirewall()
        try await firewall.replace(.twoSites)
        let before = try await firewall.observe()
        await #expect(throws: BackendError.self) {
            try await firewall.change(
                add: [.isolatedHosts4: members("10.8.0.77/32")],
                remove: [.isolatedHosts4: members("10.8.0.88/32")])
        }
        #expect(try await firewall.observe() == before)
    }

    @Test func aMissingProgramNamesThePackage() async throws {
        let program = NftablesProgram(name: "nft-that-is-not-there")
        let error = await #expect(throws: BackendError.self) { try await program.ruleset() }
        #expect(error?.message.contains("install the package nftables") == true)
        #expect(error?.kind == .terminal)
    }

    @Test(arguments: ["", "wg0\"; drop", "wg 0", "wg0\n", "@set", "a-name-of-sixteen", "wg*", "..", "wg0\u{0}", "ü"])
    func linkNamesAreCheckedAgain(name: String) async throws {
        var table = FirewallTable.homelab()
        var policy = table.policy
        policy.interfaces[0].name = name
        table = FirewallTable(policy: policy, policyDigest: "", elements: [:])
        let firewall = try makeFirewall()
        await #expect(throws: BackendError.self) { try await firewall.replace(table) }
        #expect(try await firewall.observe() == ObservedFirewall())
    }

    @Test func tenThousandMembersAreRead() async throws {
        let hosts = Set(
            (0..<10_000).map { FirewallMember(Prefix(host: IPAddress(v4: 0x0A08_0000 + UInt32($0)))) })
        let firewall = try makeFirewall()
        let clock = ContinuousClock()
        let write = try await clock.measure { try await firewall.replace(.homelab(elements: [.isolatedHosts4: hosts])) }
        var observed = ObservedFirewall()
        let read = try await clock.measure { observed = try await firewall.observe() }
        let again = try await clock.measure { observed = try await firewall.observe() }
        print("10,000 members: written in \(write), read in \(read), read again in \(again)")
        #expect(observed.elements == [.isolatedHosts4: hosts])
    }
}
