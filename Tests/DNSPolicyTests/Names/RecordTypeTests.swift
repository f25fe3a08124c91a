import DNSPolicy
import Testing

@Suite struct RecordTypeTests {
    @Test(arguments: [
        ("A", RecordType.a), ("aaaa", .aaaa), ("Https", .https), ("SVCB", .svcb), ("CNAME", .cname), ("ns", .ns),
        ("SOA", .soa), ("PTR", .ptr), ("HINFO", .hinfo), ("MX", .mx), ("TXT", .txt), ("SRV", .srv), ("OPT", .opt),
        ("DNAME", .dname), ("RRSIG", .rrsig), ("DS", .ds), ("DNSKEY", .dnskey), ("NSEC", .nsec), ("NSEC3", .nsec3),
        ("NAPTR", .naptr), ("ANY", .any), ("*", .any), ("AXFR", .axfr), ("IXFR", .ixfr), ("TSIG", .tsig),
        ("TKEY", .tkey), ("MAILA", .maila), ("MAILB", .mailb), ("NXNAME", .nxname), ("RP", .rp), ("KX", .kx),
        ("AFSDB", .afsdb), ("RT", .rt), ("PX", .px), ("SIG", .sig), ("NXT", .nxt), ("MINFO", .minfo), ("MD", .md),
        ("MF", .mf), ("MB", .mb), ("MG", .mg), ("MR", .mr), ("LOC", RecordType(rawValue: 29)),
        ("CAA", RecordType(rawValue: 257)), ("URI", RecordType(rawValue: 256)), ("SPF", RecordType(rawValue: 99)),
        ("EUI64", RecordType(rawValue: 109)), ("AMTRELAY", RecordType(rawValue: 260)),
        ("TLSA", RecordType(rawValue: 52)), ("ZONEMD", RecordType(rawValue: 63)),
        ("NSAP-PTR", RecordType(rawValue: 23)), ("TYPE65280", RecordType(rawValue: 65280)),
        ("type1", .a), ("TYPE0", RecordType(rawValue: 0)), ("TYPE65535", RecordType(rawValue: 65535)),
    ])
    func parsed(_ text: String, _ type: RecordType) { #expect(RecordType(text: text) == type) }

    @Test(arguments: [
        "", "B", "A ", "TYPE", "TYPE65536", "TYPE-1", "TYPE+1", "TYPE000001", "TYPE1x", "TYPE１", "1", "AÄ",
        "TYPE11111111111111111111111",
    ])
    func refused(_ text: String) { #expect(RecordType(text: text) == nil) }

    @Test func printed() {
        #expect(RecordType.https.description == "HTTPS")
        #expect(RecordType.any.description == "ANY")
        #expect(RecordType(rawValue: 65280).description == "TYPE65280")
        for number in UInt16.min...UInt16.max {
            let type = RecordType(rawValue: number)
            #expect(RecordType(text: type.description) == type)
        }
    }

    /// The numbers of IANA's registry, against the table.
    @Test(
        arguments: [
            (RecordType.a, 1), (.ns, 2), (.cname, 5), (.soa, 6), (.ptr, 12), (.hinfo, 13), (.mx, 15), (.txt, 16),
            (.sig, 24), (.aaaa, 28), (.srv, 33), (.naptr, 35), (.dname, 39), (.opt, 41), (.ds, 43), (.rrsig, 46),
            (.nsec, 47), (.dnskey, 48), (.nsec3, 50), (.svcb, 64), (.https, 65), (.nxname, 128), (.tkey, 249),
            (.tsig, 250), (.ixfr, 251), (.axfr, 252), (.any, 255),
        ] as [(RecordType, UInt16)])
    func numbers(_ type: RecordType, _ number: UInt16) { #expect(type.rawValue == number) }
}
