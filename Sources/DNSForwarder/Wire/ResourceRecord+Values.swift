public import DNSPolicy
public import Model

extension ResourceRecord {
    /// The address of an A or AAAA record of class IN (RFC 1035 3.4.1, RFC 3596 2.2); nil for another type or length.
    /// An AAAA record may hold an IPv4-mapped address.
    public var address: IPAddress? {
        guard recordClass == .internet else { return nil }
        let octets = data.span
        switch (type, octets.count) {
        case (.a, 4): return IPAddress(v4: octets.uint32(at: 0))
        case (.aaaa, 16): return IPAddress(v6: octets.uint64(at: 0), octets.uint64(at: 8))
        default: return nil
        }
    }

    /// The name an NS, CNAME, PTR or DNAME record points to (RFC 1035 3.3, RFC 6672); nil for another type or bad data.
    public var target: DomainName? {
        switch type {
        case .ns, .cname, .ptr, .dname: DomainName(wire: data.span)
        default: nil
        }
    }

    /// The fields of an SOA record; nil for another type or bad data.
    public var startOfAuthority: StartOfAuthority? { type == .soa ? StartOfAuthority(data: data) : nil }

    /// The fields of an SVCB or HTTPS record; nil for another type or bad data.
    public var serviceBinding: ServiceBinding? {
        type == .svcb || type == .https ? ServiceBinding(data: data) : nil
    }
}
