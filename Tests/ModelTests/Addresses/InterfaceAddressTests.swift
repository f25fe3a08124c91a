import Model
import Testing

@Suite struct InterfaceAddressTests {
    @Test func keepsItsHostBits() throws {
        let address = try #require(InterfaceAddress("10.8.0.1/24"))
        #expect(address.description == "10.8.0.1/24")
        #expect(address.prefix.description == "10.8.0.0/24")
        #expect(try #require(InterfaceAddress("10.8.0.0/24")) != address)
        #expect(address.family == .ipv4)
    }

    @Test func withoutALengthItIsAHost() throws {
        #expect(try #require(InterfaceAddress("10.8.0.1")).description == "10.8.0.1/32")
        #expect(try #require(InterfaceAddress("fd42::1")).description == "fd42::1/128")
    }

    @Test func ordersByAddressThenLength() {
        let texts = ["10.8.0.1/16", "10.8.0.1/24", "10.8.0.2/8", "fd42::1/64"]
        #expect(texts.reversed().compactMap(InterfaceAddress.init).sorted().map(\.description) == texts)
    }

    @Test func roundTrips() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let address =
                Bool.random(using: &random)
                ? IPAddress(v4: UInt32.random(in: 0...UInt32.max, using: &random))
                : IPAddress(v6: random.next() | 1, random.next())
            let value = InterfaceAddress(address, prefixLength: Int.random(in: 0...address.family.bits, using: &random))
            #expect(InterfaceAddress(value.description) == value)
        }
    }
}
