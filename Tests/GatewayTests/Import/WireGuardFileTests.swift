import Model
import Testing

@testable import Gateway

@Suite("Files of wg and wg-quick")
struct WireGuardFileTests {
    private let key = SampleKey.publicKey(1)

    @Test("every key of both programs is read, in any case, with lists and comments")
    func everything() throws {
        let text = """
            \u{FEFF}[interface]\r
            PRIVATEKEY=\(SampleKey.privateKey.exposedText())   # ours\r
            Address = 10.8.0.1/24 , fd42:8::1/64
            address = 10.9.0.1
            ListenPort = 51821
            FwMark = 0xca6c
            MTU=1380
            DNS = 10.8.0.1, vpn.internal
            Table = off
            SaveConfig = true
            PostUp = echo up; echo more
            PreDown = echo down

            [PEER] # laptop
            PublicKey = \(key)
            PresharedKey = \(SampleKey.presharedKey.exposedText())
            AllowedIPs = 10.8.0.2/32,fd42:8::2
            AllowedIPs = 192.168.50.0/24, 10.8.0.2/32
            Endpoint = Branch.example.net:51820
            PersistentKeepalive = 25
            [Peer]
            PublicKey = \(SampleKey.publicKey(2))
            AllowedIPs = (none)
            PersistentKeepalive = off
            """
        let file = try read(text).get()
        #expect(file.interface.privateKey == SampleKey.privateKey)
        #expect(file.interface.address.map(\.description) == ["10.8.0.1/24", "fd42:8::1/64", "10.9.0.1/32"])
        #expect(file.interface.listenPort == 51821)
        #expect(file.interface.fwmark == 0xCA6C)
        #expect(file.interface.mtu == 1380)
        #expect(file.interface.dns.map(\.description) == ["10.8.0.1"])
        #expect(file.interface.dnsSearch == ["vpn.internal"])
        #expect(file.interface.table == .off)
        #expect(file.interface.saveConfigLine == 10)
        #expect(file.interface.hooks.map(\.command) == ["echo up; echo more", "echo down"])
        #expect(file.interface.hooks.map(\.line) == [11, 12])
        #expect(file.peers.count == 2)
        let peer = try #require(file.peers.first)
        #expect(peer.publicKey == key && peer.presharedKey == SampleKey.presharedKey && peer.name == "laptop")
        #expect(peer.allowedIPs.map(\.description) == ["10.8.0.2/32", "fd42:8::2/128", "192.168.50.0/24"])
        #expect(peer.endpoint?.description == "branch.example.net:51820" && peer.persistentKeepalive == 25)
        #expect(file.peers[1].allowedIPs == [] && file.peers[1].persistentKeepalive == 0)
    }

