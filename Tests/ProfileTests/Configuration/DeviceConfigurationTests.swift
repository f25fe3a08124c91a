import Model
import Profile
import Testing

@Suite("Device configurations")
struct DeviceConfigurationTests {
    @Test("the example of the contract, with the device's name")
    func contract() throws {
        #expect(
            try Sample().text() == """
                [Interface]
                # phone
                PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
                Address = 10.8.0.2/32
                DNS = 10.8.0.1

                [Peer]
                PublicKey = HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=
                Endpoint = vpn.example.com:51820
                AllowedIPs = 0.0.0.0/0, ::/0
                PersistentKeepalive = 25

                """)
    }

    @Test("everything at once")
    func everything() throws {
        var sample = try Sample.dual()
        sample.interface.dnsSearch = ["vpn.internal", "corp.example"]
        sample.interface.endpoint = Endpoint("[2001:db8::1]:443")
        sample.settings.peers.mtu = 1380
        sample.peer.name = "Ünïcödé 📱"
        sample.peer.presharedKey = .file("phone.psk")
        sample.presharedKey = SecretKey(text: "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=".utf8)
        sample.peer.persistentKeepalive = 0
        #expect(
            try sample.text() == """
                [Interface]
                # Ünïcödé 📱
                PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
                Address = 10.8.0.2/32, fd42:8::2/128
                DNS = 10.8.0.1, fd42:8::1, vpn.internal, corp.example
                MTU = 1380

                [Peer]
                PublicKey = HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=
                PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=
                Endpoint = [2001:db8::1]:443
                AllowedIPs = 0.0.0.0/0, ::/0

                """)
    }

    /// `AllowedIPs` of every mode, on every platform, with one family and with both.
    static let modes: [(RoutingMode, Platform, isDual: Bool, String)] = [
        (.fullTunnel, .app, false, "0.0.0.0/0, ::/0"),
        (.fullTunnel, .app, true, "0.0.0.0/0, ::/0"),
        (.fullTunnel, .linux, false, "0.0.0.0/0, ::/0"),
        (.fullTunnel, .linux, true, "0.0.0.0/0, ::/0"),
        (.fullTunnelKeepLAN, .app, false, "0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1"),
        (.fullTunnelKeepLAN, .app, true, "0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1"),
        (.fullTunnelKeepLAN, .linux, false, "0.0.0.0/0, ::/0"),
        (.fullTunnelKeepLAN, .linux, true, "0.0.0.0/0, ::/0"),
        (.vpnOnly, .app, false, "10.8.0.0/24"),
        (.vpnOnly, .app, true, "10.8.0.0/24, fd42:8::/64"),
        (.vpnOnly, .linux, false, "10.8.0.0/24"),
        (.vpnOnly, .linux, true, "10.8.0.0/24, fd42:8::/64"),
        (.splitTunnel, .app, false, "10.8.0.0/24, 192.168.50.0/24"),
        (.splitTunnel, .linux, true, "10.8.0.0/24, 192.168.50.0/24"),
    ]

    @Test("the routes of every mode", arguments: modes)
    func routes(mode: RoutingMode, platform: Platform, isDual: Bool, expected: String) throws {
        var sample = try isDual ? Sample.dual() : Sample()
        sample.peer.routingMode = mode
        if mode == .splitTunnel {
            sample.peer.allowedIPs = ["10.8.0.0/24", "192.168.50.0/24"].compactMap(Prefix.init)
        }
        #expect(try sample.text(platform).contains("\nAllowedIPs = \(expected)\n"))
    }

    @Test("a device that holds its key itself gets a line that wg and the apps refuse")
    func withoutPrivateKey() throws {
        var sample = try Sample()
        sample.privateKey = nil
        let configuration = try sample.configuration()
        #expect(
            configuration.exposedText().hasPrefix(
                "[Interface]\n# phone\n# PrivateKey = held by the device\nPrivateKey =\nAddress = "))
        #expect(configuration.remarks.contains { $0.contains("held by the device") })
    }

    @Test("the port is the interface's when the settings name the host")
    func publicEndpoint() throws {
        var sample = try Sample()
        sample.interface.endpoint = nil
        sample.interface.listenPort = 443
        for (host, text) in [
            ("vpn.example.org", "vpn.example.org:443"), ("192.0.2.1", "192.0.2.1:443"),
            ("2001:db8::2", "[2001:db8::2]:443"),
        ] {
            sample.settings.publicEndpoint = IPAddress(host).map(Endpoint.Host.address) ?? .name(host)
            #expect(try sample.text().contains("\nEndpoint = \(text)\n"))
        }
    }

    @Test("without any endpoint the line to add is named")
    func noEndpoint() throws {
        var sample = try Sample()
        sample.interface.endpoint = nil
        let failure = #expect(throws: ProfileFailure.self) { try sample.text() }
        #expect(failure?.kind == .noEndpoint)
        #expect(failure?.description.contains("add `endpoint: <host>:51820` to interfaces/wg0.yaml:1:1") == true)
        #expect(failure?.description.contains("`public_endpoint: <host>`") == true)
    }

    @Test("a peer with a preshared key needs it")
    func presharedKeyMissing() throws {
        var sample = try Sample()
        sample.peer.presharedKey = .file("phone.psk")
        #expect(throws: ProfileFailure.self) { try sample.text() }
    }

    @Test("a site without a tunnel address has no device")
    func noAddress() throws {
        let failure = #expect(throws: ProfileFailure.self) { try Sample(ip: []).text() }
        #expect(failure?.kind == .noAddress)
    }

    @Test("MTU: the settings', else a small one of the interface, never one that IPv6 can't have")
    func mtu() throws {
        var sample = try Sample()
        for (written, text) in [(1420, nil), (9000, nil), (1300, "1300"), (1200, "1280")] as [(Int, String?)] {
            sample.interface.mtu = .fixed(written)
            #expect(try sample.text().contains("\nMTU = ") == (text != nil))
            if let text { #expect(try sample.text().contains("\nMTU = \(text)\n")) }
        }
        sample.settings.peers.mtu = 1400
        #expect(try sample.text().contains("\nMTU = 1400\n"))
        sample.settings.peers.mtu = 1200
        #expect(throws: ProfileFailure.self) { try sample.text() }
        sample.peer.routingMode = .vpnOnly
        #expect(try sample.text().contains("\nMTU = 1200\n"))
    }

    @Test("search domains without servers are left out, as wg-quick drops them")
    func searchAlone() throws {
        var sample = try Sample()
        sample.interface.dns = []
        sample.interface.dnsSearch = ["vpn.internal"]
        #expect(try !sample.text().contains("DNS"))
    }

    /// `DNS` by what is declared: the interface's servers, where the forwarder listens, and the public resolvers.
    static let nameServers: [(servers: [String], listen: DNSSettings.Listen?, isFiltered: Bool, String?)] = [
        ([], nil, true, nil),
        ([], .interfaces, true, "10.8.0.1, fd42:8::1"),
        (["192.0.2.53"], .interfaces, true, "192.0.2.53"),
        ([], .interfaces, false, "9.9.9.9"),
        (["192.0.2.53"], nil, false, "9.9.9.9"),
        ([], .addresses([SocketAddress(IPAddress(v4: 0x0A08_0001), port: 53)]), true, "10.8.0.1"),
        ([], .addresses([SocketAddress(IPAddress(v4: 0x0A08_0001), port: 5353)]), true, nil),
        ([], .addresses([SocketAddress(IPAddress(v4: 0x0A09_0001), port: 53)]), true, nil),
    ]

    @Test(
        "servers: the interface's, else the forwarder's addresses; public ones for who is not filtered",
        arguments: nameServers)
    func servers(_ servers: [String], _ listen: DNSSettings.Listen?, _ isFiltered: Bool, _ expected: String?) throws {
        var sample = try Sample.dual()
        sample.settings.dnsFallback = [try #require(IPAddress("9.9.9.9"))]
        sample.interface.dns = servers.compactMap(IPAddress.init)
        sample.peer.dns.filtering = isFiltered
        sample.forwarder = listen.map { listen in
            var settings = DNSSettings(location: sample.interface.location)
            settings.listen = listen
            return settings
        }
        let line = try sample.text().split(separator: "\n").first { $0.hasPrefix("DNS") }
        #expect(line.map(String.init) == expected.map { "DNS = \($0)" })
        sample.settings.dnsFallback = []
        if !isFiltered { #expect(try !sample.text().contains("9.9.9.9")) }
        sample.forwarder?.enabled = false
        if isFiltered, servers.isEmpty { #expect(try !sample.text().contains("DNS")) }
    }

    @Test("keepalive: the peer's, else the settings', off is no line")
    func keepalive() throws {
        var sample = try Sample()
        sample.settings.peers.persistentKeepalive = 0
        #expect(try !sample.text().contains("Keepalive"))
        sample.peer.persistentKeepalive = 7
        #expect(try sample.text().hasSuffix("PersistentKeepalive = 7\n"))
    }

    @Test("no key is shown by printing the value")
    func redaction() throws {
        let configuration = try Sample().configuration()
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("yAnz5TF"))
        }
    }

    @Test("remarks name what breaks a device silently")
    func remarks() throws {
        var sample = try Sample()
        #expect(try sample.configuration(.linux).remarks.isEmpty)
        sample.peer.routingMode = .splitTunnel
        sample.peer.allowedIPs = ["198.51.100.0/24"].compactMap(Prefix.init)
        sample.interface.endpoint = Endpoint("198.51.100.7:51820")
        sample.peer.enabled = false
        let remarks = try sample.configuration(.linux).remarks
        #expect(remarks.count == 3)
        #expect(remarks.contains { $0.contains("10.8.0.1/32") })
        #expect(remarks.contains { $0.contains("198.51.100.0/24 covers the endpoint") })
        #expect(try sample.configuration(.app).remarks.count == 2)
    }
}
