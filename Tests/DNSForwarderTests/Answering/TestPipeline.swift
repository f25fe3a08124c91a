import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// A pipeline for two peers, with rules in AdGuard's syntax, and the queries that tests send through it.
struct TestPipeline {
    let pipeline: QueryPipeline
    let cache = AnswerCache(maxEntries: 100, maxBytes: 100_000, ttl: 0...86_400)
    static let time = Timestamp(seconds: 1_800_000_000)
    static let start = ContinuousClock.now

    init(_ rules: [String] = [], settings change: (inout DNSSettings) -> Void = { _ in }) throws {
        let place = Model.SourceLocation(path: "rules", line: 1, column: 1)
        var settings = DNSSettings(location: place)
        settings.upstreams = [try #require(DNSUpstream("udp://192.0.2.1:53"))]
        change(&settings)
        let lines = rules.enumerated().map { number, text in
            DNSFilterLine(text: text, location: Model.SourceLocation(path: "rules", line: number + 1, column: 1))
        }
        let peers = try [("kid", "10.8.0.2"), ("dad", "10.8.0.3")].map { name, address in
            Peer(
                name: name, dnsName: name, interface: "wg0",
                ip: [try #require(IPAddress(address)), try #require(IPAddress("fd42::\(address.suffix(1))"))],
                publicKey: try #require(PublicKey(bytes: [UInt8](repeating: UInt8(name.utf8.count), count: 32))),
                location: place)
        }
        let own = [try #require(InterfaceAddress("10.8.0.1/24")), try #require(InterfaceAddress("fd42::1/64"))]
        let interface = Interface(name: "wg0", address: own, listenPort: 51820, location: place)
        let catalog = Catalog(interfaces: [interface], peers: peers, dns: settings, dnsFilterLines: lines)
        pipeline = QueryPipeline(
            policy: try Policy(catalog, lists: [], key: NameKey(1, 2)), pause: FilteringPause(), settings: settings,
            local: LocalNames(catalog, zone: try DomainName(text: settings.localZone)), cache: cache)
    }

    /// A step of a query: what is answered, or what is asked.
    func begin(
        _ name: String, _ type: RecordType = .a, client: String = "10.8.0.2", dnssec: Bool = false,
        after seconds: Int = 0
    ) throws -> QueryPipeline.Step {
        let query = ClientQuery(
            id: 1, question: Question(try DomainName(text: name), type), isDNSSECOK: dnssec, payloadSize: 1232)
        let address = try #require(IPAddress(client))
        let asking = try #require(pipeline.client(interface: "wg0", address: address))
        return pipeline.begin(
            query, from: asking, time: Self.time, now: Self.start.advanced(by: .seconds(seconds)))
    }

    /// What is answered without asking anybody, in words; `ask NAME` otherwise.
    func answer(_ name: String, _ type: RecordType = .a, client: String = "10.8.0.2", after: Int = 0) throws -> String {
        switch try begin(name, type, client: client, after: after) {
        case .done(let resolution): return Self.words(resolution)
        case .ask(let inquiry):
            return "ask \(inquiry.question.name) of \(inquiry.upstreams.map { "\($0)" }.joined(separator: " "))"
        }
    }

    /// What is answered when the upstream says this.
    func answer(
        _ name: String, _ type: RecordType = .a, client: String = "10.8.0.2", upstream: Message?, after seconds: Int = 0
    ) throws -> String {
        guard case .ask(let inquiry) = try begin(name, type, client: client, after: seconds) else {
            Issue.record("\(name) asks nobody")
            return ""
        }
        let now = Self.start.advanced(by: .seconds(seconds))
        return Self.words(pipeline.finish(inquiry, with: upstream, now: now))
    }

    static func words(_ resolution: Resolution) -> String {
        let answer = resolution.answer
        let records = answer.answers.map { record in
            let data =
                record.address.map { "\($0)" } ?? record.target.map { "\($0)" } ?? "\(record.data.count) bytes"
            return
                "\(record.name) \(record.ttl > resolution.age ? record.ttl - resolution.age : 0) \(record.type) \(data)"
        }
        let authority = answer.authority.map { "\($0.type) \($0.name)" }
        return (["\(resolution.origin) \(answer.responseCode)"] + records + authority).joined(separator: ", ")
    }

    /// An answer of an upstream.
    static func message(
        _ name: String, _ type: RecordType, _ answers: [ResourceRecord], code: ResponseCode = .noError,
        authority: [ResourceRecord] = [], additional: [ResourceRecord] = []
    ) throws -> Message {
        Message(
            id: 7, flags: [.response, .authenticData], responseCode: code,
            questions: [Question(try DomainName(text: name), type)], answers: answers, authority: authority,
            additional: additional)
    }

    /// An answer to a question for an IPv4 address.
    static func message(
        _ name: String, _ answers: [ResourceRecord], authority: [ResourceRecord] = [],
        additional: [ResourceRecord] = []
    ) throws -> Message {
        try message(name, .a, answers, authority: authority, additional: additional)
    }

    static func address(_ name: String, _ address: String, ttl: UInt32 = 300) throws -> ResourceRecord {
        .address(try DomainName(text: name), try #require(IPAddress(address)), ttl: ttl)
    }

    static func cname(_ name: String, _ target: String, ttl: UInt32 = 300) throws -> ResourceRecord {
        .cname(try DomainName(text: name), try DomainName(text: target), ttl: ttl)
    }

    static func soa(_ zone: String, ttl: UInt32 = 600, minimum: UInt32 = 60) throws -> ResourceRecord {
        let name = try DomainName(text: zone)
        let fields = StartOfAuthority(
            primary: name, mailbox: name, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: minimum)
        return .soa(name, fields, ttl: ttl)
    }
}