    @Test("all problems are told with their lines")
    func allProblems() {
        let text = """
            Address = 10.8.0.1/24
            [Interface]
            ListenPort = 70000
            Adress = 10.8.0.1/24
            just words
            [Wireguard]
            PublicKey = whatever
            [Peer]
            AllowedIPs = 10.8.0.300/32, 10.8.0.2/33
            Endpoint = here
            """
        #expect(
            problems(text) == [
                "wg0.conf:1: a key stands before the first section",
                "wg0.conf:3: ListenPort must be a number from 0 to 65535, found \"70000\"",
                "wg0.conf:4: unknown key adress in [Interface]",
                "wg0.conf:5: expected a section or `key = value`",
                "wg0.conf:6: unknown section: only [Interface] and [Peer] are known",
                "wg0.conf:9: AllowedIPs must be a prefix such as 10.8.0.2/32, found \"10.8.0.300/32\"",
                "wg0.conf:9: AllowedIPs must be a prefix such as 10.8.0.2/32, found \"10.8.0.2/33\"",
                "wg0.conf:10: Endpoint must be host:port, found \"here\"",
                "wg0.conf:8: [Peer] has no PublicKey",
            ])
        #expect(problems("# nothing\n") == ["wg0.conf: no [Interface] and no [Peer]: not a file of wg or wg-quick"])
    }

    /// Wherever a key may stand by mistake, no part of it is told.
    @Test(
        "a key is never shown",
        arguments: [
            "[Interface]\nPrivateKey = KEYx", "[Interface]\nPrivateKye = KEY", "[Interface]\nKEY",
            "[Interface]\nAddress = KEY", "KEY\n[Interface]", "[Interface]\nListenPort = KEY",
            "[Peer]\nPresharedKey = KEY KEY", "[Peer]\nPublicKey = KEY=", "[Peer]\nAllowedIPs = KEY",
            "[Peer]\nEndpoint = KEY", "[Interface]\nDNS = KEY", "[KEY]", "[Interface]\nTable = KEY",
            "[Interface]\nSaveConfig = KEY",
        ])
    func keysStayHidden(_ form: String) {
        let key = SampleKey.privateKey.exposedText()
        for shown in problems(form.replacing("KEY", with: key)) {
            #expect(!shown.contains(key.dropLast()), "\(shown)")
            #expect(!shown.lowercased().contains(key.lowercased().prefix(20)), "\(shown)")
        }
        #expect(!problems(form.replacing("KEY", with: key)).isEmpty)
    }

    @Test("the last of two sections with one key counts, and that is told")
    func twice() throws {
        let file = try read(
            "# anna\n[Peer]\nPublicKey = \(key)\nAllowedIPs = 10.8.0.2/32\n[Peer]\nPublicKey = \(key)\nAllowedIPs = 10.8.0.3/32\n"
        ).get()
        #expect(file.peers.map { $0.allowedIPs.map(\.description) } == [["10.8.0.3/32"]])
        #expect(file.peers.first?.name == "anna")
        #expect(file.warnings.map(\.line) == [5])
    }

    @Test(
        "names as people and programs write them",
        arguments: [
            ("# laptop\n[Peer]", "laptop"),
            ("# Anna's phone\n# bought in spring\n[Peer]", "Anna's phone"),
            ("[Peer]\n# laptop", "laptop"),
            ("[Peer] # laptop", "laptop"),
            ("[Peer]\n# Name = Büro Wien", "Büro Wien"),
            ("# Name = laptop\n\n[Peer]\n# something else", "laptop"),
            ("[Peer]\n# friendly_name=laptop", "laptop"),
            ("### begin anna ###\n[Peer]", "anna"),
            ("### end otto ###\n### begin anna ###\n[Peer]", "anna"),
            ("# END_PEER otto\n# BEGIN_PEER anna\n[Peer]", "anna"),
            ("### Client anna\n[Peer]", "anna"),
            ("# Client: Anna (b9fdcd07-7b1c-4b3a-8a2b-0f3c5b1f8b60)\n[Peer]", "Anna"),
            ("[Peer]\n# ID: cbq1\n# Name: anna\n# Email: a@example.com", "anna"),
            ("# -WGP- Peer: x\n# -WGP- Display name: anna\n[Peer]", "x"),
            ("[Peer]\n#Name# = anna", "anna"),
            ("# old phone\n#[Peer]\n#PublicKey = x\n# laptop\n[Peer]", "laptop"),
            ("# old phone\n#[Peer]\n#AllowedIPs = 10.8.0.9/32\n[Peer]", nil),
            ("# Peers of the office, ask Otto before you change one of them, please do\n[Peer]", nil),
            ("# Peers\n\n[Peer]", nil),
            ("[Peer]", nil),
            ("#########\n[Peer]", nil),
        ] as [(String, String?)])
    func names(_ text: String, _ name: String?) throws {
        #expect(try read("[Interface]\n\(text)\nPublicKey = \(key)\n").get().peers.first?.name == name)
    }

    @Test("a comment behind the last key is about that peer, one before the next head about the next")
    func belonging() throws {
        let text = "[Peer]\nPublicKey = \(key)\n# anna\n\n[Peer]\nPublicKey = \(SampleKey.publicKey(2))\n# otto"
        #expect(try read(text).get().peers.map(\.name) == ["anna", "otto"])
        let next = "[Peer]\nPublicKey = \(key)\n# otto\n[Peer]\nPublicKey = \(SampleKey.publicKey(2))\n"
        #expect(try read(next).get().peers.map(\.name) == [nil, "otto"])
    }

    @Test("a comment that holds a key gives no name")
    func keyInComment() throws {
        let secret = SampleKey.privateKey.exposedText()
        for comment in ["# \(secret)", "# PrivateKey = \(secret)", "# Name = \(secret)", "# Client: \(secret)"] {
            let file = try read("[Interface]\n\(comment)\n[Peer]\n\(comment)\nPublicKey = \(key)\n").get()
            #expect(file.peers.first?.name == nil)
        }
    }
}
