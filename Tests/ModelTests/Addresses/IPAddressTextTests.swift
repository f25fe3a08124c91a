import Glibc
import Model
import Testing

@Suite struct IPAddressTextTests {
    /// RFC 5952, section by section, and what its rules say about their neighbours.
    @Test(arguments: [
        // 4.1 no leading zeros
        ("2001:0db8::0001", "2001:db8::1"),
        // 4.2.1 shorten as much as possible
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
        // 4.2.2 one group of zeros is not shortened
        ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        // 4.2.3 the longest run, the first of equals
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("0:0:1:0:0:0:0:1", "0:0:1::1"),
        // 4.3 lower case
        ("2001:DB8::ABCD:EF01", "2001:db8::abcd:ef01"),
        // section 1 spellings of one address
        ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
        ("::", "::"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"), ("1::", "1::"), ("fe80::", "fe80::"),
        // the last 32 bits in dotted decimal are read, never written
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::13.1.68.3", "::d01:4403"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        // one group beside the mapped range
        ("::1:ffff:10.0.0.1", "::1:ffff:a00:1"), ("::fffe:10.0.0.1", "::fffe:a00:1"),
        ("::ffff:0:10.0.0.1", "::ffff:0:a00:1"),
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("10.8.0.1", "10.8.0.1"),
    ])
    func canonicalText(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", " ", ":", ":::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        "1::2::3", ":1::", "1:", "::1:", "12345::", "::g", "::-1", "::+1", ":: 1", "[::1]", "::1/128",
        // zone ids
        "fe80::1%eth0", "fe80::1%", "fe80::1%1", "10.0.0.1%eth0",
        // IPv4-mapped, in each spelling
        "::ffff:10.0.0.1", "::FFFF:10.0.0.1", "::ffff:a00:1", "0:0:0:0:0:ffff:a00:1", "::ffff:0:0",
        // leading zeros, other bases, short and long forms
        "010.0.0.1", "10.00.0.1", "10.0.0.01", "0x0a.0.0.1", "167772161", "10.1", "10.0.1", "10.0.0.0.1", "10.0.0.",
        ".10.0.0.1", "10..0.1", "256.0.0.1", "10.0.0.256", "10.0.0.1 ", " 10.0.0.1", "10.0.0.-1", "+10.0.0.1",
        "4294967296.0.0.0", "10.0.0.1\n", "10.0.0.1\0", "10,0,0,1",
        // dotted decimal only at the end, and only as 32 bits
        "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::01.2.3.4", "::1.2.3.256",
        // digits that are not ASCII
        "１0.0.0.1", "٣.0.0.1", "::ａ", "10\u{301}.0.0.1",
        // longer than any address
        "0000:0000:0000:0000:0000:0000:000.000.000.0000", String(repeating: "1", count: 100_000),
    ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    /// Random addresses with runs of zero groups: our text is that of `inet_ntop(3)`, and reads back.
    @Test func textAgreesWithTheCLibrary() throws {
        var random = SeededGenerator(seed: 5952)
        for _ in 0..<20_000 {
            let count = Bool.random(using: &random) ? 4 : 16
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            for group in 0..<count / 2 where UInt8.random(in: 0..<3, using: &random) > 0 {
                bytes[2 * group] = 0
                if Bool.random(using: &random) { bytes[2 * group + 1] = 0 }
            }
            let address = try #require(IPAddress(bytes: bytes))
            #expect(address.bytes == bytes)
            // The C library prints `::1.2.3.4` (RFC 4291, 2.5.5.1, deprecated) and mapped addresses with dots; we don't.
            let isEmbedded = count == 16 && bytes[..<10].allSatisfy { $0 == 0 }
            if !isEmbedded { #expect(address.description == PresentationForm.format(bytes)) }
            if bytes.count == 4 || !bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) {
                #expect(IPAddress(address.description) == address)
            }
        }
    }

    /// Random and damaged texts: what we read is what `inet_pton(3)` reads, and we refuse exactly what it refuses, but
    /// for the mapped addresses.
    @Test func readingAgreesWithTheCLibrary() {
        var random = SeededGenerator(seed: 4291)
        let seeds = [
            "10.8.0.1", "255.255.255.255", "2001:db8::1", "::", "::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:1.2.3.4", "fe80::a:b", "::ffff:1.2.3.4",
        ].map { Array($0.utf8) }
        let alphabet = Array("0123456789abcdefAF.:::gx%/ -".utf8)
        var accepted = 0
        for _ in 0..<50_000 {
            var text = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let byte = alphabet.randomElement(using: &random) ?? 0
                let index = Int.random(in: 0...text.count, using: &random)
                switch UInt8.random(in: 0..<3, using: &random) {
                case 0: text.insert(byte, at: index)
                case 1 where index < text.count: text[index] = byte
                default: if index < text.count { text.remove(at: index) }
                }
            }
            let string = String(decoding: text, as: UTF8.self)
            var expected =
                PresentationForm.parse(string, string.contains(":") ? AF_INET6 : AF_INET)
                .flatMap { IPAddress(bytes: $0) }
            if let address = expected, address.family == .ipv6, address.high == 0, address.low >> 32 == 0xFFFF {
                expected = nil
            }
            #expect(IPAddress(string) == expected, "\(string)")
            if expected != nil { accepted += 1 }
        }
        #expect(accepted > 5000)
    }
}
