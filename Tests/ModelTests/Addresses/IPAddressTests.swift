import Model
import Testing

@Suite struct IPAddressTests {
    @Test func bytesAreInNetworkOrder() {
        #expect(IPAddress(v4: 0x0A08_0001).bytes == [10, 8, 0, 1])
        #expect(
            IPAddress(v6: 0x2001_0DB8_0000_0000, 1).bytes == [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [
                1
            ])
        for count in [0, 1, 3, 5, 8, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test(
        arguments: [
            ("10.8.0.255", 1, "10.8.1.0"), ("255.255.255.255", 0, "255.255.255.255"), ("255.255.255.255", 1, nil),
            ("0.0.0.0", 0xFFFF_FFFF, "255.255.255.255"), ("0.0.0.1", 0xFFFF_FFFF, nil), ("1.0.0.0", UInt64.max, nil),
            ("::ffff:ffff:ffff:ffff", 1, "0:0:0:1::"),
            ("ffff:ffff:ffff:ffff::", UInt64.max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, nil),
        ] as [(String, UInt64, String?)])
    func advanced(from text: String, by offset: UInt64, to expected: String?) throws {
        #expect(try #require(IPAddress(text)).advanced(by: offset)?.description == expected)
    }

    /// The categories at their first and last address, and one beside each.
    @Test func categories() throws {
        let table: [(KeyPath<IPAddress, Bool>, inside: [String], outside: [String])] = [
            (\.isUnspecified, ["0.0.0.0", "::"], ["0.0.0.1", "::1"]),
            (
                \.isLoopback, ["127.0.0.0", "127.255.255.255", "::1"],
                ["126.255.255.255", "128.0.0.0", "::", "::2", "::1:0:0:0:1"]
            ),
            (
                \.isMulticast, ["224.0.0.0", "239.255.255.255", "ff00::", "ff02::1"],
                ["223.255.255.255", "240.0.0.0", "feff::"]
            ),
            (
                \.isLinkLocal, ["169.254.0.0", "169.254.255.255", "fe80::", "febf:ffff::1"],
                ["169.253.255.255", "169.255.0.0", "fe7f::", "fec0::"]
            ),
            (\.isUniqueLocal, ["fc00::", "fdff:ffff::1"], ["fbff::", "fe00::", "10.0.0.1"]),
            (
                \.isPrivate,
                [
                    "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
                    "fd42::1",
                ],
                [
                    "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
                    "2001:db8::1",
                ]
            ),
        ]
        for (category, inside, outside) in table {
            for text in inside { #expect(try #require(IPAddress(text))[keyPath: category], "\(text)") }
            for text in outside { #expect(try !#require(IPAddress(text))[keyPath: category], "\(text)") }
        }
    }

    @Test func ordersByFamilyThenNumber() {
        let texts = ["0.0.0.0", "9.0.0.0", "10.0.0.0", "255.255.255.255", "::", "::1", "0:0:0:1::", "ffff::"]
        var random = SeededGenerator(seed: 1)
        #expect(texts.shuffled(using: &random).compactMap(IPAddress.init).sorted().map(\.description) == texts)
    }
}
