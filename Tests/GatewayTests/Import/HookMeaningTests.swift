import Model
import Testing

@testable import Gateway

@Suite("Hooks of wg-quick")
struct HookMeaningTests {
    private func meanings(_ command: String) -> [HookMeaning] {
        HookStatement.all(in: command, interface: "wg0").flatMap { HookMeaning.all(of: $0, interface: "wg0") }
    }

    private func masquerade(
        _ families: Set<AddressFamily>, _ outputs: [String]?, sources: [String] = []
    ) -> HookMeaning {
        .masquerade(.init(families: families, sources: sources.compactMap { Prefix($0) }, outputs: outputs))
    }

    @Test("the commands that people copy from tutorials")
    func tutorials() {
        #expect(
            meanings(
                "iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE"
            ) == [.accept, .accept, masquerade([.ipv4], ["eth0"])])
        #expect(
            meanings("ip6tables -t nat -I POSTROUTING 1 -s fd42:8::/64 -o eth0 -j MASQUERADE -m comment --comment wg")
                == [masquerade([.ipv6], ["eth0"], sources: ["fd42:8::/64"])])
        #expect(
            meanings("iptables -w -t nat -A POSTROUTING ! -o %i -s 10.8.0.0/24 -j MASQUERADE")
                == [masquerade([.ipv4], nil, sources: ["10.8.0.0/24"])])
        #expect(
            meanings("iptables -t nat -A POSTROUTING -o $(ip -4 route list 0/0 | awk '{print $5; exit}') -j MASQUERADE")
                == [masquerade([.ipv4], nil)])
        #expect(meanings("iptables -I INPUT -p udp -m udp --dport 51820 -j ACCEPT") == [.accept])
        #expect(
            meanings("iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT") == [.accept])
        #expect(meanings("iptables -I FORWARD -i %i -o %i -j DROP") == [.isolation])
        #expect(
            meanings("iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu")
                == [.clamp])
        #expect(
            meanings("sysctl -q -w net.ipv4.ip_forward=1 && sysctl -w net.ipv6.conf.all.forwarding=1")
                == [.forwarding(.ipv4), .forwarding(.ipv6)])
        #expect(meanings("echo 1 > /proc/sys/net/ipv4/ip_forward || true") == [.forwarding(.ipv4), .housekeeping])
        #expect(meanings("wg set %i private-key /etc/wireguard/%i.key") == [.privateKeyFile("/etc/wireguard/wg0.key")])
        #expect(
            meanings("wg set %i peer \(SampleKey.publicKey(1)) preshared-key /etc/wireguard/psk")
                == [.presharedKeyFile(SampleKey.publicKey(1), "/etc/wireguard/psk")])
    }

    @Test("nft, line by line and several commands at once")
    func nft() {
        #expect(
            meanings(
                "nft add table inet wg; nft 'add chain inet wg post { type nat hook postrouting priority 100; }'; nft add rule inet wg post oifname eth0 ip saddr 10.8.0.0/24 masquerade"
            ) == [.housekeeping, .housekeeping, masquerade([.ipv4], ["eth0"], sources: ["10.8.0.0/24"])])
        #expect(
            meanings(
                "nft 'add table inet wg; add chain inet wg p { type nat hook postrouting priority srcnat; policy accept; }; add rule inet wg p ip saddr { 10.8.0.0/24, 10.9.0.0/24 } oifname != { \"wg0\", \"wg1\" } counter masquerade; add rule inet wg p ip6 saddr fd42:8::/64 oifname != \"wg0\" masquerade'"
            ) == [
                .housekeeping, .housekeeping,
                masquerade([.ipv4], nil, sources: ["10.8.0.0/24", "10.9.0.0/24"]),
                masquerade([.ipv6], nil, sources: ["fd42:8::/64"]),
            ])
        #expect(
            meanings("nft add rule ip6 nat POSTROUTING oifname \"eth0\" masquerade") == [masquerade([.ipv6], ["eth0"])])
        #expect(meanings("nft add rule inet filter forward iifname %i accept") == [.accept])
        #expect(meanings("nft add rule inet filter forward iifname %i oifname %i drop") == [.isolation])
        #expect(meanings("nft delete table inet wg") == [.housekeeping])
    }

    @Test(
        "what says something else is unknown",
        arguments: [
            "iptables -t nat -A POSTROUTING -o %i -j MASQUERADE",
            "iptables -t nat -A POSTROUTING -d 192.168.1.0/24 -o eth0 -j MASQUERADE",
            "iptables -t nat -A POSTROUTING -p tcp -o eth0 -j MASQUERADE",
            "iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.1",
            "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 10.8.0.2",
            "iptables -A FORWARD -i %i -j DROP", "iptables -A FORWARD -i %i -m set --match-set x src -j ACCEPT",
            "iptables -A FORWARD -i %i -o %i -s 10.8.0.9 -j DROP", "iptables -P FORWARD DROP",
            "nft add rule inet nat post oifname %i masquerade", "nft -f /etc/nftables.d/wg.nft",
            "nft add rule ip nat post ip saddr 10.8.0.0/24 snat to 203.0.113.1",
            "nft 'add chain inet f forward { type filter hook forward priority 0; policy drop; }'",
            "ip route add 192.168.99.0/24 via 10.8.0.2", "/etc/wireguard/up.sh %i", "sysctl -w vm.swappiness=1",
            "echo hello > /tmp/x", "wg set %i private-key <(pass wg/%i)", "wg set wg1 private-key /etc/k",
        ])
    func unknown(_ command: String) {
        #expect(meanings(command) == [.unknown])
    }

    @Test("arguments of programs that we don't know are not shown, nor are keys")
    func shown() {
        let key = SampleKey.privateKey.exposedText()
        let shown = HookStatement.all(
            in:
                "curl -H 'Authorization: Bearer x' https://example.com; wg set %i peer \(key) remove; ip route add 10.0.0.0/8 dev %i",
            interface: "wg0"
        ).map(\.shown)
        #expect(shown == ["curl", "wg set wg0 peer <redacted>= remove", "ip route add 10.0.0.0/8 dev wg0"])
    }
}
