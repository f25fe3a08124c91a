/// The type of a resource record or question (RFC 1035 3.2.2; numbers assigned by IANA, RFC 6895).
public struct RecordType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// The type of that number, assigned or not.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// The types that the code names; the others are spelled by ``init(text:)``.
extension RecordType {
    /// An IPv4 address (RFC 1035).
    public static let a = RecordType(rawValue: 1)
    /// An authoritative name server (RFC 1035).
    public static let ns = RecordType(rawValue: 2)
    /// A mail destination, obsolete (RFC 1035).
    public static let md = RecordType(rawValue: 3)
    /// A mail forwarder, obsolete (RFC 1035).
    public static let mf = RecordType(rawValue: 4)
    /// The canonical name of an alias (RFC 1035).
    public static let cname = RecordType(rawValue: 5)
    /// The start of a zone of authority (RFC 1035).
    public static let soa = RecordType(rawValue: 6)
    /// A mailbox, experimental (RFC 1035).
    public static let mb = RecordType(rawValue: 7)
    /// A mail group member, experimental (RFC 1035).
    public static let mg = RecordType(rawValue: 8)
    /// A mail rename, experimental (RFC 1035).
    public static let mr = RecordType(rawValue: 9)
    /// A name that this one points to, mostly of an address (RFC 1035).
    public static let ptr = RecordType(rawValue: 12)
    /// Processor and operating system, and the answer to ANY (RFC 1035, RFC 8482).
    public static let hinfo = RecordType(rawValue: 13)
    /// Mailbox information, experimental (RFC 1035).
    public static let minfo = RecordType(rawValue: 14)
    /// A mail exchange (RFC 1035).
    public static let mx = RecordType(rawValue: 15)
    /// Text strings (RFC 1035).
    public static let txt = RecordType(rawValue: 16)
    /// A responsible person (RFC 1183).
    public static let rp = RecordType(rawValue: 17)
    /// An AFS cell database (RFC 1183).
    public static let afsdb = RecordType(rawValue: 18)
    /// A route through (RFC 1183).
    public static let rt = RecordType(rawValue: 21)
    /// A signature, of a message today (RFC 2535, RFC 2931).
    public static let sig = RecordType(rawValue: 24)
    /// X.400 mail mapping (RFC 2163).
    public static let px = RecordType(rawValue: 26)
    /// An IPv6 address (RFC 3596).
    public static let aaaa = RecordType(rawValue: 28)
    /// The next domain, obsolete (RFC 2535).
    public static let nxt = RecordType(rawValue: 30)
    /// The host and port of a service (RFC 2782).
    public static let srv = RecordType(rawValue: 33)
    /// A naming authority pointer (RFC 3403).
    public static let naptr = RecordType(rawValue: 35)
    /// A key exchanger (RFC 2230).
    public static let kx = RecordType(rawValue: 36)
    /// An alias of a whole tree (RFC 6672).
    public static let dname = RecordType(rawValue: 39)
    /// The pseudo record of EDNS (RFC 6891).
    public static let opt = RecordType(rawValue: 41)
    /// The digest of a child zone's key (RFC 4034).
    public static let ds = RecordType(rawValue: 43)
    /// The signature of an RRset (RFC 4034).
    public static let rrsig = RecordType(rawValue: 46)
    /// Authenticated denial of existence (RFC 4034).
    public static let nsec = RecordType(rawValue: 47)
    /// A zone's key (RFC 4034).
    public static let dnskey = RecordType(rawValue: 48)
    /// Authenticated denial of existence by hashes (RFC 5155).
    public static let nsec3 = RecordType(rawValue: 50)
    /// A service binding (RFC 9460).
    public static let svcb = RecordType(rawValue: 64)
    /// A service binding of HTTPS (RFC 9460).
    public static let https = RecordType(rawValue: 65)
    /// The pseudo type that marks a name without existence in compact denial (RFC 9824).
    public static let nxname = RecordType(rawValue: 128)
    /// The negotiation of a transaction key (RFC 2930).
    public static let tkey = RecordType(rawValue: 249)
    /// The signature of a transaction (RFC 8945).
    public static let tsig = RecordType(rawValue: 250)
    /// An incremental zone transfer, only asked for (RFC 1995).
    public static let ixfr = RecordType(rawValue: 251)
    /// A zone transfer, only asked for (RFC 5936).
    public static let axfr = RecordType(rawValue: 252)
    /// Mailbox records, only asked for, obsolete (RFC 1035).
    public static let mailb = RecordType(rawValue: 253)
    /// Mail agent records, only asked for, obsolete (RFC 1035).
    public static let maila = RecordType(rawValue: 254)
    /// Any type the server likes to give, only asked for (RFC 1035 `*`, RFC 8482).
    public static let any = RecordType(rawValue: 255)
}
