import Model
import Testing

@Suite struct DNSUpstreamTests {
    @Test(arguments: [
        "1.1.1.1@853#cloudflare-dns.com", "2606:4700:4700::1111@853#cloudflare-dns.com", "192.0.2.1@8853#dns",
        "udp://10.0.0.53:53", "udp://[fd42:8::53]:5353", "tcp://127.0.0.1:1", "tcp://[::1]:65535",
    ])
    func everyTextIsPrintedAsItIsRead(text: String) throws {
        let upstream = try #require(DNSUpstream(text))
        #expect(upstream.description == text)
        #expect((upstream.name != nil) == (upstream.scheme == .tls))
    }

    @Test(arguments: [
        ("2606:4700:4700:0:0:0:0:1111@853#Cloudflare-DNS.com.", "2606:4700:4700::1111@853#cloudflare-dns.com"),
        ("udp://[FD42:8:0:0::53]:53", "udp://[fd42:8::53]:53"),
    ])
    func otherSpellingsMeanTheSame(text: String, canonical: String) {
        #expect(DNSUpstream(text) == DNSUpstream(canonical))
        #expect(DNSUpstream(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "1.1.1.1", "1.1.1.1:53", "1.1.1.1@853", "1.1.1.1#dns", "1.1.1.1#dns@853", "@853#dns", "1.1.1.1@#dns",
        "1.1.1.1@853#", "1.1.1.1@0#dns", "1.1.1.1@65536#dns", "1.1.1.1@0853#dns", "1.1.1.1@853#1.1.1.1",
        "[2606:4700::1]@853#dns", "dns.example.com@853#dns.example.com", "udp://dns.example.com:53", "udp://1.1.1.1",
        "udp://fd42::53:53", "udp://1.1.1.1:0", "UDP://1.1.1.1:53", "tls://1.1.1.1:853", "https://1.1.1.1/dns-query",
        "udp://::ffff:1.1.1.1:53", "1.1.1.1@853#a#b", "1.1.1.1@853#a b", " 1.1.1.1@853#a", "1.1.1.1@853#a\n",
        "::ffff:1.1.1.1@853#dns", "fe80::1%eth0@853#dns",
    ])
    func otherTextsAreRefused(text: String) {
        #expect(DNSUpstream(text) == nil)
    }

    @Test func schemesAreMadeOfTheirParts() throws {
        let address = try #require(IPAddress("fd42::1"))
        #expect(DNSUpstream(tls: address, port: 853, name: "a").description == "fd42::1@853#a")
        #expect(DNSUpstream(udp: address, port: 53).description == "udp://[fd42::1]:53")
        #expect(DNSUpstream(tcp: address, port: 53).description == "tcp://[fd42::1]:53")
    }
}
