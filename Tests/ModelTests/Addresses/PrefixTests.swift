import Model
import Testing

@Suite struct PrefixTests {
    /// A prefix as the list of its leading bits: too slow for use, too simple to be wrong.
    struct BitModel: Equatable {
        let family: AddressFamily
        let bits: [Bool]

        init(_ address: IPAddress, length: Int) {
            family = address.family
            bits = Array(Self.bits(of: address).prefix(length))
        }

        static func bits(of address: IPAddress) -> [Bool] {
            address.bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
        }

        func contains(_ other: BitModel) -> Bool { family == other.family && other.bits.starts(with: bits) }

        /// The address whose free bits are all `bit`.
        func filled(with bit: Bool) -> [Bool] { bits + [Bool](repeating: bit, count: family.bits - bits.count) }
    }

    /// Prefixes that often meet: few distinct bytes, lengths at the edges of words and everywhere else.
    private func randomPrefix(_ random: inout SeededGenerator) -> (IPAddress, Int) {
        let count = Bool.random(using: &random) ? 4 : 16
        let bytes = (0..<count).map { _ in [0, 0, 0, 1, 0x80, 0xFF][Int.random(in: 0..<6, using: &random)] as UInt8 }
        let edges = [0, 1, 8, 31, 32, 63, 64, 65, 127, 128].filter { $0 <= count * 8 }
        let length =
            Bool.random(using: &random)
            ? edges.randomElement(using: &random) : Int.random(in: 0...count * 8, using: &random)
        return (IPAddress(bytes: bytes) ?? IPAddress(v4: 0), length ?? 0)
    }

    @Test func agreesWithBits() {
        var random = SeededGenerator(seed: 4632)
        var related = 0
        for _ in 0..<20_000 {
            let (first, firstLength) = randomPrefix(&random)
            let (second, secondLength) = randomPrefix(&random)
            let (a, b) = (Prefix(first, length: firstLength), Prefix(second, length: secondLength))
            let (x, y) = (BitModel(first, length: firstLength), BitModel(second, length: secondLength))
            #expect(a.length == firstLength)
            #expect(BitModel.bits(of: a.address) == x.filled(with: false))
            #expect(BitModel.bits(of: a.last) == x.filled(with: true), "\(a)")
            #expect(a.contains(b) == x.contains(y), "\(a) \(b)")
            #expect(a.contains(second) == x.contains(BitModel(second, length: second.family.bits)), "\(a) \(second)")
            #expect(a.overlaps(b) == (x.contains(y) || y.contains(x)), "\(a) \(b)")
            #expect(a.overlaps(b) == b.overlaps(a))
            #expect((a == b) == (x == y))
            #expect(a.isHost == (firstLength == first.family.bits))
            #expect(a.isDefault == (firstLength == 0))
            #expect(a.contains(a) && a.contains(a.address) && a.contains(a.last))
            if x.contains(y) || y.contains(x) { related += 1 }
        }
        #expect(related > 1000)
    }

    @Test(arguments: [
        ("10.8.0.0/24", "10.8.0.0/24"), ("10.8.0.77/24", "10.8.0.0/24"), ("10.8.0.2", "10.8.0.2/32"),
        ("10.8.0.2/32", "10.8.0.2/32"), ("255.255.255.255/0", "0.0.0.0/0"), ("255.255.255.255/1", "128.0.0.0/1"),
        ("fd42::1/64", "fd42::/64"), ("::1", "::1/128"), ("ffff::/0", "::/0"),
        ("2001:db8::ffff/127", "2001:db8::fffe/127"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/65", "ffff:ffff:ffff:ffff:8000::/65"),
    ])
    func text(text: String, canonical: String) throws {
        let prefix = try #require(Prefix(text))
        #expect(prefix.description == canonical)
        #expect(Prefix(canonical) == prefix)
    }

    @Test(arguments: [
        "", "/", "/24", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/032", "10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/-1",
        "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/8 ", "10.0.0.0/1000", "10.0.0.0/255.0.0.0", "10.0.0/8",
        "::/129", "::/256", "::/99999999999999999999", "fe80::1%eth0/64", "::ffff:10.0.0.0/104", "10.0.0.0/٨",
    ])
    func refused(text: String) {
        #expect(Prefix(text) == nil)
        #expect(InterfaceAddress(text) == nil)
    }

    @Test func lengthsOutsideTheFamilyAreClamped() {
        let address = IPAddress(v4: 0x0A08_0001)
        #expect(Prefix(address, length: 99) == Prefix(host: address))
        #expect(Prefix(address, length: -1).isDefault)
        #expect(InterfaceAddress(address, prefixLength: 99).prefixLength == 32)
        #expect(InterfaceAddress(address, prefixLength: -1).prefixLength == 0)
    }

    @Test func ordersByAddressThenShorterFirst() {
        let texts = [
            "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/32", "10.0.1.0/24", "::/0", "fd00::/8", "fd00::/64",
        ]
        var random = SeededGenerator(seed: 2)
        #expect(texts.shuffled(using: &random).compactMap(Prefix.init).sorted().map(\.description) == texts)
    }

    @Test func disjointKeepsWhatCoversTheRest() {
        let texts = [
            "10.1.0.0/16", "192.168.0.0/24", "10.0.0.0/8", "10.0.0.0/9", "10.255.255.255/32", "11.0.0.0/8",
            "10.0.0.0/8",
            "fd00::/8", "fd00:1::/32", "::/1",
        ]
        let kept = texts.compactMap { Prefix($0) }.disjoint().map(\.description)
        #expect(kept == ["10.0.0.0/8", "11.0.0.0/8", "192.168.0.0/24", "::/1", "fd00::/8"])
        #expect(["0.0.0.0/0", "1.2.3.4/32"].compactMap { Prefix($0) }.disjoint().map(\.description) == ["0.0.0.0/0"])
    }
}
