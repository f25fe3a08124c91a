public import DNSPolicy
public import Model

/// Records of class IN. Times are in seconds.
extension ResourceRecord {
    /// An A or AAAA record, as the address is (RFC 1035 3.4.1, RFC 3596 2.2).
    public static func address(_ name: DomainName, _ address: IPAddress, ttl: UInt32) -> ResourceRecord {
        ResourceRecord(name: name, type: address.family == .ipv4 ? .a : .aaaa, ttl: ttl, data: address.bytes)
    }

    /// A CNAME record (RFC 1035 3.3.1).
    public static func cname(_ name: DomainName, _ target: DomainName, ttl: UInt32) -> ResourceRecord {
        ResourceRecord(name: name, type: .cname, ttl: ttl, data: target.octets)
    }

    /// A PTR record (RFC 1035 3.3.12).
    public static func ptr(_ name: DomainName, _ target: DomainName, ttl: UInt32) -> ResourceRecord {
        ResourceRecord(name: name, type: .ptr, ttl: ttl, data: target.octets)
    }

    /// An SOA record (RFC 1035 3.3.13).
    public static func soa(_ name: DomainName, _ authority: StartOfAuthority, ttl: UInt32) -> ResourceRecord {
        ResourceRecord(name: name, type: .soa, ttl: ttl, data: authority.data)
    }

    /// A TXT record (RFC 1035 3.3.14). A string over 255 octets of UTF-8 is continued in the next one; no string at
    /// all is written as an empty one, for the record needs one.
    public static func txt(_ name: DomainName, _ strings: [String], ttl: UInt32) -> ResourceRecord {
        var data: [UInt8] = []
        for string in strings {
            var rest = Array(string.utf8)[...]
            repeat {
                data.append(UInt8(min(rest.count, 255)))
                data += rest.prefix(255)
                rest = rest.dropFirst(255)
            } while !rest.isEmpty
        }
        return ResourceRecord(name: name, type: .txt, ttl: ttl, data: data.isEmpty ? [0] : data)
    }

    /// An HINFO record (RFC 1035 3.3.2), which `RFC8482` as its first string makes the answer to ANY (RFC 8482 4.2).
    /// Each string is cut to 255 octets of UTF-8.
    public static func hinfo(
        _ name: DomainName, cpu: String = "RFC8482", operatingSystem: String = "", ttl: UInt32
    ) -> ResourceRecord {
        var data: [UInt8] = []
        for string in [cpu, operatingSystem] {
            let octets = string.utf8.prefix(255)
            data.append(UInt8(octets.count))
            data += octets
        }
        return ResourceRecord(name: name, type: .hinfo, ttl: ttl, data: data)
    }
}
