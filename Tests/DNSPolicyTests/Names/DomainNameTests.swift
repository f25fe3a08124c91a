import DNSPolicy
import Testing

@Suite struct DomainNameTests {
    /// `www.example.com` in wire form.
    private static let www: [UInt8] =
        [3] + Array("www".utf8) + [7] + Array("example".utf8) + [3] + Array("com".utf8) + [0]

    private static func label(_ count: Int) -> [UInt8] { [UInt8(count)] + [UInt8](repeating: 0x78, count: count) }

    @Test func wireFormIsFolded() throws {
        let name = try #require(DomainName(wire: [3] + Array("WwW".utf8) + Self.www.dropFirst(4)))
        #expect(name.octets == Self.www)
        #expect(name == DomainName(wire: Self.www))
        #expect(name.hashValue == DomainName(wire: Self.www)?.hashValue)
    }

    /// `[` and `@` lie beside the capital letters, and only ASCII letters are folded.
    @Test func onlyASCIILettersAreFolded() {
        let octets: [UInt8] = [8, 0x40, 0x41, 0x5A, 0x5B, 0x00, 0xC4, 0xDF, 0x2E, 0]
        #expect(DomainName(wire: octets)?.octets == [8, 0x40, 0x61, 0x7A, 0x5B, 0x00, 0xC4, 0xDF, 0x2E, 0])
    }

    @Test(
        arguments: [
            ("no octet", []),
            ("no final zero", [1, 0x61]),
            ("octets behind the root", [1, 0x61, 0, 0]),
            ("a label that is cut off", [3, 0x61, 0x62, 0]),
            ("a label of 64", label(64) + [0]),
            ("a compression pointer", [1, 0x61, 0xC0, 0x0C]),
            ("256 octets", label(63) + label(63) + label(63) + label(62) + [0]),
        ] as [(String, [UInt8])])
    func refusedWireForms(_ why: String, _ octets: [UInt8]) {
        #expect(DomainName(wire: octets) == nil, "\(why)")
    }

    @Test func longestNames() {
        let labels = Self.label(63) + Self.label(63) + Self.label(63) + Self.label(61)
        #expect(DomainName(wire: labels + [0])?.octets.count == 255)
        let many = DomainName(wire: (0..<127).flatMap { _ in Self.label(1) } + [0])
        #expect(many?.octets.count == 255)
        #expect(many?.labelCount == 127)
    }

    @Test func root() {
        #expect(DomainName(wire: [0]) == .root)
        #expect(DomainName.root.isRoot)
        #expect(DomainName.root.labelCount == 0)
        #expect(DomainName.root.parent == nil)
        #expect(Array(DomainName.root.labelStarts) == [])
    }

    @Test func labels() throws {
        let name = try #require(DomainName(labels: ["www".utf8, "EXAMPLE".utf8, "com".utf8]))
        #expect(name.octets == Self.www)
        #expect(DomainName(labels: [String.UTF8View]()) == .root)
        #expect(DomainName(labels: ["a".utf8, "".utf8]) == nil)
        #expect(DomainName(labels: [[UInt8](repeating: 1, count: 64)]) == nil)
        let long = [UInt8](repeating: 1, count: 63)
        #expect(DomainName(labels: [long, long, long, [UInt8](repeating: 1, count: 61)])?.octets.count == 255)
        #expect(DomainName(labels: [long, long, long, [UInt8](repeating: 1, count: 62)]) == nil)
    }

    @Test func suffixes() throws {
        let name = try #require(DomainName(wire: Self.www))
        #expect(Array(name.labelStarts) == [0, 4, 12])
        var starts: [Int] = []
        name.forEachSuffix { starts.append($0) }
        #expect(starts == [0, 4, 12, 16])
        #expect(name.labelCount == 3)
        #expect(name.suffix(droppingLabels: 0) == name)
        #expect(name.suffix(droppingLabels: 2).octets == [3] + Array("com".utf8) + [0])
        #expect(name.suffix(droppingLabels: 3) == .root)
        #expect(name.suffix(droppingLabels: 200) == .root)
        #expect(name.parent?.octets == Array(Self.www[4...]))
    }

    @Test(arguments: [
        ("www.example.com", "example.com", true),
        ("www.example.com", "www.example.com", true),
        ("WWW.example.com", "Example.COM", true),
        ("www.example.com", ".", true),
        (".", ".", true),
        ("example.com", "www.example.com", false),
        ("badexample.com", "example.com", false),
        (#"bad\.example.com"#, "example.com", false),
        ("www.example.org", "example.com", false),
        // The only label ends in the octets of the other name, its length octets included.
        (#"x\007example\003com"#, "example.com", false),
    ])
    func subdomains(_ name: String, _ other: String, _ expected: Bool) throws {
        #expect(try DomainName(text: name).isSubdomain(of: DomainName(text: other)) == expected)
    }

    @Test func appending() throws {
        let host = try DomainName(text: "www")
        #expect(try host.appending(DomainName(text: "example.com"))?.octets == Self.www)
        #expect(host.appending(.root) == host)
        #expect(DomainName.root.appending(host) == host)
        let long = try #require(DomainName(labels: [Self.label(62), Self.label(62), Self.label(62)]))
        let fitting = try #require(DomainName(labels: [Self.label(60)]))
        #expect(long.appending(fitting)?.octets.count == 255)
        #expect(long.appending(try #require(DomainName(labels: [Self.label(61)]))) == nil)
    }
}
