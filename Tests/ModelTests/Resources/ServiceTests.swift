import Model
import Testing

@Suite struct ServiceTests {
    @Test(arguments: [
        ("tcp/22", "tcp/22"), ("udp/53", "udp/53"), ("tcp/8000-8100", "tcp/8000-8100"), ("tcp/1-65535", "tcp/1-65535"),
        ("tcp/80-80", "tcp/80"), ("icmp", "icmp"),
    ])
    func text(text: String, canonical: String) throws {
        let service = try #require(Service(text))
        #expect(service.description == canonical)
        #expect(Service(canonical) == service)
    }

    @Test(arguments: [
        "", "/", "tcp", "tcp/", "udp", "icmp/", "icmp/8", "TCP/22", "sctp/1", "tcp/0", "tcp/65536", "tcp/022", "tcp/-1",
        "tcp/1-", "tcp/-", "tcp/1-2-3", "tcp/2-1", "tcp/0-1", "tcp/1-65536", "tcp/22/22", "tcp/ 22", "tcp/22 ",
        "tcp/+22",
        "22", "22/tcp", "tcp/ssh", "tcp/99999999999999999999", "tcp/٢٢", "tcp/2\u{301}", "tcp/22;drop", "tcp/22\n",
    ])
    func refused(text: String) {
        #expect(Service(text) == nil)
    }

    @Test func ordersByTransportThenPorts() {
        let texts = ["icmp", "tcp/22", "tcp/80", "tcp/80-90", "tcp/443", "udp/53"]
        #expect(texts.reversed().compactMap(Service.init).sorted().map(\.description) == texts)
    }
}
