/// IANA's words for the numbers of DNS: the one table that commands, answers of the API and the syntax of rules read.
public enum DNSWords {
    /// A type of record: `A`, or `TYPE65280` (RFC 3597) for one without a word.
    public static func type(_ number: UInt16) -> String { typeNames[number] ?? "TYPE\(number)" }

    /// The number of a type by IANA's word in upper case, as ``type(_:)`` gives it; nil for another text.
    public static func type(named word: String) -> UInt16? { typeNumbers[word] }

    /// A response code: `NXDOMAIN`, or `RCODE4095` for one without a word.
    public static func responseCode(_ number: UInt16) -> String { responseCodes[number] ?? "RCODE\(number)" }

    private static let typeNumbers = Dictionary(uniqueKeysWithValues: types)
    private static let typeNames = Dictionary(uniqueKeysWithValues: types.map { ($0.1, $0.0) })

    /// IANA's registry "Resource Record (RR) TYPEs", obsolete ones included.
    private static let types: [(String, UInt16)] = [
        ("A", 1), ("NS", 2), ("MD", 3), ("MF", 4), ("CNAME", 5), ("SOA", 6), ("MB", 7), ("MG", 8), ("MR", 9),
        ("NULL", 10), ("WKS", 11), ("PTR", 12), ("HINFO", 13), ("MINFO", 14), ("MX", 15), ("TXT", 16), ("RP", 17),
        ("AFSDB", 18), ("X25", 19), ("ISDN", 20), ("RT", 21), ("NSAP", 22), ("NSAP-PTR", 23), ("SIG", 24),
        ("KEY", 25), ("PX", 26), ("GPOS", 27), ("AAAA", 28), ("LOC", 29), ("NXT", 30), ("EID", 31), ("NIMLOC", 32),
        ("SRV", 33), ("ATMA", 34), ("NAPTR", 35), ("KX", 36), ("CERT", 37), ("A6", 38), ("DNAME", 39), ("SINK", 40),
        ("OPT", 41), ("APL", 42), ("DS", 43), ("SSHFP", 44), ("IPSECKEY", 45), ("RRSIG", 46), ("NSEC", 47),
        ("DNSKEY", 48), ("DHCID", 49), ("NSEC3", 50), ("NSEC3PARAM", 51), ("TLSA", 52), ("SMIMEA", 53), ("HIP", 55),
        ("NINFO", 56), ("RKEY", 57), ("TALINK", 58), ("CDS", 59), ("CDNSKEY", 60), ("OPENPGPKEY", 61),
        ("CSYNC", 62), ("ZONEMD", 63), ("SVCB", 64), ("HTTPS", 65), ("DSYNC", 66), ("SPF", 99), ("UINFO", 100),
        ("UID", 101), ("GID", 102), ("UNSPEC", 103), ("NID", 104), ("L32", 105), ("L64", 106), ("LP", 107),
        ("EUI48", 108), ("EUI64", 109), ("NXNAME", 128), ("TKEY", 249), ("TSIG", 250), ("IXFR", 251), ("AXFR", 252),
        ("MAILB", 253), ("MAILA", 254), ("ANY", 255), ("URI", 256), ("CAA", 257), ("AVC", 258), ("DOA", 259),
        ("AMTRELAY", 260), ("RESINFO", 261), ("WALLET", 262), ("CLA", 263), ("IPN", 264), ("TA", 32768),
        ("DLV", 32769),
    ]

    /// IANA's registry "DNS RCODEs"; 16 is a bad version of EDNS, for the bad signature of that number stands in TSIG.
    private static let responseCodes: [UInt16: String] = [
        0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN",
        7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 11: "DSOTYPENI", 16: "BADVERS", 17: "BADKEY",
        18: "BADTIME", 19: "BADMODE", 20: "BADNAME", 21: "BADALG", 22: "BADTRUNC", 23: "BADCOOKIE",
    ]
}
