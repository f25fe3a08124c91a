import Model
import Testing

@Suite("Service sets")
struct ServiceSetTests {
    private func set(_ services: String...) -> ServiceSet { ServiceSet(services.compactMap(Service.init)) }

    @Test("no service is every protocol, as documents have it")
    func everything() throws {
        let all = ServiceSet([])
        #expect(all == .all && !all.isEmpty && all.others && all.icmp)
        #expect(all.contains(set("tcp/1-65535", "udp/53", "icmp")))
        #expect(ServiceSet().isEmpty && all.contains(ServiceSet()))
        #expect(!set("tcp/1-65535", "udp/1-65535", "icmp").contains(all))
    }

    @Test("a range is contained as a whole, its ends included")
    func ranges() throws {
        let web = set("tcp/8000-8100", "tcp/8101-8200", "icmp")
        for (text, isContained) in [
            ("tcp/8000", true), ("tcp/8200", true), ("tcp/8050-8150", true), ("tcp/7999", false), ("tcp/8201", false),
            ("tcp/8200-8201", false), ("udp/8000", false), ("icmp", true),
        ] {
            #expect(web.contains(try #require(Service(text))) == isContained, "\(text)")
        }
    }

    @Test("subtraction and union go protocol by protocol")
    func arithmetic() {
        let rest = ServiceSet.all.subtracting(set("tcp/22", "icmp"))
        #expect(rest.description == "tcp/0-21, tcp/23-65535, udp, other protocols")
        #expect(rest.union(set("icmp", "tcp/22")) == .all)
        #expect(rest.subtracting(.all).isEmpty)
        #expect(set("tcp/80", "udp/53").subtracting(set("tcp/53", "udp/80")) == set("tcp/80", "udp/53"))
    }

    @Test("is written as documents write it")
    func text() {
        #expect(ServiceSet.all.description == "everything")
        #expect(set("icmp", "udp/53", "tcp/8000-8100", "tcp/443").description == "tcp/443, tcp/8000-8100, udp/53, icmp")
    }
}
