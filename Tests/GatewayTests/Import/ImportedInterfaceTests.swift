import Model
import Testing

@testable import Gateway

@Suite("Configurations of wg-quick in our terms")
struct ImportedInterfaceTests {
    private func conf(_ interface: String, _ peers: String...) -> String {
        var text = "[Interface]\nAddress = 10.8.0.1/24, fd42:8::1/64\nListenPort = 51820\n\(interface)\n"
        for (index, peer) in peers.enumerated() {
            text += "[Peer]\n\(peer)\nPublicKey = \(SampleKey.publicKey(UInt8(index + 1)))\n"
        }
        return text
    }

    @Test("allowed IPs become addresses where a peer may have them, else routes")
    func allowedIPs() throws {
        let found = try imported(
            conf(
                "", "AllowedIPs = 192.168.50.0/24, 10.8.0.2/32, fd42:8::2/128", "AllowedIPs = 10.8.0.3/32",
                "AllowedIPs = 10.8.0.255/32, 10.8.0.1/32, 10.9.0.5/32, 10.8.0.64/26"))
        #expect(found.peers.map { $0.peer.ip.map(\.description) } == [["10.8.0.2", "fd42:8::2"], ["10.8.0.3"], []])
        #expect(
            found.peers.map { $0.peer.routes.map(\.description) } == [
                ["192.168.50.0/24"], [], ["10.8.0.255/32", "10.8.0.1/32", "10.9.0.5/32", "10.8.0.64/26"],
            ])
    }

    @Test("without masquerading hooks nothing is masqueraded")
    func noMasquerade() throws {
        #expect(try imported(conf("")).interface.masquerade == .off)
    }

    @Test("masquerading of one family, of both, by outputs and by all")
    func masquerade() throws {
        let v4 = "PostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE"
        let v6 = "PostUp = ip6tables -t nat -A POSTROUTING -o eth1 -j MASQUERADE"
        let all = "PostUp = iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -j MASQUERADE"
        let other = "PostUp = iptables -t nat -A POSTROUTING -s 172.16.0.0/24 -j MASQUERADE"
        var found = try imported(conf(v4)).interface
        #expect(found.masquerade == .outputs(["eth0"]) && found.ipv6 == .routed)
        found = try imported(conf("\(v4)\n\(v6)")).interface
        #expect(found.masquerade == .outputs(["eth0"]) && found.ipv6 == nil)
        found = try imported(conf("\(v4)\n\(all)\n\(v6)")).interface
        #expect(found.masquerade == .on && found.ipv6 == nil)
        let foreign = try imported(conf(other))
        #expect(foreign.interface.masquerade == .off && foreign.notImported.count == 1)
        let six = try imported(conf(v6))
        #expect(
            six.interface.masquerade == .outputs(["eth1"]) && six.warnings.contains { $0.text.contains("only IPv6") })
    }

    @Test("every hook is either mapped or listed with its line")
    func hooks() throws {
        let found = try imported(
            conf(
                """
                PreUp = /etc/wireguard/before.sh
                PostUp = iptables -A FORWARD -i %i -j ACCEPT; curl https://example.com/?t=secret
                PostUp = sysctl -w net.ipv4.ip_forward=1
                PostDown = iptables -D FORWARD -i %i -j ACCEPT; rm -f /tmp/x
                SaveConfig = true
                """))
        #expect(found.mapped.map(\.line) == [5, 6])
        #expect(
            found.notImported.map(\.description) == [
                "wg0.conf:8: SaveConfig: the repository is what is true now, `wg-quick down` must not be used to save",
                "wg0.conf:4: PreUp: before.sh", "wg0.conf:5: PostUp: curl", "wg0.conf:7: PostDown: rm",
            ])
    }

    @Test("keepalives: to a pinned endpoint as they are, else for the device")
    func keepalive() throws {
        let found = try imported(
            conf(
                "", "AllowedIPs = 10.8.0.2/32\nEndpoint = 192.0.2.1:51820",
                "AllowedIPs = 10.8.0.3/32\nEndpoint = 192.0.2.2:51820\nPersistentKeepalive = 15",
                "AllowedIPs = 10.8.0.4/32", "AllowedIPs = 10.8.0.5/32\nPersistentKeepalive = 25"))
        #expect(found.peers.map(\.peer.persistentKeepalive) == [0, 15, nil, 25])
        #expect(found.warnings.count == 1)
    }

    @Test("one prefix at two peers belongs to the last")
    func lastWins() throws {
        let found = try imported(conf("", "AllowedIPs = 10.8.0.2/32, 10.8.0.9/32", "AllowedIPs = 10.8.0.9/32"))
        #expect(found.peers.map { $0.peer.ip.map(\.description) } == [["10.8.0.2"], ["10.8.0.9"]])
        #expect(found.warnings.map(\.line) == [5])
    }

    @Test("names are valid and unique, as names and as labels")
    func names() throws {
        let found = try imported(
            conf(
                "", "# Name = phone", "# Name = Phone", "# Name = phone", "# Name = a/b\"c", "# Name = 10.8.0.7",
                "# Name = \u{202E}"))
        let names = found.peers.map(\.peer.name)
        #expect(names == ["phone", "Phone-2", "phone-3", "abc", "peer-05000000", "peer-06000000"])
    }

    @Test("a device's configuration is told to be one")
    func device() throws {
        let found = try imported(
            """
            [Interface]
            PrivateKey = \(SampleKey.privateKey.exposedText())
            Address = 10.8.0.5/32
            DNS = 10.8.0.1
            [Peer]
            PublicKey = \(SampleKey.publicKey(1))
            AllowedIPs = 0.0.0.0/0, ::/0
            Endpoint = vpn.example.com:51820
            """)
        #expect(found.interface.listenPort == 51820 && found.privateKey == SampleKey.privateKey)
        #expect(found.peers.first?.peer.routes.count == 2 && found.peers.first?.peer.ip == [])
        #expect(found.warnings.contains { $0.text.contains("configuration of a device") })
    }

    @Test("what wg showconf prints has no address, which is told")
    func showconf() {
        #expect {
            try imported("[Interface]\nListenPort = 51820\n")
        } throws: { error in
            (error as? ImportFailure)?.problems.first?.text.contains("no Address for wg0") ?? false
        }
    }
}
