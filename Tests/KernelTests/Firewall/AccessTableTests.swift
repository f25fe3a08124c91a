import Model
import Reconciler
import Testing

@testable import Kernel

/// What `Access` documents become in the kernel.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct AccessTableTests {
    @Test func readsAsAnAdministratorWouldWriteIt() async throws {
        let table = try AccessTable {
            $0.allow("web", team: "red", ["192.168.1.0/24"], ["tcp/443", "icmp"])
            $0.deny("printer", team: "red", ["192.168.1.9/32"])
        }
        try await makeFirewall().replace(table.compiled)
        let text = sh("nft list table inet wirebuddy")
        let id = try #require(text.firstMatch(of: #/set allow_services4_([0-9a-f]+) /#)?.1)
        let group = try #require(text.firstMatch(of: #/chain access_([0-9a-f]+) /#)?.1)
        #expect(
            text.contains(
                """
                	map access_hosts4 {
                		type ifname . ipv4_addr : verdict
                		elements = { "wg0" . 10.8.0.2 : jump access_\(group) }
                	}
                """))
        #expect(
            text.contains(
                """
                	set allow_services4_\(id) {
                		type ipv4_addr . inet_proto . inet_service
                		flags interval
                		elements = { 192.168.1.0/24 . icmp . 0-65535,
                			     192.168.1.0/24 . tcp . 443 }
                	}
                """))
        #expect(
            text.contains(
                """
                	chain answers_\(group) {
                		ip saddr @deny_any4_\(id) drop
                		ip6 saddr @deny_any6_\(id) drop
                		ip saddr . meta l4proto . th sport @allow_services4_\(id) accept
                		ip6 saddr . meta l4proto . th sport @allow_services6_\(id) accept
                		drop
                	}

                	chain access_\(group) {
                		ct state invalid,untracked drop
                		ct state related meta l4proto { icmp, ipv6-icmp } accept
                		ct direction reply goto answers_\(group)
                		ip daddr @deny_any4_\(id) drop
                		ip6 daddr @deny_any6_\(id) drop
                		ip daddr . meta l4proto . th dport @allow_services4_\(id) accept
                		ip6 daddr . meta l4proto . th dport @allow_services6_\(id) accept
                		drop
                	}
                """))
        #expect(
            text.contains(
                """
                		ct direction reply oifname . ip daddr vmap @access_hosts4
                		ct direction reply oifname . ip6 daddr vmap @access_hosts6
                		ct direction reply oifname . ip daddr vmap @access_networks4
                		ct direction reply oifname . ip6 daddr vmap @access_networks6
                		ct direction reply accept
                		iifname . ip saddr vmap @access_hosts4
                		iifname . ip6 saddr vmap @access_hosts6
                		iifname . ip saddr vmap @access_networks4
                		iifname . ip6 saddr vmap @access_networks6
                	}
                """))
    }

    /// Every member that documents can make, above all those that nft prints in a way of its own.
    @Test func whatWasWrittenIsReadBack() async throws {
        let table = try AccessTable {
            $0.allow("everywhere", team: "red", ["0.0.0.0/0", "::/0"])
            $0.allow(
                "nested", team: "blue", ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "fd00::/8"],
                ["tcp/1-65535", "udp/53", "icmp"])
            $0.allow("wider", team: "blue", ["0.0.0.0/0", "::/0"], ["tcp/80-90"])
            $0.allow("wholly", team: "blue", ["10.1.0.0/24"])
            $0.deny("one", team: "blue", ["255.255.255.255/32", "128.0.0.0/1"], ["udp/65535"])
        }
        let firewall = try makeFirewall()
        try await firewall.replace(table.compiled)
        let observed = try await firewall.observe()
        #expect(observed.elements == table.compiled.elements)
        #expect(observed.structure?.policyDigest == table.compiled.policyDigest)
        #expect(observed.elements.keys.contains { $0.namesServices })
    }

    @Test func aDocumentThatChangesIsADifferenceOfMembers() async throws {
        let firewall = try makeFirewall()
        var before = try AccessTable { $0.allow("web", team: "red", ["192.168.1.0/24"], ["tcp/443"]) }.compiled
        try await firewall.replace(before)
        let structure = try await firewall.observe().structure
        let tables = try [
            AccessTable { $0.allow("web", team: "red", ["192.168.1.0/25"], ["tcp/443"]) },
            AccessTable {
                $0.allow("web", team: "red", ["192.168.1.0/25", "192.168.0.0/16"], ["tcp/443", "tcp/80-443"])
            },
            AccessTable {
                $0.allow("web", team: "red", ["fd00::/8"], ["tcp/443"])
                $0.allow("more", team: "red", ["fd00:1::/32"], ["udp/1-10"])
            },
        ].map(\.compiled)
        for table in tables {
            #expect(table.policy == before.policy)
            try await firewall.change(
                add: difference(table.elements, before.elements), remove: difference(before.elements, table.elements))
            let observed = try await firewall.observe()
            #expect(observed.elements == table.elements)
            #expect(observed.structure == structure)
            before = table
        }
    }

    @Test func aPeerMovesFromClassToClassInOneTransaction() async throws {
        let firewall = try makeFirewall()
        let documents: (inout AccessTable.Documents) -> Void = {
            $0.allow("a", team: "red", ["192.168.1.0/24"])
            $0.allow("b", team: "blue", ["192.168.2.0/24"])
        }
        let before = try AccessTable(teams: ["red", "blue", "red"], documents).compiled
        let after = try AccessTable(teams: ["red", "blue", "blue"], documents).compiled
        try await firewall.replace(before)
        #expect(before.policy == after.policy)
        let added = difference(after.elements, before.elements)
        #expect(added.keys.sorted() == [.accessHosts4, .accessHosts6, .accessNetworks4])
        try await firewall.change(add: added, remove: difference(before.elements, after.elements))
        #expect(try await firewall.observe().elements == after.elements)
    }

    private func difference(_ left: FirewallElements, _ right: FirewallElements) -> FirewallElements {
        left.mapValuesByKey { set, members in members.subtracting(right[set] ?? []) }
    }
}

extension FirewallElements {
    fileprivate func mapValuesByKey(_ change: (Key, Value) -> Value) -> FirewallElements {
        reduce(into: [:]) { result, entry in
            let value = change(entry.key, entry.value)
            if !value.isEmpty { result[entry.key] = value }
        }
    }
}
