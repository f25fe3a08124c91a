import Model

/// A row of the query log as the contract shows it.
struct QueryDocument {
    private let entry: QueryLogPage.Entry

    init(_ entry: QueryLogPage.Entry) {
        self.entry = entry
    }

    var json: JSONValue {
        let row = entry.row
        // Without a client the log does not say who asked.
        let isKnown = !row.client.isEmpty
        return .object([
            ("id", .integer(entry.id)),
            ("time", .string(row.time.description)),
            ("client", isKnown ? .string(row.client) : .null),
            ("client_ip", isKnown ? .string(row.address.description) : .null),
            ("domain", .string(row.domain)),
            ("type", .string(DNSWords.type(row.type))),
            ("status", .string(row.status.rawValue)),
            ("reason", .string(row.reason.rawValue)),
            ("rule", .optional(row.rule)),
            ("source", .optional(row.source)),
            ("list", .optional(row.list)),
            ("rcode", .string(DNSWords.responseCode(row.responseCode))),
            ("origin", .string(row.origin.rawValue)),
            ("upstream", .optional(row.upstream)),
            ("duration_ms", .decimal(units: Int64(row.microseconds), places: 3)),
        ])
    }
}

/// IANA's words for the numbers of DNS.
enum DNSWords {
    /// A type of record: `A`, `TYPE65280` (RFC 3597) for one without a name here.
    static func type(_ number: UInt16) -> String { types[number] ?? "TYPE\(number)" }

    /// A response code: `NXDOMAIN`, `RCODE17` for one without a name here.
    static func responseCode(_ number: UInt16) -> String { responseCodes[number] ?? "RCODE\(number)" }

    private static let types: [UInt16: String] = [
        1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB",
        24: "SIG", 25: "KEY", 28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX", 37: "CERT", 39: "DNAME",
        41: "OPT", 42: "APL", 43: "DS", 44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY",
        49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 53: "SMIMEA", 55: "HIP", 59: "CDS", 60: "CDNSKEY",
        61: "OPENPGPKEY", 62: "CSYNC", 63: "ZONEMD", 64: "SVCB", 65: "HTTPS", 99: "SPF", 108: "EUI48", 109: "EUI64",
        249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "ANY", 256: "URI", 257: "CAA",
    ]

    private static let responseCodes: [UInt16: String] = [
        0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN",
        7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 16: "BADVERS", 23: "BADCOOKIE",
    ]
}
