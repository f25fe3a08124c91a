import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

@Suite struct ServiceBindingTests {
    private static let whole = hex(
        "0001",  // priority
        "01 53 00",  // target S.
        "0000 0006 0001 0004 0006",  // mandatory: alpn, ipv4hint, ipv6hint
        "0001 0003 02 6832",  // alpn: h2
        "0004 0008 c0000201 c0000202",  // ipv4hint
        "0006 0010 20010db8000000000000000000000001")  // ipv6hint

    @Test func fields() throws {
        let binding = try #require(ServiceBinding(data: Self.whole))
        #expect(binding.priority == 1)
        #expect(binding.target.description == "s")
        #expect(binding.parameters.map(\.key.rawValue) == [0, 1, 4, 6])
        #expect(binding.parameters[1].value == [2, 0x68, 0x32])
        #expect(binding.hints.map(\.description) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"])
        #expect(ServiceBinding(data: binding.data) == binding)
    }

    @Test func alias() throws {
        let binding = try #require(ServiceBinding(data: hex("0000 01 61 00")))
        #expect(binding.priority == 0)
        #expect(binding.parameters == [])
        #expect(binding.hints == [])
    }

    @Test func withoutHints() throws {
        let binding = try #require(ServiceBinding(data: Self.whole))
        expect(
            binding.removing([.ipv4Hint, .ipv6Hint]).data,
            "0001", "01 73 00",
            "0000 0002 0001",  // what is gone is no longer mandatory
            "0001 0003 02 6832")
        expect(
            binding.removing([.ipv4Hint]).data,
            "0001", "01 73 00",
            "0000 0004 0001 0006",
            "0001 0003 02 6832",
            "0006 0010 20010db8000000000000000000000001")
        #expect(binding.removing([.ipv4Hint]).hints.map(\.description) == ["2001:db8::1"])
        #expect(binding.removing([]) == binding)
        let only = try #require(ServiceBinding(data: hex("0001 00", "0000 0002 0004", "0004 0004 01020304")))
        expect(only.removing([.ipv4Hint]).data, "0001 00")
    }

    @Test(arguments: [
        ("no octet", ""),
        ("no target", "0001"),
        ("a target cut off", "0001 01 61"),
        ("a compressed target", "0001 c00c"),
        ("a key cut off", "0001 00 0004 00"),
        ("a value past the end", "0001 00 0004 0004 010203"),
        ("keys that descend", "0001 00 0004 0004 01020304 0001 0003 026832"),
        ("a key twice", "0001 00 0001 0003 026832 0001 0003 026832"),
        ("no address", "0001 00 0004 0000"),
        ("five octets of addresses", "0001 00 0004 0005 0102030405"),
        ("four octets of IPv6", "0001 00 0006 0004 01020304"),
        ("no mandatory key", "0001 00 0000 0000"),
        ("one octet of mandatory keys", "0001 00 0000 0001 00"),
    ])
    func malformed(_ why: String, _ fields: String) {
        #expect(ServiceBinding(data: bytes(ofHex: fields)) == nil, "\(why)")
    }

    @Test func ofRecords() throws {
        let name = try DomainName(text: "a")
        for type in [RecordType.svcb, .https] {
            #expect(ResourceRecord(name: name, type: type, ttl: 0, data: Self.whole).serviceBinding?.hints.count == 3)
        }
        #expect(ResourceRecord(name: name, type: .txt, ttl: 0, data: Self.whole).serviceBinding == nil)
    }
}
