internal import DNSPolicy

/// Answers without data that we make ourselves, with the SOA record that lets clients keep them (RFC 2308, 2).
enum NegativeAnswer {
    /// The name is there, or may be, but no record of this type.
    static func noData(_ zone: DomainName, ttl: UInt32) -> Answer { answer(.noError, zone, ttl) }

    /// There is no such name.
    static func nameError(_ zone: DomainName, ttl: UInt32) -> Answer { answer(.nameError, zone, ttl) }

    private static func answer(_ code: ResponseCode, _ zone: DomainName, _ ttl: UInt32) -> Answer {
        Answer(code, authority: [authority(zone, ttl: ttl)])
    }

    /// The SOA record of a zone that exists here only (in the form of RFC 6303, 3).
    static func authority(_ zone: DomainName, ttl: UInt32) -> ResourceRecord {
        let fields = StartOfAuthority(
            primary: zone, mailbox: mailbox, serial: 1, refresh: 3600, retry: 1200, expire: 604_800, minimum: ttl)
        return .soa(zone, fields, ttl: ttl)
    }

    private static let mailbox = DomainName(labels: ["nobody".utf8, "invalid".utf8]) ?? .root
}
