import Model
import Reconciler
import Testing

@testable import Kernel

/// Foreign chains that drop our traffic, loaded as `nft` text; the command we print is typed and has to help.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct FirewallBlockTests {
    private func blocks(uplink: String? = "eth0", forwarderPort: UInt16? = nil) async throws -> [FirewallBlock] {
        let host = FirewallBlockFinder.Host(
            uplinks: uplink.map { [.ipv4: [$0], .ipv6: [$0]] } ?? [:],
            prefixes: ["wg0": prefixes("10.8.0.0/24", "fd42:8::/64")])
        return FirewallBlockFinder(ruleset: try await makeFirewall().foreignRuleset(), host: host)
            .blocks(listenPorts: ["wg0": 51820], forwarderPorts: forwarderPort.map { ["wg0": $0] } ?? [:])
    }

    private func load(_ ruleset: String) {
        // The cases of one function share their namespace.
        let result = shell(["nft", "-f", "-"], input: "flush ruleset\n\(ruleset)")
        #expect(result.status == 0, "\(result.output)")
    }

    /// What Docker makes on Debian 12.
    private static let docker = """
        table ip filter {
            chain DOCKER { iifname != "docker0" oifname "docker0" counter drop; }
            chain DOCKER-ISOLATION-STAGE-2 { oifname "docker0" counter drop; counter return; }
            chain DOCKER-ISOLATION-STAGE-1 {
                iifname "docker0" oifname != "docker0" counter jump DOCKER-ISOLATION-STAGE-2
                counter return
            }
            chain DOCKER-USER { counter return; }
            chain FORWARD {
                type filter hook forward priority filter; policy drop;
                counter jump DOCKER-USER
                counter jump DOCKER-ISOLATION-STAGE-1
                oifname "docker0" ct state related,established counter accept
                oifname "docker0" counter jump DOCKER
                iifname "docker0" oifname != "docker0" counter accept
                iifname "docker0" oifname "docker0" counter accept
            }
        }
        """

    @Test func aHostWithoutForeignChainsHasNone() async throws {
        #expect(try await blocks() == [])
        try await makeFirewall().replace(.homelab())
        #expect(try await blocks() == [])
        load("table inet other { chain c { type filter hook forward priority 0; policy accept; tcp dport 25 drop; }; }")
        #expect(try await blocks() == [])
    }

    @Test func dockerBlocksForwarding() async throws {
        load(Self.docker)
        let expected = FirewallBlock(
            interface: "wg0", chain: "ip filter FORWARD", what: "forwarding",
            command: "iptables -I DOCKER-USER -i wg0 -j ACCEPT && iptables -I DOCKER-USER -o wg0 -j ACCEPT")
        #expect(try await blocks() == [expected])
        #expect(try await blocks(uplink: nil) == [expected])
        // One half lets packets out and no answers in.
        sh("nft insert rule ip filter DOCKER-USER iifname wg0 accept")
        #expect(try await blocks() == [expected])
        sh("nft insert rule ip filter DOCKER-USER oifname wg0 accept")
        #expect(try await blocks() == [])
    }

    @Test func aPlainDropPolicyIsLiftedByTheCommand() async throws {
        load(
            """
            table inet filter {
                chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state established,related accept
                    iifname "lan0" oifname "eth0" accept
                }
                chain input {
                    type filter hook input priority filter; policy drop;
                    iifname "lo" accept
                    ct state vmap { established : accept, related : accept, invalid : drop }
                    tcp dport { 22, 80 } accept
                    udp dport 60000-61000 accept
                    limit rate 5/second accept
                }
            }
            """)
        let found = try await blocks()
        #expect(
            found == [
                FirewallBlock(
                    interface: "wg0", chain: "inet filter forward", what: "forwarding",
                    command: "nft insert rule inet filter forward iifname wg0 accept && "
                        + "nft insert rule inet filter forward oifname wg0 accept"),
                FirewallBlock(
                    interface: "wg0", chain: "inet filter input", what: "udp/51820",
                    command: "nft insert rule inet filter input udp dport 51820 accept"),
            ])
        for block in found { sh(block.command) }
        #expect(try await blocks() == [])
    }

    @Test(arguments: [
        "iifname wg0 accept", "iifname { lan0, wg0 } accept", "iifname \"wg*\" accept", "ip saddr 10.0.0.0/8 accept",
        "iifname wg0 oifname eth0 accept", "iifname wg0 jump mine", "iifname vmap { wg0 : accept }",
        "iifname wg0 counter log accept", "oifname != docker0 accept",
    ])
    func anAcceptOfTheAdministratorIsRecognised(rule: String) async throws {
        load(
            """
            table ip filter {
                chain mine { accept; }
                chain FORWARD {
                    type filter hook forward priority filter; policy drop;
                    ct state established accept
                    \(rule)
                    counter drop
                }
            }
            """)
        #expect(try await blocks() == [])
    }

    @Test(arguments: [
        "iifname wg1 accept", "iifname @lan accept", "ip saddr 10.8.0.2 accept", "tcp dport 443 accept",
        "iifname != wg0 accept", "iifname wg0 reject", "limit rate 1/second accept", "ip daddr 10.0.0.0/8 accept",
        "iifname wg0 jump back", "meta mark 5 accept",
    ])
    func whatMayNotApplyIsNoAccept(rule: String) async throws {
        load(
            """
            table ip filter {
                set lan { type ifname; elements = { wg0 }; }
                chain back { return; }
                chain FORWARD {
                    type filter hook forward priority filter; policy drop;
                    \(rule)
                }
            }
            """)
        #expect(try await blocks().map(\.what) == ["forwarding"])
    }

    @Test func ufwGetsItsOwnCommands() async throws {
        load(
            """
            table ip filter {
                chain ufw-user-input { tcp dport 22 counter accept; }
                chain ufw-user-forward { }
                chain INPUT { type filter hook input priority filter; policy drop; counter jump ufw-user-input; }
                chain FORWARD { type filter hook forward priority filter; policy drop; counter jump ufw-user-forward; }
            }
            """)
        #expect(
            try await blocks().map(\.command) == [
                "ufw allow 51820/udp", "ufw route allow in on wg0 && ufw route allow out on wg0",
            ])
        // What ufw makes of them.
        sh("nft add rule ip filter ufw-user-input udp dport 51820 counter accept")
        for direction in ["iifname", "oifname"] {
            sh("nft add rule ip filter ufw-user-forward \(direction) wg0 counter accept")
        }
        #expect(try await blocks() == [])
    }

    @Test func queriesOfPeersAreLetPassByTheCommand() async throws {
        let rules = { (input: String) in
            "table inet filter {\nchain input { type filter hook input priority filter; policy drop;\n\(input)\n}\n}"
        }
        load(rules("udp dport 51820 accept\niifname eth0 udp dport 53 accept\ntcp dport 53 accept"))
        #expect(try await blocks() == [])
        let found = try await blocks(forwarderPort: 53)
        #expect(
            found == [
                FirewallBlock(
                    interface: "wg0", chain: "inet filter input", what: "DNS of peers",
                    command: "nft insert rule inet filter input iifname wg0 udp dport 53 accept && "
                        + "nft insert rule inet filter input iifname wg0 tcp dport 53 accept")
            ])
        for block in found { sh(block.command) }
        #expect(try await blocks(forwarderPort: 53) == [])
        #expect(try await blocks(forwarderPort: 5353).map(\.what) == ["DNS of peers"])
        for accept in ["iifname wg0 accept", "udp dport { 53, 51820 } accept", "ip saddr 10.8.0.0/24 accept"] {
            load(rules("udp dport 51820 accept\n\(accept)").replacing("table inet", with: "table ip"))
            #expect(try await blocks(forwarderPort: 53) == [], "\(accept)")
        }
    }

    @Test func ufwLetsQueriesPassByItsOwnCommand() async throws {
        load(
            """
            table ip filter {
                chain ufw-user-input { udp dport 51820 counter accept; }
                chain INPUT { type filter hook input priority filter; policy drop; counter jump ufw-user-input; }
            }
            """)
        #expect(try await blocks(forwarderPort: 53).map(\.command) == ["ufw allow in on wg0 to any port 53"])
        // What ufw makes of it.
        for transport in ["tcp", "udp"] {
            sh("nft add rule ip filter ufw-user-input iifname wg0 \(transport) dport 53 counter accept")
        }
        #expect(try await blocks(forwarderPort: 53) == [])
    }

    @Test func whatMayReturnMakesTheDropBehindItUncertain() async throws {
        // ufw-not-local: what is for this host returns, broadcasts return, the rest is dropped.
        let rules = { (accept: String) in
            """
            table ip filter {
                chain ufw-not-local {
                    fib daddr type local counter return
                    fib daddr type broadcast counter return
                    counter drop
                }
                chain ufw-before-input { counter jump ufw-not-local; counter jump ufw-user-input; }
                chain ufw-user-input { \(accept) }
                chain INPUT { type filter hook input priority filter; policy drop; counter jump ufw-before-input; }
            }
            """
        }
        load(rules(""))
        #expect(try await blocks().map(\.command) == ["ufw allow 51820/udp"])
        load(rules("udp dport 51820 counter accept;"))
        #expect(try await blocks() == [])
        // One that surely returns nothing takes no certainty.
        load(rules("udp dport 51820 counter accept;").replacing("fib daddr type", with: "tcp dport 22 fib daddr type"))
        #expect(try await blocks().map(\.what) == ["udp/51820"])
    }

    @Test func loopsAndDeepJumpsEnd() async throws {
        // The kernel follows 16 jumps; what lies deeper is not certain.
        let chains = (0..<15).reversed().map { "chain c\($0) { jump c\($0 + 1); }" }.joined(separator: "\n")
        let base = "chain f { type filter hook forward priority 0; policy drop; jump c3; }"
        load("table ip filter {\nchain c15 { accept; }\n\(chains)\n\(base)\n}")
        #expect(try await blocks() == [])
    }
}
