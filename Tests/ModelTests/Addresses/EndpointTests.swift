import Model
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("192.0.2.1:51820", "192.0.2.1:51820"), ("[2001:DB8::0:1]:1", "[2001:db8::1]:1"),
        ("VPN.Example.COM:65535", "vpn.example.com:65535"), ("vpn.example.com.:51820", "vpn.example.com:51820"),
        ("localhost:1", "localhost:1"), ("1.2.3.example:80", "1.2.3.example:80"),
        ("xn--bcher-kva.example:443", "xn--bcher-kva.example:443"),
    ])
    func text(text: String, canonical: String) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.description == canonical)
        #expect(Endpoint(canonical) == endpoint)
    }

    @Test(arguments: [
        "", ":", ":51820", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1",
        "192.0.2.1:051820", "192.0.2.1:51820 ", " 192.0.2.1:51820", "192.0.2.1:99999999999999999999", "192.0.2.1: 1",
        // IPv6 only in brackets, IPv4 and names never
        "2001:db8::1:51820", "[2001:db8::1]", "[2001:db8::1]51820", "[192.0.2.1]:51820", "[vpn.example.com]:51820",
        "[]:51820", "[:51820", "]:51820", "[2001:db8::1:51820", "2001:db8::1]:51820", "[[::1]]:1",
        "[fe80::1%eth0]:51820", "[::ffff:192.0.2.1]:51820",
        // what looks like an address is never taken for a name
        "192.0.2:51820", "192.0.2.256:51820", "010.0.0.1:51820", "3221225985:51820",
        // not host names
        "vpn_1.example.com:51820", "-vpn.example.com:51820", "vpn-.example.com:51820", "vpn..example.com:51820",
        ".example.com:51820", "vpn.example.com..:51820", "büro.example:51820", "a b:51820", "a\n:51820", "a;b:51820",
        "a\0b:51820", "$(id):51820", "vpn.example.com/x:51820", "user@vpn.example.com:51820",
    ])
    func refused(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test func onlyALiteralHasASocketAddress() {
        #expect(Endpoint("[::1]:1")?.socketAddress?.description == "[::1]:1")
        #expect(Endpoint("localhost:1")?.socketAddress == nil)
    }
}

@Suite struct HostNameTests {
    private func name(_ text: String) -> String? { HostName(text: Array(text.utf8)[...])?.value }

    @Test func lengthsAreLimited() {
        let label = String(repeating: "a", count: 63)
        let longest = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(longest.utf8.count == 253)
        #expect(name(longest) == longest)
        #expect(name(longest + ".") == longest)
        #expect(name(longest + "b") == nil)
        #expect(name(label + "a") == nil)
        #expect(name(label + "a.example") == nil)
        #expect(name("") == nil)
        #expect(name(".") == nil)
    }

    /// RFC 1123, 2.1: what ends in a number would be an address to a resolver.
    @Test(arguments: ["1", "1.2", "example.1", "127.1", "0x7f000001", "0x7F.1", "a.0x10", "0x", "example.0X7f."])
    func numbersAreNoNames(text: String) {
        #expect(name(text) == nil)
    }

    @Test(arguments: ["a", "1a", "0xg", "0x7f.example", "x0", "a-b", "a--b", "3com.example"])
    func lettersMakeANumberAName(text: String) {
        #expect(name(text) == text)
    }
}
